"""A trial gives the same numbers wherever and whenever it runs; models are kept as was asked."""

import json

import numpy as np
import pytest

from bench import models

from .conftest import UNITS, finished, running, table, write_grid

ARGUMENTS = ("--grid", "tiny.toml", "--workers", "1")


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory):
    """The tiny grid on one worker, with all models kept, and what a second driver said meanwhile."""
    folder = tmp_path_factory.mktemp("one-worker")
    write_grid(folder)
    arguments = (*ARGUMENTS, "--save-models", "all", "--output", "out")
    with running(*arguments, cwd=folder) as driver:
        driver.waits_for(f"[1/{UNITS}]")
        with running(*arguments, cwd=folder) as second:
            second.ends()
        assert driver.ends() == 0, driver.text
    return folder / "out", driver, second


def test_a_second_driver_on_the_same_folder_is_refused_in_one_line(one_worker):
    _, _, second = one_worker
    assert second.process.returncode == 2
    assert second.text.count("\n") == 1
    assert "another run is writing to out" in second.text


def test_a_driver_is_unharmed_by_a_second_one(one_worker, undisturbed):
    run, driver, _ = one_worker
    assert f"[{UNITS}/{UNITS}]" in driver.text
    assert len(finished(run)) == UNITS
    assert not (run / ".lock").exists()


def test_trials_after_others_in_a_worker_give_the_numbers_of_a_run_without_workers(one_worker, undisturbed):
    assert table(one_worker[0]) == table(undisturbed)


def test_a_trial_alone_gives_the_numbers_it_gave_after_others(undisturbed, tmp_path):
    trial = write_grid(tmp_path)[-1]
    only = ("--only", f"model={trial.model}", "--only", f"seed={trial.seed}", "--output", "out")
    with running(*ARGUMENTS, *only, cwd=tmp_path) as driver:
        assert driver.ends() == 0, driver.text
    alone = table(tmp_path / "out")[0]
    assert alone["trial"] == trial.key
    assert alone in table(undisturbed)


def test_no_model_is_kept_where_none_was_asked_for(undisturbed):
    assert list(undisturbed.rglob("*.keras")) == []


def test_every_model_is_kept_where_all_were_asked_for_and_gives_what_was_measured(one_worker, digits):
    run, *_ = one_worker
    trials = [row for row in table(run) if row["seed"]]
    assert len(trials) == 4
    for row in trials:
        model = models.load(run / "trials" / row["trial"] / "model.keras")
        error = np.mean((model.reconstruct(digits.test.images) - digits.test.images) ** 2)
        assert error == pytest.approx(float(row["test_mse"]), rel=1e-4)


def test_the_record_says_how_many_trials_ran_beside_each_other(one_worker):
    for path in one_worker[0].glob("trials/*/result.json"):
        assert json.loads(path.read_text())["measures"]["trials_beside"] == 0
