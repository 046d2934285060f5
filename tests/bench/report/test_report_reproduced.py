"""Published and obtained: numbers of papers beside those of a run, in words, a chart and tables."""

import html
import json
import re
import subprocess

import pytest

from bench.ask import published
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.report.evidence import gather, reproduced
from bench.report.page import context
from bench.report.sections import published as section
from bench.running import publication
from tests.bench.report.conftest import bench, ok, parse, said, tables, texts, trial
from tests.conftest import REPOSITORY, once

DATA = {"digits": {"sha256": "0" * 64, "image_shape": [28, 28, 1], "images": {"train": 9, "test": 9}}}


def vae(seed: int, **settings: object):
    return trial(model="vae", latent_dim=2, seed=seed, **settings)


def row(units, **changes: object) -> dict[str, object]:
    whole = {
        "title": "VAE, d = 2",
        "where": {"latent_dim": 2},
        "quantity": "kl",
        "value": 7.0,
        "bar": 0.1,
        "bar_of": "standard error",
        "bar_confirmed": True,
        "why": "because",
        "source": "Somebody 2018",
        "confirmed": True,
        "cpu_minutes": 1.0,
        "gpu_minutes": 1.0,
        "keys": {"torch": [unit.key for unit in units]},
    }
    return {**whole, **changes}


def made(make_run, results, *rows, missing=()) -> RunFolder:
    return make_run(results, missing, datasets=DATA, published=list(rows))


def found(folder: RunFolder) -> tuple[reproduced.Reproduced, ...]:
    return reproduced.rows(gather(folder))


def test_the_verdict_is_that_of_the_tolerance_by_bar_and_seeds(make_run):
    """Seeds 7.1 and 7.3 have the variance 0.02: 2 sqrt(0.01 + 0.02 / 2) is 0.283, and 0.2 lies inside."""
    units = [vae(0), vae(1)]
    results = [ok(units[0], test_kl=7.1), ok(units[1], test_kl=7.3)]
    folder = made(make_run, results, row(units), row(units, title="further", value=6.9))
    first, second = found(folder)
    assert first.tolerance == second.tolerance == pytest.approx(2 * (0.01 + 0.01) ** 0.5)
    assert (first.is_inside, second.is_inside) == (True, False)
    assert section.verdict(second) == "outside, 0.30 above"


@pytest.mark.parametrize(("value", "inside"), [(7.5, True), (7.51, False), (6.5, True), (6.49, False)])
def test_a_tolerance_reaches_to_either_side_and_includes_its_end(make_run, value, inside):
    units = [vae(0)]
    folder = made(make_run, [ok(units[0], test_kl=value)], row(units, tolerance=0.5))
    assert found(folder)[0].is_inside is inside


def test_what_was_not_run_failed_or_not_measured_says_so_and_is_not_counted_as_inside(make_run):
    there, gone, bad = vae(0), vae(0, epochs=99), vae(1)
    failed = Result(unit=bad, status="failed", error="ValueError: no")
    folder = made(
        make_run,
        [ok(there, test_kl=7.0), failed],
        row([there, bad], title="one seed failed"),
        row([gone], title="not run"),
        row([bad], title="failed"),
        row([there], title="no bound", quantity="negative_log_likelihood"),
        row([there], title="Inception", quantity="inception_frechet_mixture"),
        row([there], title="of tomorrow", quantity="unheard_of"),
    )
    verdicts = [section.verdict(one) for one in found(folder)]
    assert verdicts[0] == "inside; 1 of 2 did not end well"
    assert verdicts[1] == "the run has no such trial, with the settings and seeds that the row asks for"
    assert verdicts[2] == "1 of 1 did not end well"
    assert verdicts[3] == "the run was not measured with likelihood"
    assert verdicts[4].startswith("it needs features of Inception")
    assert verdicts[5] == "this program does not know the quantity"
    told = said(context.build(folder), "published")
    assert told.startswith("1 of 6 published numbers is inside its tolerance. 5 without a number of ours.")
    assert "1 number of ours lacks seeds." in told


def test_numbers_of_binarised_images_are_found_though_these_are_called_otherwise(make_run):
    unit = trial(model="vae", options=(("beta", 1.0), ("binarize", "dynamic"), ("kl_warmup", 0)))
    (one,) = found(made(make_run, [ok(unit, test_kl=7.0)], row([unit])))
    assert one.values == (7.0,)


