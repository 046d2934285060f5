"""A trial measured in the middle of its training has there the numbers of a shorter one."""

import dataclasses

import pytest

from bench import errors
from bench.ask import axes, blocks, contradictions, grid, snapshots
from bench.ask import plugins as asked
from bench.keeping import tables
from bench.keeping.result import Result
from bench.report.evidence.naming import settings_of
from bench.running.execution import work
from bench.training import fit
from tests.bench.test_checkpoints import PLUGINS, EndedError, epochs, place, small
from tests.conftest import BACKEND

__all__ = ["small"]  # a fixture
pytestmark = [
    pytest.mark.skipif(BACKEND != "torch", reason="no backend has a line of its own for it"),
    pytest.mark.usefixtures("forgotten"),
]

COSTS = ("seconds", "memory")


def trial(**settings):
    block = {"model": "vae", "latent_dim": 4, "epochs": 4, **settings}
    (found,) = blocks.expand(blocks.checked({name: [value] for name, value in block.items()}), BACKEND)
    return found


def numbers(measures):
    return {name: value for name, value in measures.items() if not any(each in name for each in COSTS)}


@pytest.mark.parametrize(
    "settings",
    [{}, {"keep": "last"}, {"schedule": "0.1@1"}, {"precision": "bfloat16"}, {"binarize": "dynamic"}],
)
def test_a_snapshot_is_the_shorter_trial_and_changes_nothing_of_the_end(settings):
    whole = work.run(trial(snapshots="1 3", **settings)).result
    assert list(whole.snapshots) == ["1", "3"]
    assert numbers(whole.measures) == numbers(work.run(trial(**settings)).result.measures)
    for epoch in (1, 3):
        shorter = work.run(trial(epochs=epoch, **settings)).result
        assert numbers(whole.snapshots[str(epoch)]) == numbers(shorter.measures)


def test_where_patience_ended_before_a_snapshot_that_is_the_end():
    frozen = {"optimizer": "sgd", "learning_rate": 1e-30, "patience": 1, "model": "ae"}
    found = work.run(trial(snapshots="1 3", **frozen)).result
    assert found.snapshots["3"]["test_mse"] == found.measures["test_mse"]
    assert found.snapshots["3"]["best_epoch"] == 1


def test_what_was_taken_before_a_process_ended_is_not_taken_again(small, tmp_path, monkeypatch):
    from bench.training.checkpoint import Checkpoint

    one, kept, taken = trial(snapshots="1 2"), place(tmp_path), []

    def measure(model):
        taken.append(model.encode(small.test.images[:3]).sum())
        return {"test_mse": float(taken[-1])}

    with monkeypatch.context() as patch:
        epochs(patch, 3)
        with pytest.raises(EndedError):
            fit.fit(one, small, Checkpoint(kept, one, small.sha256), measure)
    found = fit.fit(one, small, Checkpoint(kept, one, small.sha256), measure)
    assert [one["test_mse"] for one in found.snapshots.values()] == taken and len(taken) == 2


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"snapshots": "2 4"}, "expected snapshots before the last of 4 epochs, received 4"),
        ({"snapshots": "1", "schedule": "cosine"}, "learning rate goes by the number of epochs"),
        ({"snapshots": "3 1"}, "epochs that rise"),
        ({"snapshots": "0"}, "epochs that rise"),
        ({"snapshots": "1,2"}, "epochs that rise"),
        ({"snapshots": "1e2"}, "epochs that rise"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(settings, told):
    with pytest.raises(errors.GridError, match=told) as raised:
        contradictions.check(trial(**settings))
    assert "\n" not in str(raised.value)


def test_they_are_written_in_one_way_and_are_in_no_key_where_there_are_none():
    assert snapshots.canonical(" 5  10 ") == "5 10"
    assert axes.TRAINING["snapshots"].default == snapshots.canonical("none")
    assert trial(snapshots="none").key == trial().key != trial(snapshots="1").key


def test_trials_that_differ_in_them_alone_are_one(tmp_path):
    path = tmp_path / "two.toml"
    one = '[[block]]\nmodel = "ae"\nsnapshots = ["none", "2", "1 2"]'
    path.write_text(f'[defaults]\nepochs = 4\n{one}\n[[block]]\nmodel = "ae"\nseed = [0, 1]')
    first, second = grid.load(str(path)).trials(BACKEND)
    assert (first.seed, first.snapshots) == (0, (1, 2))
    assert (second.seed, second.snapshots) == (1, ())
    assert settings_of(first) == settings_of(second)


def test_a_model_of_two_stages_has_none():
    asked.load([str(PLUGINS / "two_stage.py")])
    found = work.run(trial(model="two_stage", snapshots="1")).result
    assert found.status == "failed" and "expected a model of one stage for snapshots" in found.error


def test_they_come_back_from_a_file_and_stand_in_a_table_of_their_own():
    one = trial(snapshots="1 3")
    measures = {"test_mse": 0.1, "test_kl": None}
    result = Result(unit=one, status="ok", measures={"test_mse": 0.05}, snapshots={"1": measures})
    read = Result.from_json(result.to_json())
    assert read == result
    head, first, last = tables.snapshots_csv([read]).splitlines()
    assert head.split(",")[-2:] == ["epoch", "test_mse"]
    assert first.endswith(",1,0.1") and last.endswith(",4,0.05")
    assert tables.snapshots_csv([dataclasses.replace(read, snapshots={})]) == ""
    for bad in ({"x": measures}, {"1": {"test_mse": "0.1"}}, [1]):
        with pytest.raises((ValueError, TypeError)):
            Result.from_json({**result.to_json(), "snapshots": bad})
