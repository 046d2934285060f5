"""`--timeout`: a trial that takes too long is ended, and can be given more time."""

import faulthandler
import json
import os
import pathlib
import tempfile

import pytest

from bench.running.execution import worker
from tests.conftest import BASELINES

from .conftest import running, table, write_grid

GRID = (
    BASELINES
    + """
[defaults]
latent_dim = 2
[[block]]
model = "ae"
epochs = 60
[[block]]
model = "vae"
epochs = 1
"""
)
ARGUMENTS = ("--grid", "tiny.toml", "--workers", "1", "--output", "out")
SHORT = 0.5  # seconds: less than 540 steps take anywhere


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """A run with far too short a limit, the rows it left, and the same run with enough time."""
    folder = tmp_path_factory.mktemp("late")
    trial, _ = write_grid(folder, GRID)
    with running(*ARGUMENTS, "--timeout", SHORT, cwd=folder) as driver:
        driver.ends()
    before = {row["trial"]: row for row in table(folder / "out")}
    result = json.loads((folder / "out" / "trials" / trial.key / "result.json").read_text())
    with running(*ARGUMENTS, "--timeout", 3600, "--retry-failed", cwd=folder) as again:
        again.ends()
    after = {row["trial"]: row for row in table(folder / "out")}
    return trial, driver, before, result, again, after


def test_a_trial_that_takes_too_long_is_a_row_with_the_stack_it_was_in(late):
    trial, _, before, result, *_ = late
    assert before[trial.key]["status"] == "timeout"
    assert "took longer than 0.5 s" in before[trial.key]["error"]
    assert "most recent call first" in result["log"]
    # In the middle of compiling it is deeper than the stack is told; where its end was lost, all are.
    is_whole = "bench/running/execution/work.py" in result["log"] or "\n  ..." in result["log"]
    assert is_whole or result["log"].count("most recent call first") > 1


def test_where_no_stack_has_the_end_by_which_it_is_known_all_are_told(monkeypatch, tmp_path):
    """It is written while its thread runs on."""
    waiting = 'Thread 0x01 (most recent call first):\n  File "threading.py", line 1 in wait\n'
    cut = 'Thread 0x02 (most recent call first):\n  File "keras/layers.py", line 7 in call\n'
    whole = cut.rstrip() + '\n  File "bench/running/execution/worker.py", line 9 in run\n'
    monkeypatch.setattr(worker, "_path", lambda log: tmp_path / log)
    for text, told in ((waiting + "\n" + cut, {"wait", "call"}), (waiting + "\n" + whole, {"call", "run"})):
        (tmp_path / "log").write_text("Timeout (0:00:00.500000)!\n" + text)
        lines = worker.read_log("log").splitlines()
        assert {line.rsplit(" ", 1)[1] for line in lines if line.startswith("  File")} == told


def test_the_others_go_on_and_the_exit_code_is_1(late):
    _, driver, before, *_ = late
    assert driver.process.returncode == 1, driver.text
    assert "Traceback" not in driver.text
    assert len(before) == 4  # two trials, mean and PCA
    assert {row["status"] for row in before.values()} <= {"ok", "timeout"}


def test_a_trial_that_took_too_long_is_ok_when_it_is_retried_with_more_time(late):
    *_, again, after = late
    assert again.process.returncode == 0, again.text
    assert {row["status"] for row in after.values()} == {"ok"}


def test_the_call_that_a_deep_stack_was_in_stands_in_the_log():
    path = pathlib.Path(tempfile.gettempdir()) / f"deep-{os.getpid()}"

    def called(left, file):
        return called(left - 1, file) if left else the_innermost_of_all(file)

    def the_innermost_of_all(file):
        faulthandler.dump_traceback(file, all_threads=False)

    with path.open("w") as file:
        called(150, file)  # more than faulthandler tells
    log = worker.read_log(path.name)
    assert "the_innermost_of_all" in log
    assert len(log.splitlines()) <= worker.LOG_LINES
