"""What an earlier run left: damaged results are set aside, and a grid may change between two runs."""

import json
import shutil

import pytest

from .conftest import BASIC, ENVIRONMENT, GRID, finished, table, write_grid

ARGUMENTS = ("run", *BASIC, "--grid", "tiny.toml", "--workers", "1", "--output", "out")


@pytest.fixture(scope="module")
def changed(bench, undisturbed, tmp_path_factory):
    """A finished run: one result is cut in half and another trial leaves the grid; then it comes back."""
    folder = tmp_path_factory.mktemp("changed")
    run = shutil.copytree(undisturbed, folder / "out")
    trials = write_grid(folder, GRID.replace("[0, 1]", "[0]"))
    path = run / "trials" / trials[0].key / "result.json"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    before = finished(run)
    narrow = bench(*ARGUMENTS, cwd=folder, **_environment())
    shutil.copytree(run, folder / "narrow")
    write_grid(folder)
    kept = finished(run)
    wide = bench(*ARGUMENTS, cwd=folder, **_environment())
    return folder, trials[0], before, narrow, kept, wide


def _environment():
    return {name: value for name, value in ENVIRONMENT.items() if name == "OMP_NUM_THREADS"}


def test_a_result_that_was_cut_in_half_is_set_aside_and_named_in_one_line(changed):
    folder, trial, _, narrow, *_ = changed
    assert narrow.returncode == 0, narrow.stderr
    (line,) = (line for line in narrow.stderr.splitlines() if "damaged" in line)
    assert f"{trial.key}/result.json.damaged is damaged and was set aside; its trial runs again" in line
    assert (folder / "narrow" / "trials" / trial.key / "result.json.damaged").is_file()


def test_only_the_damaged_trial_runs_again(changed):
    folder, trial, before, *_ = changed
    now = finished(folder / "narrow")
    assert now.keys() == before.keys()
    assert [key for key in now if now[key] != before[key]] == [trial.key]


def test_a_trial_that_left_the_grid_is_kept_and_listed_and_not_in_the_table(changed):
    folder, _, before, *_ = changed
    left = json.loads((folder / "narrow" / "run.json").read_text())["left_out"]
    shown = {row["trial"] for row in table(folder / "narrow")}
    assert len(left) == 2  # seed 1 of two models
    assert not shown & set(left)
    assert shown | set(left) == before.keys()


def test_a_trial_that_is_back_in_the_grid_is_not_run_again(changed, undisturbed):
    folder, _, _, _, kept, wide = changed
    assert wide.returncode == 0, wide.stderr
    assert finished(folder / "out") == kept
    assert json.loads((folder / "out" / "run.json").read_text())["left_out"] == []
    assert table(folder / "out") == table(undisturbed)
