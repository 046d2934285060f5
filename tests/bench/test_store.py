import dataclasses
import errno
import io
import json
import os
import stat

import numpy as np
import PIL.Image
import pytest

from bench import errors
from bench.ask import grid
from bench.ask.trial import PROTOCOL_VERSION
from bench.datasets import contact_sheet
from bench.keeping import known_runs
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder

TRIAL = grid.load("quick").trials("torch")[-1]
RESULT = Result(
    unit=TRIAL,
    status="ok",
    measures={"test_mse": 1 / 3, "active_units": 2, "test_kl": None},
    reasons={"test_kl": "a model without a posterior"},
)
OUTCOME = Outcome(
    result=RESULT,
    history=[{"epoch": 1.0, "loss": 0.5, "val_loss": 0.25}],
    images={"originals": np.arange(784, dtype=np.uint8).reshape(1, 28, 28, 1), "labels": np.array([3])},
)


RECORD = {"grid": {}, "command": "", "units": [], "datasets": {}, "sessions": []}


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    made = RunFolder(tmp_path / "reports" / "run")
    made.create()
    return made


def test_what_was_written_is_read_back(folder):
    folder.write(OUTCOME)
    assert folder.result(TRIAL) == RESULT
    assert folder.history(TRIAL) == OUTCOME.history
    np.testing.assert_array_equal(folder.images(TRIAL)["originals"], OUTCOME.images["originals"])


def test_a_trial_is_finished_once_its_result_is_there_and_not_before(folder, monkeypatch):
    replaced = []
    real = os.replace

    def stop_at_the_result(source, target):
        if str(target).endswith("result.json"):
            raise KeyboardInterrupt
        replaced.append(target.name)
        real(source, target)

    monkeypatch.setattr(os, "replace", stop_at_the_result)
    with pytest.raises(KeyboardInterrupt):
        folder.write(OUTCOME)
    assert replaced == ["history.csv", "images.npz"]
    assert folder.result(TRIAL) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"settings": {"model": "vae"}}',
        '"text"',
        json.dumps(RESULT.to_json() | {"key": "0"}),
        json.dumps(RESULT.to_json() | {"protocol": 99}),
        json.dumps(RESULT.to_json() | {"measures": None}),
    ],
)
def test_a_damaged_result_counts_as_not_finished(folder, content):
    folder.write(OUTCOME)
    (folder.path / "trials" / TRIAL.key / "result.json").write_text(content)
    assert folder.result(TRIAL) is None


def test_missing_history_and_damaged_pictures_are_empty(folder):
    folder.write(dataclasses.replace(OUTCOME, history=[], images={}))
    assert folder.history(TRIAL) == []
    assert folder.images(TRIAL) == {}
    folder.write_text(f"trials/{TRIAL.key}/history.csv", "epoch,loss,val_loss\n1,0.5,")
    assert folder.history(TRIAL) == []
    (folder.path / "trials" / TRIAL.key / "images.npz").write_bytes(b"cut")
    assert folder.images(TRIAL) == {}


def test_a_folder_without_a_run_is_named_in_one_line(tmp_path):
    with pytest.raises(errors.RunFolderError, match=r"is not a run folder: expected a run\.json"):
        RunFolder(tmp_path).read_run()


@pytest.mark.parametrize("content", ["", "[]", "{}", "{"])
def test_a_damaged_run_is_named_in_one_line(folder, content):
    (folder.path / "run.json").write_text(content)
    with pytest.raises(errors.RunFolderError, match=r"run\.json cannot be read"):
        folder.read_run()


def test_a_run_of_a_newer_protocol_is_refused(folder):
    folder.write_run(RECORD)
    record = json.loads((folder.path / "run.json").read_text())
    (folder.path / "run.json").write_text(json.dumps({**record, "protocol": record["protocol"] + 1}))
    with pytest.raises(
        errors.RunFolderError,
        match=f"protocol version {PROTOCOL_VERSION + 1}, this program has {PROTOCOL_VERSION}",
    ):
        folder.read_run()


def test_a_folder_that_cannot_be_written_is_named_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(errors.RunFolderError, match="choose another folder"):
        RunFolder(tmp_path / "file" / "run").create()


def test_a_folder_that_is_no_run_keeps_its_own_files(tmp_path):
    (tmp_path / "README.md").write_text("somebody else's")
    RunFolder(tmp_path).clear()
    with pytest.raises(errors.RunFolderError, match=r"is no run folder and has README\.md"):
        RunFolder(tmp_path).create()
    assert (tmp_path / "README.md").read_text() == "somebody else's"


def test_fresh_removes_the_run_and_leaves_what_is_beside_it(folder):
    folder.write_run(RECORD)
    folder.write(OUTCOME)
    (folder.path / "thesis.tex").write_text("years of work")
    folder.clear()
    assert [path.name for path in folder.path.iterdir()] == ["thesis.tex"]


def test_fresh_removes_pictures_of_data_sets_and_none_of_somebody_else(folder, digits):
    folder.write_run(RECORD)
    folder.write_bytes("data-digits.png", contact_sheet.png(digits))
    written = io.BytesIO()
    PIL.Image.new("L", (9, 9)).save(written, "PNG")
    (folder.path / "data-mine.png").write_bytes(written.getvalue())
    os.mkfifo(folder.path / "data-pipe.png")
    folder.clear()
    assert sorted(path.name for path in folder.path.iterdir()) == ["data-mine.png", "data-pipe.png"]


def test_runs_are_found_by_their_record(folder):
    folder.write_run({"grid": {}})
    (folder.path.parent / "no-run").mkdir()
    assert [run.path for run in known_runs.under(folder.path.parent)] == [folder.path]


def test_a_result_that_cannot_be_read_is_neither_missing_nor_damaged(folder):
    """A file system that fails for a moment must not cost a finished trial."""
    folder.write(Outcome(result=RESULT))
    path = folder.path / "trials" / TRIAL.key / "result.json"
    path.unlink()
    path.symlink_to(path)  # reading it fails with ELOOP, for root as well
    for look in (lambda: folder.result(TRIAL), lambda: folder.set_aside_damaged([TRIAL])):
        with pytest.raises(errors.RunFolderError, match=r"cannot read .*result\.json"):
            look()
    assert path.is_symlink()


def test_a_curve_that_is_no_text_is_left_out(folder):
    folder.write(Outcome(result=RESULT))
    (folder.path / "trials" / TRIAL.key / "history.csv").write_bytes(b"\xff\xfe\x00")
    assert folder.history(TRIAL) == []


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_file_system_may_refuse_to_sync_a_folder_and_nothing_else(folder, monkeypatch, number):
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)  # of the system, which has no such file system here
    if number == errno.EINVAL:
        assert folder.write_text("results.csv", "all").read_text() == "all"
    else:
        with pytest.raises(errors.RunFolderError, match="choose another folder"):
            folder.write_text("results.csv", "all")
