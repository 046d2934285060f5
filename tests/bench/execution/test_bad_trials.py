"""A trial that goes wrong is a row with its reason, and the others go on."""

import json

import pytest

from tests.conftest import BASELINES

from .conftest import finished, running, table, write_grid

KILLED_TWICE, KILLED_ONCE, TOO_LARGE, DIVERGING, GOOD = range(5)
# No machine has the memory for a code of 10^13 numbers: its allocation raises in the worker.
GRID = (
    BASELINES
    + """
[defaults]
latent_dim = 2
epochs = 2
[[block]]
model = "ae"
epochs = 1000000
[[block]]
model = "ae"
epochs = 5
[[block]]
model = "ae"
latent_dim = 10000000000000
[[block]]
model = "ae"
optimizer = "sgd"
learning_rate = 1e30
[[block]]
model = "ae"
"""
)


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """A run in which something happens to each trial but one: its trials, their rows, and its driver."""
    folder = tmp_path_factory.mktemp("bad")
    trials = write_grid(folder, GRID)
    with running("--grid", "tiny.toml", "--workers", "2", "--output", "out", cwd=folder) as driver:
        driver.kill_worker_of(trials[KILLED_TWICE])
        driver.waits_for("it is tried once more")
        driver.kill_worker_of(trials[KILLED_TWICE])
        driver.kill_worker_of(trials[KILLED_ONCE])
        driver.ends()
    rows = {row["trial"]: row for row in table(folder / "out")}
    return folder / "out", trials, [rows[trial.key] for trial in trials], driver


def result(bad, which: int):
    run, trials, *_ = bad
    return json.loads((run / "trials" / trials[which].key / "result.json").read_text())


def test_the_run_goes_on_to_its_end_with_exit_code_1(bad):
    run, _, rows, driver = bad
    assert driver.process.returncode == 1, driver.text
    assert "Traceback" not in driver.text
    assert rows[GOOD]["status"] == "ok"
    assert finished(run).keys() == {row["trial"] for row in table(run)}
    assert (run / "index.html").is_file()


def test_a_trial_whose_worker_was_killed_once_is_tried_again(bad):
    assert bad[2][KILLED_ONCE]["status"] == "ok"
    assert bad[3].text.count("it is tried once more") == 2


def test_a_trial_whose_worker_was_killed_twice_is_a_row_that_says_so(bad):
    assert bad[2][KILLED_TWICE]["status"] == "killed"
    assert "worker process died twice" in bad[2][KILLED_TWICE]["error"]
    assert result(bad, KILLED_TWICE)["data_sha256"] == result(bad, GOOD)["data_sha256"]


def test_a_trial_that_raises_is_a_row_with_its_traceback(bad):
    assert bad[2][TOO_LARGE]["status"] == "failed"
    assert bad[2][TOO_LARGE]["error"].count("\n") == 0
    assert "Traceback" in result(bad, TOO_LARGE)["traceback"]
    assert "bench/training/fit.py" in result(bad, TOO_LARGE)["traceback"]


def test_a_trial_that_diverges_is_a_row_that_names_the_epoch(bad):
    assert bad[2][DIVERGING]["status"] == "diverged"
    assert "in epoch 1" in bad[2][DIVERGING]["error"]
