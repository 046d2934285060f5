"""A training whose process is ended goes on from its last whole epoch, with the same numbers."""

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from bench.ask import blocks
from bench.ask import plugins as asked
from bench.keeping import checkpoints
from bench.keeping.checkpoints import FOLDER, Checkpoints, Place
from bench.keeping.store import RunFolder
from bench.training import checkpoint, fit, stage
from bench.training.checkpoint import Checkpoint
from tests.conftest import BACKEND, REPOSITORY

PLUGINS = REPOSITORY / "tests" / "plugins"
CASES = {
    "ae": {},
    "vae": {"model": "vae", "kl_warmup": 20, "architecture": "conv"},
    "schedule": {"model": "vae", "schedule": "cosine"},
    "keras optimiser": {"optimizer": "rmsprop"},
    "normed gradients": {"optimizer": "adamnormgrad"},
    "binarised": {"model": "vae", "binarize": "dynamic", "loss": "bce"},
    "last": {"keep": "last", "train_on": "all"},
    "bfloat16": {"precision": "bfloat16"},
    "vq": {"model": "vq"},
    "two_stage": {"model": "two_stage"},
}
EVERYWHERE = ("vae", "keras optimiser", "normed gradients", "two_stage")  # of each loop all that it keeps
on_one = pytest.mark.skipif(BACKEND != "torch", reason="no loop has a line of its own for it")


pytestmark = pytest.mark.usefixtures("forgotten")


class EndedError(Exception):
    """In place of a signal."""


@pytest.fixture
def small(digits):
    def some(part, count):
        return dataclasses.replace(part, images=part.images[:count], labels=part.labels[:count])

    return dataclasses.replace(digits, train=some(digits.train, 300), validation=some(digits.validation, 60))


def trial(**settings):
    for name in ("vq", "two_stage"):
        asked.load([str(PLUGINS / f"{name}.py")])
    block = {"model": "ae", "latent_dim": 4, "epochs": 3, "batch_size": 64, **settings}
    (found,) = blocks.expand(blocks.checked({name: [value] for name, value in block.items()}), BACKEND)
    return found


def place(folder, seconds=0.0):
    return Checkpoints(RunFolder(folder), seconds).place


def epochs(monkeypatch, end_before=None):
    """Counts the epochs that are trained, and ends the training before one of them."""
    counted, run = [], stage._run_epoch

    def counting(loop, epoch, order, *, watches):
        if len(counted) + 1 == end_before:
            raise EndedError
        counted.append(epoch)
        return run(loop, epoch, order, watches=watches)

    monkeypatch.setattr(stage, "_run_epoch", counting)
    return counted


def numbers(training):
    rows = [{name: value for name, value in row.items() if name != "seconds"} for row in training.history]
    return rows, training.best_epoch, training.validation_loss


