"""Files are written whole or not at all, however many write them, and whatever happens to a writer."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from bench.keeping import files
from tests.conftest import REPOSITORY

LOOP = """
import pathlib, sys
from bench.keeping import files
path, letter = pathlib.Path(sys.argv[1]), sys.argv[2].encode()
for _ in range(150):
    files.write(path, letter * 50_000)
    text = path.read_bytes()
    assert len(text) == 50_000 and len(set(text)) == 1, "torn"
"""
HANG = """
import os, pathlib, sys, time
from bench.keeping import files
os.replace = lambda *_: (print(flush=True), time.sleep(600))
files.write(pathlib.Path(sys.argv[1]), b"half")
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY)}


def begin(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_processes_that_write_one_file_never_fail_and_never_tear_it(tmp_path):
    path = tmp_path / "results.csv"
    writers = [begin(LOOP, path, letter) for letter in "ab"]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    assert os.listdir(tmp_path) == ["results.csv"]


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "results.csv"
    files.write(path, b"before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))  # as good as a full disk
    try:
        with pytest.raises(OSError):
            files.write(path, bytes(1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert os.listdir(tmp_path) == ["results.csv"]
    assert path.read_bytes() == b"before"


@pytest.fixture
def left(tmp_path):
    """A folder in which one writer was killed before it renamed its part, and another is about to."""
    (tmp_path / "trials").mkdir()
    paths = [tmp_path / "trials" / "dead.json", tmp_path / "trials" / "alive.json"]
    writers = [begin(HANG, path) for path in paths]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline()
    writers[0].kill()
    writers[0].wait()
    time.sleep(1.1)  # what is younger is let be
    yield tmp_path
    for writer in writers:
        writer.kill()
        writer.communicate()


def names(folder):
    return [path.name.split(".")[1] for path in folder.rglob("*.part")]


def test_what_a_killed_writer_left_goes_and_what_a_living_one_writes_stays(left):
    assert sorted(names(left)) == ["alive", "dead"]
    files.sweep(left)
    assert names(left) == ["alive"]


def test_the_next_write_of_a_file_removes_what_a_killed_writer_of_it_left(left):
    for name in ("dead.json", "alive.json"):
        files.write(left / "trials" / name, b"whole")
    assert names(left) == ["alive"]
    assert (left / "trials" / "dead.json").read_bytes() == b"whole"


def test_what_a_clock_that_was_set_back_left_is_swept_too(tmp_path):
    left = tmp_path / ".result.json.abc.part"
    left.write_bytes(b"half")
    ahead = time.time() + 7200
    os.utime(left, (ahead, ahead))
    assert files.is_left_over(left)
