"""Rate against distortion, and the numbers that the page holds."""

import base64
import dataclasses
import gzip
import html
import itertools
import json
import re
import urllib.request

import pytest

from bench.ask.trial import Baseline
from bench.keeping import tables as keeping
from bench.report.evidence import gather
from bench.report.sections import chart_front, chart_likelihoods, downloads, effects

from .conftest import NBSP, MakeRun, ok, trial

PLACES = {2: (3.0, 0.05), 4: (5.0, 0.03), 8: (6.0, 0.04), 16: (9.0, 0.02), 32: (9.0, 0.01)}


def folder(make_run: MakeRun, sizes):
    return make_run(
        [
            ok(trial(model="vae", latent_dim=size), test_kl=PLACES[size][0], test_mse=PLACES[size][1])
            for size in sizes
        ]
    )


def test_the_front_is_what_nothing_else_beats_in_both(make_run: MakeRun) -> None:
    evidence = gather(folder(make_run, PLACES))
    best = chart_front.front(evidence.configurations)
    assert [one.settings["latent_dim"] for one in best] == [2, 4, 32]
    beaten = [one for one in evidence.configurations if one not in best]
    for one in beaten:
        rate, distortion = one.mean("test_kl"), one.mean("test_mse")
        assert any(other.mean("test_kl") <= rate and other.mean("test_mse") < distortion for other in best)
    (drawn,) = chart_front.fronts(evidence)
    assert "3 of them on the front" in drawn.chart.alt


def test_two_points_show_no_shape_and_models_without_a_posterior_have_no_place(make_run: MakeRun) -> None:
    assert chart_front.fronts(gather(folder(make_run, (2, 4)))) == ()


def test_each_chart_has_one_likelihood_and_says_which_are_left_out(make_run: MakeRun) -> None:
    others = [
        ok(trial(model="vae", latent_dim=size, loss=loss), test_kl=4.0, test_mse=0.02 + size / 1000)
        for loss, sizes in (("bce", (2, 4, 8)), ("mae", (2,)))
        for size in sizes
    ]
    squared = folder(make_run, PLACES)
    evidence = gather(make_run([*squared.results(squared.units()), *others]))
    first, second = chart_front.fronts(evidence)
    assert "5 configurations" in first.chart.alt and "3 configurations" in second.chart.alt
    assert "trade-off" in first.chart.svg and "BCE loss" in second.chart.svg
    assert chart_front.left_out(evidence).endswith("and in the table: MAE loss (1).")


def test_likelihoods_that_differ_in_what_was_learned_share_a_chart(make_run: MakeRun) -> None:
    """Of a model that learns its variance each trial has another."""
    results = [
        dataclasses.replace(
            ok(trial(model="sigma_vae", latent_dim=size), test_kl=4.0 + size, test_mse=0.02 / size),
            texts={"likelihood": f"a Gaussian whose variance is learned, {0.01 / size:.4f} here"},
        )
        for size in (2, 4, 8)
    ]
    evidence = gather(make_run(results))
    (drawn,) = chart_front.fronts(evidence)
    assert drawn.name == "A Gaussian whose variance is learned" and chart_front.left_out(evidence) == ""


def test_weights_of_the_kl_term_are_named_where_they_vary(make_run: MakeRun) -> None:
    results = [
        ok(trial(model="vae", options=(("beta", beta), ("kl_warmup", 0))), test_kl=kl, test_mse=mse)
        for beta, kl, mse in ((0.25, 16.0, 0.013), (1.0, 7.0, 0.018), (4.0, 3.0, 0.026))
    ]
    (drawn,) = chart_front.fronts(gather(make_run(results)))
    assert all(f">β{NBSP}{beta}<" in drawn.chart.svg for beta in ("0.25", "1", "4"))


def test_weights_are_a_line_beside_models_with_a_likelihood_of_their_own(make_run: MakeRun) -> None:
    swept = [
        ok(trial(model="vae", options=(("beta", beta), ("kl_warmup", 0))), test_kl=kl, test_mse=mse)
        for beta, kl, mse in ((0.01, 40.0, 0.008), (0.25, 16.0, 0.013), (1.0, 7.0, 0.018))
    ]
    other = ok(trial(model="sigma_vae"), test_kl=38.0, test_mse=0.009)
    other = dataclasses.replace(
        other, texts={"likelihood": "a Gaussian whose variance is learned, 0.01 here"}
    )
    wide = ok(trial(model="vae", latent_dim=32), test_kl=9.0, test_mse=0.017)
    evidence = gather(make_run([*swept, other, wide]))
    found = chart_likelihoods.draw(evidence, "digits")
    assert found is not None
    assert [found.chart.svg.count(f">{label}<") for label in (f"β{NBSP}0.01", f"β{NBSP}1", "σ-VAE")] == [
        1
    ] * 3
    assert "38.0" in found.chart.alt and "latent 32" not in found.chart.alt.replace(NBSP, " ")
    assert chart_likelihoods.draw(gather(make_run(swept)), "digits") is None
    assert chart_likelihoods.draw(gather(make_run([swept[0], other])), "digits") is None


