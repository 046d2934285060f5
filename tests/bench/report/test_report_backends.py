"""Runs on several backends: told apart, held against each other, and nowhere taken for seeds or models."""

import importlib.util
import pathlib
from collections.abc import Callable

import html5lib
import numpy as np
import pytest

from bench.ask.trial import Baseline
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.machine.backend import BACKENDS
from bench.report import evidence
from bench.report.blocks.pictures import Pictures
from bench.report.blocks.section import Tabs
from bench.report.evidence import Evidence, comparisons, gather
from bench.report.page import context
from bench.report.sections import backends, findings, origin, timings

from .conftest import MakeRun, bench, ok, timed, trial

Written = Callable[[RunFolder], str]
NBSP = "\N{NO-BREAK SPACE}"
PCA = Baseline(dataset="digits", model="pca", latent_dim=8)

GRID = """
description = "two backends"

[defaults]
dataset = "digits"
batch_size = 128
epochs = 1
latent_dim = 2
architecture = "dense"

[[block]]
model = ["ae", "vae"]
"""


def two_backends(seeds: int = 2, jax_is: float = 1.01) -> list[Result]:
    """AE and VAE with two latent sizes on torch and jax, whose errors are `jax_is` times as large."""
    return [
        ok(
            trial(backend=backend, model=model, latent_dim=size, seed=seed),
            test_mse=by * (0.02 / size + 0.001 * seed),
            fit_seconds=2.0 * by,
            validation_loss=100.0 / size / by,
        )
        for backend, by in (("torch", 1.0), ("jax", jax_is))
        for model in ("ae", "vae")
        for size in (2, 8)
        for seed in range(seeds)
    ]


def read(folder: RunFolder) -> Evidence:
    return evidence.gather(folder)


def compared(folder: RunFolder) -> backends.Comparison:
    found = backends.compare(read(folder))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (("torch",), "python -m pip install .\n"),
        (("torch", "jax"), 'python -m pip install ".[jax]"\n'),
        (("jax", "tensorflow"), 'python -m pip install ".[jax,tensorflow]"\n'),
    ],
)
def test_how_to_run_it_again_installs_its_backends(make_run: MakeRun, names: tuple[str, ...], line: str):
    results = [ok(trial(backend=name)) for name in names]
    found = gather(make_run(results, git={"commit": "1" * 40, "dirty": False}))
    assert line in origin.commands(found)


def test_names_say_the_backend_where_there_are_several(make_run: MakeRun) -> None:
    names = [one.name for one in read(make_run(two_backends())).configurations]
    assert len(names) == len(set(names)) == 8
    assert all(name.endswith((", torch", ", jax")) for name in names)


def test_one_backend_is_in_no_name_and_has_no_section(make_run: MakeRun, written: Written) -> None:
    folder = make_run([ok(trial(seed=seed)) for seed in (0, 1)])
    assert read(folder).configurations[0].name == f"AE dense, latent{NBSP}8"
    assert 'id="backends"' not in written(folder)


def test_backends_are_not_seeds(make_run: MakeRun) -> None:
    found = read(make_run([*two_backends(seeds=1), ok(PCA)]))
    assert not found.has_intervals
    assert all(len(one.results) == one.planned == 1 for one in found.everything)
    text = " ".join(one.lead + one.text for one in findings.all_findings(found))
    assert "one seed, so no interval" in text and "±" not in text


def test_pairs_and_sweeps_stay_on_one_backend(make_run: MakeRun) -> None:
    found = read(make_run(two_backends()))
    for pair in comparisons.pairs(found, "model", "ae", "vae"):
        assert pair.first.settings["backend"] == pair.second.settings["backend"]
    (sweep,) = comparisons.sweeps(found)
    assert sweep.axis == "latent_dim" and len(sweep.lines) == 4
    assert all(len({point.settings["backend"] for point in line.points}) == 1 for line in sweep.lines)


def test_models_and_settings_are_judged_on_one_backend(make_run: MakeRun) -> None:
    """On jax the validation losses are lower, and that does not make it the choice."""
    told = findings.all_findings(read(make_run([*two_backends(), ok(PCA)])))
    assert told[0].lead == (
        f"Chosen on validation: AE dense, latent{NBSP}8, torch; VAE dense, latent{NBSP}8, torch."
    )
    (about,) = (one for one in told if one.see == "backends")
    assert "found on torch alone" in about.text
    (lowest,) = (one for one in told if "owest test MSE" in one.lead)
    assert " on torch" in lowest.lead and "configurations on torch with two seeds" in lowest.text
    (versus,) = (one for one in told if one.see == "versus")
    assert "in 0 of 2 pairs" in versus.text and "jax" not in versus.text


def test_backend_with_most_to_show_is_shown(make_run: MakeRun) -> None:
    results = [
        result if result.unit.settings()["backend"] == "jax" else Result(unit=result.unit, status="failed")
        for result in two_backends()
    ]
    focus = read(make_run(results)).focus
    assert {one.settings["backend"] for one in focus.configurations} == {"jax"}


