"""`--features RUN`: images are compared in the features of another run, so that distances compare."""

import shutil

import numpy as np
import pytest

from bench.compare import reading, verdicts
from bench.feature_network import FeatureNetwork
from bench.store import RunFolder

from .conftest import ENVIRONMENT, GRID, finished, table, write_grid

ONE = GRID.replace('["ae", "vae"]', '"ae"').replace("[0, 1]", "0")
RUN = ("run", "--grid", "tiny.toml", "--measures", "generation", "--workers", "0", "--output")


@pytest.fixture(scope="module")
def runs(bench, digits, tmp_path_factory):
    """A folder with a run, `mine`, and `theirs`, the same but for its classifier."""
    folder = tmp_path_factory.mktemp("features")
    write_grid(folder, ONE)
    done = bench(*RUN, "mine", cwd=folder, **ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "mine", folder / "theirs")
    path = folder / "theirs" / "features" / f"{digits.sha256[:12]}.npz"
    network = FeatureNetwork.from_bytes(path.read_bytes())
    turned = tuple(weight * np.float32(1.5) if weight.ndim == 4 else weight for weight in network.weights)
    path.write_bytes(FeatureNetwork(weights=turned, accuracy=network.accuracy).to_bytes())
    return folder


def verdicts_of(runs, before, after):
    """The verdicts on each measure, and what is said beside them."""
    found = verdicts.compare(*(reading.read(RunFolder(runs / name)) for name in (before, after)))
    kinds = {change.measure: set() for change in found.changes}
    for change in found.changes:
        kinds[change.measure].add(change.verdict)
    return kinds, " ".join(found.notes)


def test_runs_with_other_features_have_frechet_distances_that_do_not_compare(runs):
    kinds, notes = verdicts_of(runs, "mine", "theirs")
    distances = {name: kinds.pop(name) for name in verdicts.IN_FEATURES}
    assert set.union(*distances.values()) == {"not comparable"}
    assert set.union(*kinds.values()) == {"same"}
    assert "`--features mine` takes over that of the first" in notes
    kinds, notes = verdicts_of(runs, "mine", "mine")
    assert set.union(*kinds.values()) == {"same"} and not notes


def test_a_run_with_the_features_of_another_is_measured_in_them(bench, digits, runs):
    done = bench(*RUN, "new", "--features", "theirs", cwd=runs, **ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert "training the classifier" not in done.stderr
    name = f"features/{digits.sha256[:12]}.npz"
    assert (runs / "new" / name).read_bytes() == (runs / "theirs" / name).read_bytes()
    before, after = (float(table(runs / which)[0]["frechet_prior"]) for which in ("mine", "new"))
    assert abs(after / before - 1) > 0.1
    kinds, notes = verdicts_of(runs, "theirs", "new")
    assert "not comparable" not in set.union(*kinds.values()) and not notes


def test_the_same_command_goes_on(bench, runs):
    done = bench(*RUN, "new", "--features", "theirs", cwd=runs, **ENVIRONMENT)
    assert done.returncode == 0, done.stderr


def test_measures_in_two_kinds_of_features_do_not_mix(bench, runs):
    done = bench(*RUN, "mine", "--features", "theirs", cwd=runs, **ENVIRONMENT)
    assert done.returncode == 2
    assert "was measured with another classifier than that of theirs" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_run_without_a_classifier_is_one_line_and_costs_nothing_that_was_finished(bench, runs):
    shutil.copytree(runs / "mine", runs / "bare")
    shutil.rmtree(runs / "bare" / "features")
    before = finished(runs / "new")
    done = bench(*RUN, "new", "--fresh", "--features", "bare", cwd=runs, **ENVIRONMENT)
    assert done.returncode == 2
    assert "bare has no classifier of these images of digits" in done.stderr
    assert "Traceback" not in done.stderr
    assert before and finished(runs / "new") == before
