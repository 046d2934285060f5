"""`bench merge`: runs of several machines as one."""

import json
import pathlib
import shutil

import pytest

from bench import errors
from bench.keeping.store import RunFolder
from bench.running import merge, publication
from tests.bench import real_run


@pytest.fixture
def halves(tmp_path) -> tuple[pathlib.Path, pathlib.Path]:
    """A run of two trials and a baseline, as two machines had it: each a trial, both the baseline."""
    real_run.unpack(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    for name, left in (("a", 1), ("b", 0)):
        folder = RunFolder(tmp_path / name)
        record, units = folder.read_run(), folder.units()
        shutil.rmtree(tmp_path / name / "trials" / units[left].key)
        kept = [unit.settings() for unit in units if unit != units[left]]
        folder.write_run({**record, "units": kept})
    return tmp_path / "a", tmp_path / "b"


def joined(halves, tmp_path, say=print) -> RunFolder:
    return merge.run([str(half) for half in halves], str(tmp_path / "c"), say)


def change(folder: pathlib.Path, place: int, *path: str, value: object) -> str:
    key = RunFolder(folder).units()[place].key
    real_run.replace_in(folder / "trials" / key / "result.json", path, value)
    return key


def test_two_halves_give_the_run_they_are_halves_of(halves, tmp_path):
    whole, found = real_run.unpack(tmp_path / "whole"), joined(halves, tmp_path)
    assert [unit.key for unit in found.units()] == [unit.key for unit in whole.units()]
    for unit in whole.units():
        assert found.result(unit) == whole.result(unit)
        assert found.history(unit) == whole.history(unit)
        assert found.images(unit).keys() == whole.images(unit).keys()
    assert found.timings() == whole.timings()
    publication.publish(found)
    publication.publish(whole)
    for name in ("results.csv", "summary.csv", "timings.csv"):
        assert (found.path / name).read_bytes() == (whole.path / name).read_bytes()
    published = RunFolder(tmp_path / "published")
    publication.publish_to(published, found)
    assert len(RunFolder(published.path).results(found.units())) == 3
    assert len(found.read_run()["sessions"]) == 2 * len(whole.read_run()["sessions"])


def test_processors_may_round_otherwise_and_published_rows_have_the_trials_of_both(halves, tmp_path):
    name = "latent_knn_accuracy"
    was = RunFolder(halves[0]).results(RunFolder(halves[0]).units())[-1].measures[name]
    change(halves[1], -1, "measures", name, value=was * (1 + 1e-9))
    row = {
        **dict.fromkeys(("title", "why", "source"), "a paper"),
        **dict.fromkeys(("value", "cpu_minutes", "gpu_minutes"), 1.0),
        "where": {"model": "pca"},
        "quantity": "kl",
        "confirmed": True,
    }
    for half, backend in zip(halves, ("torch", "jax"), strict=True):
        folder = RunFolder(half)
        folder.write_run({**folder.read_run(), "published": [row | {"keys": {backend: ["0" * 12]}}]})
    found = joined(halves, tmp_path)
    assert found.result(found.units()[-1]).measures[name] == was
    assert json.loads((found.path / "run.json").read_text())["published"] == [
        row | {"keys": {"torch": ["0" * 12], "jax": ["0" * 12]}}
    ]


def test_models_and_classifiers_are_taken_along(halves, tmp_path):
    unit = RunFolder(halves[1]).units()[0]
    RunFolder(halves[1]).write_model(unit, b"model")
    found = joined(halves, tmp_path)
    assert found.model(unit) == b"model"
    sha256 = next(iter(found.read_run()["datasets"].values()))["sha256"]
    assert found.features(sha256) == RunFolder(halves[0]).features(sha256) != b""


def test_what_a_trial_cost_may_differ_and_what_came_of_it_may_not(halves, tmp_path):
    for half, seconds in zip(halves, (12.0, 123.0), strict=True):
        change(half, -1, "measures", "fit_seconds", value=seconds)
    found = joined(halves, tmp_path)
    assert found.result(found.units()[-1]).measures["fit_seconds"] == 12.0
    shutil.rmtree(tmp_path / "c")
    key = change(halves[1], -1, "measures", "test_mse", value=0.5)
    with pytest.raises(
        errors.RunFolderError, match=f"trial {key} .* has two results: test_mse .* and 0.5"
    ) as caught:
        joined(halves, tmp_path)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("failed", [0, 1])
def test_of_a_failure_and_a_finished_trial_the_finished_one_is_kept(failed, halves, tmp_path):
    change(halves[failed], -1, "status", value="failed")
    found = joined(halves, tmp_path)
    assert found.result(found.units()[-1]).status == "ok"


def test_runs_whose_numbers_do_not_compare_are_refused(halves, tmp_path):
    record = json.loads((halves[1] / "run.json").read_text())
    (dataset,) = record["datasets"]
    other = "0" * 64
    for path, value, line in (
        (("protocol",), 4, "have protocols 3 and 4"),
        (("datasets", dataset, "sha256"), other, f"have other images under the name {dataset!r}"),
        (("classifiers", dataset), other, "compare images of .* in the features of two classifiers"),
    ):
        (halves[1] / "run.json").write_text(json.dumps(record))
        real_run.replace_in(halves[1] / "run.json", path, value)
        with pytest.raises(errors.RunFolderError, match=line):
            joined(halves, tmp_path)
        assert not (tmp_path / "c").exists()


def test_a_run_is_not_written_over_and_one_alone_is_not_merged(halves, tmp_path):
    with pytest.raises(errors.RunFolderError, match="is a run already"):
        merge.run([str(half) for half in halves], str(halves[0]), print)
    with pytest.raises(errors.UsageError, match="takes two runs or more, received 1"):
        merge.run([str(halves[0])], str(tmp_path / "c"), print)


def test_other_processors_and_versions_are_said(halves, tmp_path):
    real_run.replace_in(halves[1] / "run.json", ("machine", "processor"), "another")
    real_run.replace_in(halves[1] / "run.json", ("versions", "keras"), "3.16.0")
    said: list[str] = []
    joined(halves, tmp_path, said.append)
    assert any("keras 3.15.1 and 3.16.0" in line for line in said)
    assert any("seconds of their trials do not compare" in line for line in said)