def test_a_run_without_published_numbers_has_no_such_section(make_run):
    assert "published" not in context.build(make_run([ok(vae(0), test_kl=7.0)], datasets=DATA)).sections


def test_what_is_not_confirmed_is_marked_in_words(make_run):
    units = [vae(0)]
    rows = (
        row(units, confirmed=False),
        row(units, title="bar", bar_confirmed=False),
        row(units, title="sure"),
    )
    report = context.build(made(make_run, [ok(units[0], test_kl=7.0)], *rows))
    numbers, sources = tables(report, "published")
    assert [each[2].endswith("(not confirmed)") for each in texts(numbers)] == [True, True, False]
    assert [each[4] for each in texts(sources)] == [
        "not read in the paper or in a source that quotes it",
        "the value; the bar was not read in the paper or in a source that quotes it",
        "yes",
    ]
    assert "2 published values or bars were not read" in said(report, "published")


def test_each_backend_has_a_row_of_its_own(make_run):
    units = [vae(0), vae(0, backend="jax")]
    results = [ok(units[0], test_kl=7.0), ok(units[1], test_kl=8.0)]
    keys = {"torch": [units[0].key], "jax": [units[1].key]}
    report = context.build(made(make_run, results, row(units, keys=keys)))
    assert [each[0] for each in texts(tables(report, "published")[0])] == [
        "VAE, d = 2, torch",
        "VAE, d = 2, jax",
    ]


def test_the_chart_draws_each_number_once_and_what_lies_too_far_at_the_edge(make_run):
    units = [vae(0)]
    rows = [row(units, tolerance=0.5), row(units, title="far", value=1.0, tolerance=0.5)]
    report = context.build(made(make_run, [ok(units[0], test_kl=7.0)], *rows))
    (chart,) = next(block for block in report.blocks["published"] if block.kind == "figure").charts
    assert chart.svg.count("<circle") == 2
    assert "1 within one. Furthest off is far, by 12.00 tolerances." in chart.alt


@pytest.fixture(scope="session")
def baselines_alone(tmp_path_factory: pytest.TempPathFactory):
    """A real run that trains nothing, of a grid with three published numbers."""

    def make(folder):
        path = REPOSITORY / "tests" / "published.toml"
        done = bench("run", "--grid", str(path), "--workers", "0", "--output", str(folder / "run"))
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "published", make) / "run"


def test_a_run_keeps_its_rows_and_its_page_says_what_they_came_to(baselines_alone):
    run = json.loads((baselines_alone / "run.json").read_text())
    assert [published.from_json(one).title for one in run["published"]] == [
        "PCA-2 on [-1, 1], far off",
        "PCA-2, an image, <b>near</b>",
        "Mean image, which has no codes",
    ]
    page = (baselines_alone / "index.html").read_text(encoding="utf-8")
    parse(page)
    assert (
        "1 of 3 published numbers is inside its tolerance. 1 outside and 1 without a number of ours."
        in html.unescape(page)
    )
    assert "<b>near</b>" not in page
    text = (baselines_alone / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Autoencoders on digits") and "it has baselines alone" in text
    assert "## Published and obtained" in text
    assert re.search(r"outside, 8\.\d+ below", text)


def test_a_published_copy_keeps_the_rows_without_the_grid_file(baselines_alone, tmp_path):
    target = RunFolder(tmp_path / "copy")
    publication.publish_to(target, RunFolder(baselines_alone))
    assert len(reproduced.rows(gather(RunFolder(tmp_path / "copy")))) == 3
    assert "1 of 3 published numbers" in (tmp_path / "copy" / "README.md").read_text(encoding="utf-8")


def test_a_damaged_row_is_refused_in_one_line(baselines_alone, tmp_path):
    import shutil

    folder = shutil.copytree(baselines_alone, tmp_path / "run")
    record = json.loads((folder / "run.json").read_text())
    record["published"][0]["tolerance"] = -1
    (folder / "run.json").write_text(json.dumps(record))
    done: subprocess.CompletedProcess[str] = bench("report", str(folder))
    assert done.returncode == 2
    assert "published.0.tolerance: expected a number above 0" in done.stderr
