"""Frechet distances of two runs compare in the same features alone, which `--features RUN` takes over."""

import csv
import dataclasses
import pathlib
import shutil

import numpy as np
import pytest

from bench.compare import reading, verdicts
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.store import RunFolder

from .conftest import bench

ONE = """
[defaults]
dataset = "digits"
batch_size = 128
epochs = 2
[[block]]
model = "ae"
architecture = "dense"
latent_dim = 2
"""
"""A trial of the finished run."""


@pytest.fixture(scope="module")
def runs(finished_run, tmp_path_factory) -> pathlib.Path:
    """A folder with a run, `mine`, and `theirs`, the same but for its classifier."""
    folder = tmp_path_factory.mktemp("features")
    (folder / "one.toml").write_text(ONE)
    for name in ("mine", "theirs"):
        shutil.copytree(finished_run, folder / name)
    (path,) = (folder / "theirs" / "features").iterdir()
    network = FeatureNetwork.from_bytes(path.read_bytes())
    turned = tuple(weight * np.float32(1.5) if weight.ndim == 4 else weight for weight in network.weights)
    path.write_bytes(dataclasses.replace(network, weights=turned).to_bytes())
    return folder


def run(runs, output, *more):
    common = ("--grid", str(runs / "one.toml"), "--measures", "generation", "--workers", "0")
    return bench("run", *common, "--output", str(runs / output), *map(str, more))


def verdicts_of(runs, before, after):
    """The verdicts on each measure, and what is said beside them."""
    found = verdicts.compare(*(reading.read(RunFolder(runs / name)) for name in (before, after)))
    kinds: dict[str, set[str]] = {change.measure: set() for change in found.changes}
    for change in found.changes:
        kinds[change.measure].add(change.verdict)
    return kinds, " ".join(found.notes)


def test_runs_with_other_features_have_frechet_distances_that_do_not_compare(runs):
    kinds, notes = verdicts_of(runs, "mine", "theirs")
    distances = {name: kinds.pop(name) for name in verdicts.IN_FEATURES}
    assert set.union(*distances.values()) == {"not comparable"}
    assert set.union(*kinds.values()) == {"same"}
    assert "mine` takes over that of the first" in notes
    kinds, notes = verdicts_of(runs, "mine", "mine")
    assert set.union(*kinds.values()) == {"same"} and not notes


def test_a_run_with_the_features_of_another_is_measured_in_them(runs):
    done = run(runs, "new", "--features", runs / "theirs")
    assert done.returncode == 0, done.stderr
    assert "training the classifiers" not in done.stderr
    (kept,) = (runs / "new" / "features").iterdir()
    assert kept.read_bytes() == (runs / "theirs" / "features" / kept.name).read_bytes()
    with (runs / "new" / "results.csv").open(newline="") as file:
        (new,) = (row for row in csv.DictReader(file) if row["model"] == "ae")
    with (runs / "mine" / "results.csv").open(newline="") as file:
        (old,) = (row for row in csv.DictReader(file) if row["trial"] == new["trial"])
    assert new["test_mse"] == old["test_mse"]
    assert abs(float(new["frechet_prior"]) / float(old["frechet_prior"]) - 1) > 0.1
    second = [
        one.measures["frechet_prior_second"]
        for name in ("new", "mine")
        for one in RunFolder(runs / name).kept()
        if one.unit.key == new["trial"]
    ]
    assert len(second) == 2 and second[0] == second[1] > 0
    kept_record, record = (RunFolder(runs / name).read_run() for name in ("theirs", "new"))
    assert record["second_classifiers"] == kept_record["second_classifiers"]
    assert record["second_features"]["digits"] > 0.9
    kinds, notes = verdicts_of(runs, "theirs", "new")
    assert "not comparable" not in set.union(*kinds.values()) and not notes
    again = run(runs, "new", "--features", runs / "theirs")
    assert again.returncode == 0, again.stderr


def test_measures_in_two_kinds_of_features_do_not_mix(runs):
    done = run(runs, "mine", "--features", runs / "theirs")
    assert done.returncode == 2
    assert "was measured with another classifier than that of" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_run_without_a_classifier_is_one_line_and_costs_nothing_that_was_finished(runs):
    shutil.copytree(runs / "mine", runs / "bare")
    shutil.rmtree(runs / "bare" / "features")
    shutil.copytree(runs / "mine", runs / "old")
    done = run(runs, "old", "--fresh", "--features", runs / "bare")
    assert done.returncode == 2
    assert "has no classifier of these images of digits" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(RunFolder(runs / "old").kept()) == len(RunFolder(runs / "mine").kept())
