"""What a run keeps among the temporary files is its user's alone, and goes with it, however it ends."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

import pytest

from bench.running.execution import scratch
from tests.conftest import REPOSITORY

OWNER = """
import sys, time
from bench.running.execution import scratch
with scratch.folder() as folder:
    (folder / "trial.log").write_text("half")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder for temporary files of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def owner(place: pathlib.Path) -> tuple[subprocess.Popen[str], pathlib.Path]:
    """A process that has a folder, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        env={**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, pathlib.Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_only_its_user_may_enter_the_folder_of_a_run_and_it_goes_with_the_run(place):
    with scratch.folder() as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(place.iterdir()) == []


def test_the_next_run_removes_what_a_killed_one_left_and_leaves_the_living_alone(place):
    dead, left = owner(place)
    alive, kept = owner(place)
    try:
        end(dead)
        time.sleep(1.1)  # what is younger is let be
        assert (left / "trial.log").exists()
        scratch.sweep()
        assert list(place.iterdir()) == [kept]
    finally:
        end(alive)


def test_a_log_that_nobody_writes_goes_once_nobody_can_want_it(place):
    names = ("alive", "fresh", "old")
    alive, fresh, old = (place / f"{scratch.OURS}{name}.log" for name in names)
    handle = scratch.new_log(alive)
    fresh.touch(), old.touch()
    for path in (alive, old):
        os.utime(path, (time.time() - 7200,) * 2)
    (place / "another.log").touch()
    scratch.sweep()
    os.close(handle)
    assert sorted(path.name for path in place.iterdir()) == sorted(["another.log", alive.name, fresh.name])


def test_a_link_of_somebody_else_is_neither_written_through_nor_followed(place):
    theirs = place / "theirs"
    theirs.mkdir()
    (theirs / "file").write_text("precious")
    os.utime(theirs, (0, 0))
    os.symlink(theirs / "file", place / f"{scratch.OURS}trial.log")
    os.symlink(theirs, place / f"{scratch.OURS}folder")
    with pytest.raises(FileExistsError):
        scratch.new_log(place / f"{scratch.OURS}trial.log")
    scratch.sweep()
    assert (theirs / "file").read_text() == "precious"
