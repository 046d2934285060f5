"""Timing and cost, `timings.csv`, and the models that can be taken away."""

import csv
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from bench.ask.trial import Baseline, Trial
from bench.keeping.store import RunFolder
from bench.report import evidence, words
from bench.report.sections import chart_steps, cost, keepsakes
from bench.running import publication

from .conftest import ROOT, MakeRun, ok, timed, trial

Written = Callable[[RunFolder], str]
NBSP = "\N{NO-BREAK SPACE}"


def found(folder: RunFolder) -> cost.Cost:
    told = cost.cost(evidence.gather(folder))
    assert told is not None
    return told


def test_every_network_of_a_real_run_is_timed_once(finished_run: pathlib.Path) -> None:
    told = found(RunFolder(finished_run))
    assert told.timing is not None and told.chart is not None and told.missing == ""
    names = [row.cells[0].text for row in told.timing.rows]
    assert len(names) == len(set(names)) == 8  # two seeds share a network
    text = (finished_run / "README.md").read_text()
    assert "with nothing else running, on cpu, 1 thread" in text and "figures/steps.svg" in text


def test_times_are_milliseconds_with_quartiles_and_images_a_second(make_run: MakeRun) -> None:
    folder = make_run([ok(trial(batch_size=128))])
    timed(folder, trial(batch_size=128), step=0.012)
    table = found(folder).timing
    assert table is not None
    labels = [column.label for column in table.columns]
    (row,) = table.rows
    shown = dict(zip(labels, (cell.text for cell in row.cells), strict=True))
    assert shown["Training step, ms"] == f"12{NBSP}(11\N{EN DASH}14)"
    assert shown["Training, images/s"] == "11,000"
    assert shown["Compiling, s"] == "0.50"
    assert "0.70 to 1.40" in table.note and not any(cell.is_best for cell in row.cells)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12588.0, "13,000"),
        (123.4, "120"),
        (10.72, "11"),
        (7.87, "7.9"),
        (0.0349, "0.035"),
        (0.0, "0"),
        (9.96, "10"),
    ],
)
def test_times_have_two_digits(value: float, text: str) -> None:
    assert words.two_digits(value) == text


def test_run_without_timings_says_so(make_run: MakeRun, written: Written) -> None:
    page = written(make_run([ok(trial())]))
    assert "No network of this run was timed" in page and 'id="table-timing"' not in page


def test_networks_that_are_not_timed_yet_are_counted(make_run: MakeRun) -> None:
    folder = make_run([ok(trial()), ok(trial(latent_dim=2))])
    timed(folder, trial())
    assert found(folder).missing.startswith("1 of 2 networks are timed")


def test_networks_of_an_earlier_grid_are_left_out(make_run: MakeRun) -> None:
    folder = make_run([ok(trial())])
    for unit in (trial(), trial(latent_dim=99)):
        timed(folder, unit)
    table = found(folder).timing
    assert table is not None and [row.cells[0].text for row in table.rows] == [f"AE dense, latent{NBSP}8"]


def test_chart_draws_the_networks_nearest_to_the_base(make_run: MakeRun) -> None:
    trials = [trial(latent_dim=size, activation=name) for size in range(2, 12) for name in ("relu", "tanh")]
    folder = make_run([ok(one) for one in (*trials, trial(latent_dim=2, seed=1))])
    for one in trials:
        timed(folder, one)
    told = found(folder)
    assert told.left_out.startswith(f"{chart_steps.MOST_ROWS} of 20 networks")
    assert told.chart is not None and told.chart.svg.count("latent") == chart_steps.MOST_ROWS


def test_cost_says_how_many_trials_ran_beside(make_run: MakeRun) -> None:
    told = found(make_run([ok(trial(), fit_seconds=2.0, trials_beside=3)]))
    assert "Up to 3 other trials ran at the same time as a trial" in told.beside
    assert "Ran beside" in [column.label for column in told.trials.columns]


@pytest.mark.parametrize(
    ("measures", "text"), [({}, "one after the other"), ({"trials_beside": 0}, "No trial ran beside another")]
)
def test_trials_that_ran_alone_are_said_to(make_run: MakeRun, measures: dict[str, float], text: str) -> None:
    assert text in found(make_run([ok(trial(), **measures)])).beside


def test_timings_csv_has_a_row_a_network_of_the_grid(run: RunFolder) -> None:
    timed(run, trial(latent_dim=99))
    publication.publish(run)
    rows = list(csv.DictReader((run.path / "timings.csv").read_text().splitlines()))
    assert len(rows) == 8 and {row["latent_dim"] for row in rows} == {"2", "4"}
    assert all(float(row["step_seconds_q1"]) <= float(row["step_seconds"]) for row in rows)


def test_timings_csv_is_not_written_without_timings(make_run: MakeRun) -> None:
    folder = make_run([ok(trial())])
    publication.publish(folder)
    assert not (folder.path / "timings.csv").exists()


def test_kept_models_are_linked_and_there(finished_run: pathlib.Path) -> None:
    links = re.findall(r'href="(trials/[^"]+)"', (finished_run / "index.html").read_text())
    assert len(links) == len(set(links)) == 4  # AE and VAE, dense and conv
    assert all((finished_run / link).is_file() for link in links)
    assert re.findall(r"\]\((trials/[^)]+)\)", (finished_run / "README.md").read_text()) == links


def test_run_without_kept_models_has_no_such_section(make_run: MakeRun, written: Written) -> None:
    folder = make_run([ok(trial()), ok(Baseline(dataset="digits", model="mean"))])
    assert keepsakes.keepsakes(evidence.gather(folder)) is None
    assert keepsakes.fold(evidence.gather(folder)) is None
    assert "model.keras" not in written(folder)


def test_lines_that_load_a_model_do_it(finished_run: pathlib.Path, tmp_path: pathlib.Path) -> None:
    told = keepsakes.keepsakes(evidence.gather(RunFolder(finished_run)))
    assert told is not None and "(n, 28, 28, 1)" in told.code
    images = tmp_path / "images.npy"
    np.save(images, np.zeros((3, 28, 28, 1), np.float32))
    program = f"import numpy\nimages = numpy.load({str(images)!r})\n{told.code}\nprint(codes.shape)"
    environment = {"KERAS_BACKEND": "torch", **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=finished_run, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] in ("(3, 2)", "(3, 4)")


def test_model_of_a_seed_is_told_by_its_seed(make_run: MakeRun) -> None:
    results = [ok(trial(seed=seed)) for seed in (0, 7)]
    folder = make_run(results)
    folder.write_model(results[1].unit, b"a model")
    told = keepsakes.keepsakes(evidence.gather(folder))
    assert told is not None and isinstance(results[1].unit, Trial)
    (row,) = told.table.rows
    assert row.cells[0].text == f"AE dense, latent{NBSP}8, seed 7"
    assert row.cells[-1].link == f"trials/{results[1].unit.key}/model.keras"