def test_pictures_are_of_one_backend_and_the_report_says_which(make_run: MakeRun, written: Written) -> None:
    results = [*two_backends(), ok(PCA)]
    folder = make_run(results)
    for result in results:
        images = np.zeros((3, 8, 8, 1), np.uint8)
        arrays = {"originals": images, "reconstructions": images, "labels": np.arange(3)}
        folder.write(Outcome(result=result, images=arrays))
    (shown,) = (one for one in context.build(folder).blocks["galleries"] if isinstance(one, Tabs))
    pictures = [one for one in dict(shown.tabs)["Reconstructions"] if isinstance(one, Pictures)]
    names = [row.title for row in pictures[0].rows]
    assert len(names) == 1 + 5 and not any("jax" in name for name in names)  # below the originals
    assert "Of the backends, torch is shown." in written(folder)


def test_table_has_every_configuration_on_every_backend(make_run: MakeRun) -> None:
    names = [row.cells[0].text for row in compared(make_run(two_backends())).table.rows]
    assert names[:2] == [f"AE dense, latent{NBSP}2, torch", f"AE dense, latent{NBSP}2, jax"]
    assert len(names) == 8


def test_difference_of_backends_is_held_against_that_of_seeds(make_run: MakeRun) -> None:
    alike = compared(make_run(two_backends(jax_is=1.01)))
    assert f"AE by 1{NBSP}% in the median" in alike.quality
    assert "no more than another seed" in alike.quality
    assert "in 0 of 4 pairs" in alike.chance
    apart = compared(make_run(two_backends(jax_is=3.0)))
    assert "more than another seed does for AE and VAE." in apart.quality


def test_one_seed_does_not_say_whether_backends_differ(make_run: MakeRun) -> None:
    found = compared(make_run(two_backends(seeds=1)))
    assert "With one seed it cannot be told" in found.quality and found.chance == ""


def test_times_that_do_not_repeat_make_no_backend_the_fastest(make_run: MakeRun) -> None:
    """Steps on torch take twice as long, which one run cannot tell; one trial of jax was fast by chance."""
    results = two_backends(jax_is=1.5)
    folder = make_run([ok(trial(), fit_seconds=1.0), ok(trial(backend="jax"), fit_seconds=1.39)])
    for result in results:
        unit = result.unit
        assert not isinstance(unit, Baseline)
        timed(folder, unit, step=0.02 if unit.backend == "torch" else 0.01)
    found = compared(folder)
    assert found.lead == "Backends, side by side."
    assert found.speed == f"Which backend is faster is not told. {timings.NOT_REPEATABLE}"
    assert "0.70 to 1.40" in found.speed and "fastest" not in found.lead + found.speed
    assert "0.70 to 1.40" in found.table.note


def test_whole_trials_are_told_apart_where_every_seed_is_far_beyond_chance(make_run: MakeRun) -> None:
    seconds = {"torch": (3.0, 4.0), "jax": (1.5, 1.6)}
    results = [
        ok(trial(backend=backend, seed=seed), fit_seconds=value)
        for backend, values in seconds.items()
        for seed, value in enumerate(values)
    ]
    told = compared(make_run(results)).speed
    assert (
        "on torch it took 2.0 to 2.5 times as long as on jax, with every seed of every configuration" in told
    )
    results[0] = ok(trial(backend="torch", seed=0), fit_seconds=2.0)  # 1.3 times
    assert "is not told" in compared(make_run(results)).speed


def test_backend_whose_trials_all_failed_leaves_nothing_to_compare(
    make_run: MakeRun, written: Written
) -> None:
    results = [ok(trial()), Result(unit=trial(backend="jax"), status="failed", error="no jax")]
    folder = make_run(results)
    assert backends.compare(read(folder)) is None
    page = written(folder)
    html5lib.HTMLParser(strict=True).parse(page)
    assert f"AE dense, latent{NBSP}8, jax, seed 0" in page  # the failure


def test_real_run_on_two_backends_is_a_report(tmp_path: pathlib.Path) -> None:
    chosen = [name for name in BACKENDS if importlib.util.find_spec(name)][:2]
    if len(chosen) < 2:
        pytest.skip("needs two backends in one environment")
    grid, folder = tmp_path / "two.toml", tmp_path / "run"
    grid.write_text(GRID)
    done = bench("run", "--grid", str(grid), "--backend", ",".join(chosen), "--output", str(folder))
    assert done.returncode == 0, done.stderr
    page = (folder / "index.html").read_text()
    html5lib.HTMLParser(strict=True).parse(page)
    for backend in chosen:
        assert f"VAE dense, latent{NBSP}2, {backend}" in page
    assert "two backends differ in test MSE" in page and "is fastest" not in page
