"""Ctrl-C in a terminal, which every process of the run receives."""

import json

import pytest

from .conftest import finished, running, until, write_grid

LONG = """
[defaults]
latent_dim = 2
[[block]]
model = "ae"
epochs = 10
[[block]]
model = "vae"
epochs = 2
"""
ENDLESS = LONG.replace("10", "1000000")
ARGUMENTS = ("--grid", "tiny.toml", "--workers", "2", "--output", "out")


def test_ctrl_c_once_finishes_what_is_running_and_begins_nothing_more(tmp_path):
    first, _ = write_grid(tmp_path, LONG)  # the longest comes first
    with running(*ARGUMENTS, "--workers", "1", cwd=tmp_path) as driver:
        until(lambda: driver.worker_of(first), "a trial in the middle")
        driver.press_ctrl_c()
        assert driver.ends() == 130, driver.text
        until(lambda: not driver.left_behind(), "the end of every process", 60)
    assert finished(tmp_path / "out").keys() == {first.key}
    assert "Ctrl-C again stops now" in driver.text
    assert "Traceback" not in driver.text


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A driver to which Ctrl-C was pressed twice in the middle of a trial that has no end."""
    folder = tmp_path_factory.mktemp("twice")
    trials = write_grid(folder, ENDLESS)
    with running(*ARGUMENTS, cwd=folder) as driver:
        until(lambda: all(map(driver.worker_of, trials)), "a trial without an end, and one beside it")
        driver.press_ctrl_c()
        driver.waits_for("Ctrl-C again stops now")
        driver.press_ctrl_c()
        driver.ends()
        until(lambda: not driver.left_behind(), "the end of every process", 30)
    return driver


def test_ctrl_c_twice_stops_a_trial_that_has_no_end_and_leaves_no_process(twice):
    assert twice.process.returncode == 130, twice.text
    assert "finished trials are kept: the same command goes on" in twice.text
    assert "Traceback" not in twice.text


def test_a_stopped_run_records_all_workers_that_came(twice):
    (session,) = json.loads((twice.cwd / "out" / "run.json").read_text())["sessions"]
    assert session["finished"] is None
    assert session["machine"]["workers"] == 2


def test_ctrl_c_while_workers_start_ends_the_run(tmp_path):
    write_grid(tmp_path)
    with running(*ARGUMENTS, "--fresh", cwd=tmp_path) as driver:
        until(lambda: len(driver.workers()) == 2, "two workers")
        driver.press_ctrl_c()
        assert driver.ends() == 130, driver.text
        until(lambda: not driver.left_behind(), "the end of every process", 60)
    assert "leave out --fresh then" in driver.text  # else what is said to be kept would be removed
    assert "Traceback" not in driver.text
