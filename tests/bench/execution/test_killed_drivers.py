"""`kill -9` of the driver, at any moment: what was finished is kept, and the same command goes on.

By hand, with more, and with `-s`: `KILLS=10 LONGEST=60 KILLED_GRID=quick python -m pytest <this file>`.
"""

import os
import random
import subprocess

import pytest

from .conftest import BASIC, PATIENCE, Driver, finished, running, table, until, write_grid

KILLS = int(os.environ.get("KILLS", "3"))
KILLED_GRID = os.environ.get("KILLED_GRID", "tiny.toml")
# Seconds that a driver may live: to its first trial, and some way further.
LONGEST = float(os.environ.get("LONGEST", "12"))


@pytest.fixture(scope="module")
def expected(request, bench, tmp_path_factory):
    """The table of a run that nothing happened to."""
    if KILLED_GRID == "tiny.toml":
        return table(request.getfixturevalue("undisturbed"))
    folder = tmp_path_factory.mktemp("expected")
    process = bench("run", *BASIC, "--grid", KILLED_GRID, "--output", "out", cwd=folder, OMP_NUM_THREADS="1")
    assert process.returncode == 0, process.stderr
    return table(folder / "out")


def kill(driver: Driver) -> None:
    driver.process.kill()
    until(lambda: not driver.left_behind(), "the end of every process of a killed driver", 60)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose driver was killed in the middle, at random moments, and then let be."""
    folder = tmp_path_factory.mktemp("killed")
    write_grid(folder)
    arguments = ("--grid", KILLED_GRID, "--workers", "2", "--output", "out")
    chance = random.Random(7)
    kept: dict[str, int] = {}
    for count in range(KILLS + 1):
        with running(*arguments, cwd=folder) as driver:
            try:
                if count == 0:  # surely in the middle
                    until(lambda: finished(folder / "out"), f"a finished trial; {driver.text}")
                else:
                    driver.process.wait(chance.uniform(0, LONGEST) if count < KILLS else PATIENCE)
            except subprocess.TimeoutExpired:
                assert count < KILLS, f"the last driver came to no end: {driver.text}"
            kill(driver)
        now = finished(folder / "out")
        print(f"driver {count + 1}: exit {driver.process.returncode}, {len(now)} finished")
        assert {key: now.get(key) for key in kept} == kept, "a finished trial ran again, or is lost"
        assert "Traceback" not in driver.text
        kept = now
        if driver.process.returncode == 0:
            break
    assert driver.process.returncode == 0, driver.text
    return folder / "out"


def test_a_run_whose_driver_was_killed_goes_on_and_ends_in_the_same_table(run, expected):
    assert table(run) == expected


def test_a_run_whose_driver_was_killed_keeps_one_model_for_each_objective(run):
    kept = {path.parent.name for path in run.glob("trials/*/model.keras")}
    objectives = {(row["model"], row["architecture"], row["options"]) for row in table(run) if row["seed"]}
    assert len(kept) == len(objectives)


def test_a_run_whose_driver_was_killed_leaves_no_half_written_file(run):
    assert list(run.rglob("*.part")) == []