def test_labels_of_weights_and_of_other_likelihoods_lie_apart_and_within_the_chart(make_run: MakeRun) -> None:
    swept = [
        ok(trial(model="vae", options=(("beta", beta), ("kl_warmup", 0))), test_kl=kl, test_mse=mse)
        for beta, kl, mse in ((0.1, 40.0, 0.0080), (0.25, 16.0, 0.013), (1.0, 7.0, 0.018))
    ]
    others = [
        dataclasses.replace(
            ok(trial(model="sigma_vae", options=(("sigma", sigma),)), test_kl=kl, test_mse=mse),
            texts={"likelihood": "a Gaussian whose variance is learned, 0.01 here"},
        )
        for sigma, kl, mse in (("shared", 39.5, 0.0078), ("optimal", 39.8, 0.0072))
    ]
    found = chart_likelihoods.draw(gather(make_run([*swept, *others])), "digits")
    assert found is not None
    pattern = (
        r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle" style="font-size:8.5px[^>]*>([^<]*)</text>'
    )
    boxes = [
        (float(x), float(y), 0.58 * 8.5 * len(text)) for x, y, text in re.findall(pattern, found.chart.svg)
    ]
    assert len(boxes) == 5
    assert all(x + width / 2 <= chart_front.WIDTH for x, _, width in boxes)
    for (x, y, width), (other_x, other_y, other) in itertools.combinations(boxes, 2):
        assert abs(x - other_x) >= (width + other) / 2 or abs(y - other_y) > 8


@pytest.mark.parametrize("name", ["results.csv", "summary.csv", "timings.csv", "results.json"])
def test_the_page_holds_the_numbers_of_every_trial(finished_run, name: str) -> None:
    page = (finished_run / "index.html").read_text()
    (uri,) = re.findall(rf'href="(data:[^"]*)" download="{re.escape(name)}"', page)
    with urllib.request.urlopen(html.unescape(uri)) as opened:
        content = opened.read()
    if name != "results.json":
        assert content == (finished_run / name).read_bytes()
    else:
        records = json.loads(content)
        assert len(records) == len((finished_run / "results.csv").read_text().splitlines()) - 1
        assert {"test_mse", "options", "latent_nmi"} <= records[0].keys()


def test_the_numbers_can_be_taken_out_of_the_page(page) -> None:
    pytest.importorskip("playwright.sync_api")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="results.csv", exact=True).click()
    assert waiting.value.suggested_filename == "results.csv"


@pytest.mark.parametrize(("axis", "sizes"), [("latent_dim", (8, 16)), ("activation", (8,))])
def test_a_table_under_charts_has_the_baselines_that_they_draw(make_run: MakeRun, axis: str, sizes) -> None:
    """PCA along the latent size; along another axis the one PCA with the latent size of all."""
    values = {"latent_dim": (8, 16), "activation": ("relu", "tanh")}[axis]
    pca = [
        ok(Baseline(dataset="digits", model="pca", latent_dim=size), test_mse=size / 1000) for size in (8, 16)
    ]
    found = effects.effects(gather(make_run([*(ok(trial(**{axis: value})) for value in values), *pca])))
    (effect,) = found
    rows = [row for row in effect.table.rows if row.is_baseline]
    assert [row.cells[2].text for row in rows] == [f"{size / 1000:.5f}" for size in sizes]
    assert effect.charts[0].svg.count("PCA") >= 1


def test_tables_of_many_trials_are_held_packed() -> None:
    results = [ok(trial(seed=seed), test_mse=0.01 + 1e-6 * seed) for seed in range(4000)]
    held = {one.name: one for one in downloads.downloads(results, ()).files}
    assert held["results.csv"].saved_as == "results.csv.gz" and held["summary.csv"].saved_as == "summary.csv"
    content = base64.b64decode(held["results.csv"].uri.split("base64,")[1])
    assert gzip.decompress(content).decode() == keeping.results_csv(results)
    assert len(content) < len(gzip.decompress(content)) / 5