@pytest.mark.parametrize("name", CASES if BACKEND == "torch" else EVERYWHERE)
@pytest.mark.parametrize("last", [1, 2] if BACKEND == "torch" else [2])
def test_it_goes_on_bit_for_bit(name, last, small, tmp_path, monkeypatch):
    one = trial(**CASES[name])
    whole = fit.fit(one, small)
    kept = place(tmp_path)
    end = last + 1 + (one.epochs if name == "two_stage" else 0)  # in its second stage
    with monkeypatch.context() as patch:
        epochs(patch, end)
        with pytest.raises(EndedError):
            fit.fit(one, small, Checkpoint(kept, one, small.sha256))
    with monkeypatch.context() as patch:
        counted = epochs(patch)
        again = fit.fit(one, small, Checkpoint(kept, one, small.sha256))
    assert counted == list(range(last + 1, one.epochs + 1))
    assert numbers(again) == numbers(whole)
    for a, b in zip(again.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.array_equal(a, b)


def begun(one, small, folder, monkeypatch):
    """A checkpoint of two epochs; its file."""
    kept = place(folder)
    with monkeypatch.context() as patch:
        epochs(patch, 3)
        with pytest.raises(EndedError):
            fit.fit(one, small, Checkpoint(kept, one, small.sha256))
    return kept, kept.path(one.key)


@on_one
@pytest.mark.parametrize("damage", ["cut", "empty", "other trial", "other data", "other shapes", "bad state"])
def test_what_does_not_fit_is_not_taken(damage, small, tmp_path, monkeypatch):
    one = trial(model="vae")
    whole = fit.fit(one, small)
    kept, path = begun(one, small, tmp_path, monkeypatch)
    sha256 = "0" * 64 if damage == "other data" else small.sha256
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other trial":
        other = dataclasses.replace(one, seed=7)
        path.rename(kept.path(other.key))
        one, whole = other, fit.fit(other, small)
    elif damage in ("other shapes", "bad state"):
        state = checkpoint._parsed(content)
        if damage == "other shapes":
            state.arrays["root/0"] = np.zeros(3, "float32")
        else:
            state.told["generators"]["shuffling"] = {"bit_generator": "PCG64", "state": "?"}
        state.told.pop("identity")
        Checkpoint(kept, one, sha256).write(state)
    counted = epochs(monkeypatch)
    again = fit.fit(one, small, Checkpoint(kept, one, sha256))
    assert counted == [1, 2, 3]
    assert numbers(again) == numbers(whole)


@on_one
def test_the_state_of_a_large_network_comes_back(small, tmp_path):
    found = Checkpoint(place(tmp_path), trial(), small.sha256)
    large = np.zeros(70_000_000, "float32")  # more than pictures of a trial may take
    found.write(checkpoint.State(told={}, arrays={"root/0": large}))
    state = found.read()
    assert state is not None and state.arrays["root/0"].nbytes == large.nbytes


@on_one
def test_a_training_that_is_soon_over_writes_nothing(small, tmp_path):
    one, kept = trial(), place(tmp_path, 300.0)
    fit.fit(one, small, Checkpoint(kept, one, small.sha256))
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["mark"]


@on_one
def test_who_does_not_see_the_disk_of_the_driver_keeps_nothing_and_says_so(small, tmp_path):
    one, seen = trial(), place(tmp_path)
    for other in (
        dataclasses.replace(seen, mark="of another disk"),
        Place(folder=str(tmp_path / "nowhere"), mark=seen.mark, seconds=0.0),
    ):
        found = Checkpoint(other, one, small.sha256)
        fit.fit(one, small, found)
        assert found.problem == "workers see no disk of the driver"
    assert [path.name for path in tmp_path.rglob("*")] == [FOLDER, "mark"]


@on_one
@on_one
def test_what_a_killed_driver_left_is_swept_unless_a_trial_needs_it(tmp_path):
    run = RunFolder(tmp_path)
    kept = place(tmp_path)
    kept.path("0123456789ab").write_bytes(b"half of a training")
    checkpoints.sweep(run)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["0123456789ab.npz"]
    kept.path("0123456789ab").unlink()
    checkpoints.sweep(run)
    assert not (tmp_path / FOLDER).exists()


@on_one
def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FOLDER).symlink_to(tmp_path / "elsewhere")
    found = Checkpoints(RunFolder(tmp_path / "run"), 0.0)
    assert found.place is None and "leads out of" in found.problem
    assert not list((tmp_path / "elsewhere").iterdir())


LONG = '[[block]]\nmodel = "vae"\nlatent_dim = 4\nepochs = 60\n'


def command(folder, *more, **streams):
    (folder.parent / "long.toml").write_text(LONG)
    asked = ("--grid", "long.toml", "--measures", "basic", "--output", str(folder))
    words = [sys.executable, "-m", "bench", "run", *asked, *more]
    about = {**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": BACKEND, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(words, cwd=folder.parent, env=about, start_new_session=True, **streams)


def result(folder):
    for path in folder.glob("trials/*/result.json"):
        found = json.loads(path.read_text())
        if found["settings"]["model"] == "vae":
            costs = ("seconds", "memory", "beside")
            measures = {k: v for k, v in found["measures"].items() if not any(each in k for each in costs)}
            return measures, path.parent
    return None


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert command(folder, "--workers", "0").wait() == 0
    assert not (folder / FOLDER).exists()
    return folder


@on_one
@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_that_is_killed_goes_on_in_the_middle_of_a_trial(workers, whole, tmp_path):
    folder = tmp_path / "run"
    process = command(folder, "--workers", workers, "--checkpoint", "0")
    deadline = time.monotonic() + 120
    while not (kept := list(folder.glob(f"{FOLDER}/*.npz"))) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert result(folder) is None, "it was over before it could be killed"
    before = checkpoint._parsed(kept[0].read_bytes()).told["history"]
    again = command(folder, "--workers", workers, "--checkpoint", "0", stderr=subprocess.PIPE)
    said = again.communicate()[1].decode()
    assert again.returncode == 0 and f"went on after epoch {len(before)}, where its process" in said, said
    (found, trial_folder), (expected, _) = result(folder), result(whole)
    assert found == expected
    with open(trial_folder / "history.csv", newline="") as file:
        seconds = [row["seconds"] for row in csv.DictReader(file)]
    assert seconds[: len(before)] == [f"{row['seconds']:.9g}" for row in before]  # not trained again
    assert not (folder / FOLDER).exists()
