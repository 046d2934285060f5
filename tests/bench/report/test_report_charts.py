"""The charts that stand where tables stood: what they draw, what they leave out, and what they say of it."""

import itertools
import re

import pytest

from bench.ask.trial import Baseline
from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.report.blocks import drawing, spark
from bench.report.blocks.section import Figure, Fold, Tabs
from bench.report.evidence import Evidence, gather
from bench.report.sections import (
    chart_board,
    chart_budget,
    chart_forest,
    chart_losses,
    chart_ranges,
    chart_slopes,
    chart_spread,
    leaderboard,
)

from .conftest import NBSP, MakeRun, Written, ok, parse, timed, trial

IMAGES = {"train": 1280, "validation": 100, "test": 100}
DATA = {
    "digits": {"sha256": "0" * 64, "classes": ["a"], "images": IMAGES, "image_shape": [10, 10, 1]},
}


def seeds(mse: float, **settings: object) -> list:
    return [ok(trial(seed=seed, **settings), test_mse=mse * (1 + 0.001 * seed)) for seed in range(3)]


@pytest.fixture
def evidence(make_run: MakeRun) -> Evidence:
    """A base, and one setting changed at a time; PCA of two sizes."""
    results = [
        *seeds(0.010, latent_dim=8),
        *seeds(0.020, latent_dim=2),
        *seeds(0.010, latent_dim=8, activation="tanh"),
        *(ok(Baseline(dataset="digits", model="pca", latent_dim=s), test_mse=0.1 / s) for s in (2, 8)),
    ]
    return gather(make_run(results))


def test_the_board_has_rows_by_merit_groups_and_pca_of_the_same_size(evidence: Evidence) -> None:
    (board,) = (one for one in chart_board.boards(evidence, "digits") if one.measure == "test_mse")
    assert [one.settings["latent_dim"] for one in board.ones] == [8, 8, 2]
    assert [board.group(one) for one in board.ones] == [1, 1, 2]
    assert {round(level, 4) for level in board.pca.values()} == {0.05, 0.0125}
    chart = chart_board.draw(board, "")
    assert chart.alt.endswith("2 configurations may be the best.")
    assert "0.01001" in chart.alt and "0.02002" in chart.alt and "(lower is better, log axis)" in chart.svg


def test_what_is_better_when_higher_comes_first_in_its_own_order(make_run: MakeRun) -> None:
    results = [ok(trial(latent_dim=size), test_ssim=size / 10) for size in (2, 4, 8)]
    boards = {one.measure: one for one in chart_board.boards(gather(make_run(results)), "digits")}
    assert [one.settings["latent_dim"] for one in boards["test_ssim"].ones] == [8, 4, 2]
    assert not boards["test_ssim"].has_groups  # one seed


def test_of_very_many_the_best_forty_are_drawn_and_that_is_said(make_run: MakeRun) -> None:
    results = [ok(trial(latent_dim=size), test_mse=0.001 * size) for size in range(1, 71)]
    found = gather(make_run(results))
    board = chart_board.boards(found, "digits")[0]
    assert len(board.ones) == 40 and board.ones[-1].settings["latent_dim"] == 40
    assert chart_board.draw(board, "").svg.count("latent") == 40
    assert chart_board.caption(board).startswith("The best 40 of 70 configurations are drawn; the table has")
    tabs, fold = leaderboard.section(found)
    assert isinstance(tabs, Tabs)
    _, (first, forty) = tabs.tabs[0]
    assert isinstance(first, Figure) and first.charts[0].svg.count("latent") == 15
    assert isinstance(forty, Fold) and forty.title == "The best 40 in one chart"
    assert isinstance(fold, Fold) and fold.title == "All 70 rows as a table"


def test_charts_stand_in_the_page_and_in_its_twin(evidence: Evidence, written: Written) -> None:
    parse(written(evidence.folder))
    twin = (evidence.folder.path / "README.md").read_text()
    for name in ("board-test-mse", "forest", "importance-bars"):
        assert f"figures/{name}.svg" in twin
        assert (evidence.folder.path / "figures" / f"{name}.svg").read_text().startswith("<svg")


def test_the_forest_has_changes_of_the_base_and_greys_what_is_not_told(evidence: Evidence) -> None:
    first, second = chart_forest.changes(evidence.about("digits"))
    assert (first.label, second.label) == (f"latent{NBSP}2", "tanh")
    assert first.effects["ae"].is_sure and not second.effects["ae"].is_sure
    chart = chart_forest.draw(evidence, "digits")
    assert chart is not None and chart.data is not None
    assert "+100 %" in chart.alt.replace(NBSP, " ") and "1 of 2 changes told from none" in chart.alt
    assert [row.cells[0].text for row in chart.data.rows] == [f"latent{NBSP}2", "tanh"]


def test_a_setting_is_said_in_a_line_as_far_as_it_is_told(evidence: Evidence) -> None:
    found = chart_forest.changes(evidence.about("digits"))
    assert chart_forest.line(found, "latent_dim").replace(NBSP, " ") == "AE +100 % at 2, against 8"
    assert chart_forest.line(found, "activation") == ""


def test_what_lowers_the_error_most_is_told_but_for_other_aims(make_run: MakeRun) -> None:
    vae = {"model": "vae", "latent_dim": 8}
    results = [
        *seeds(0.010, latent_dim=8),
        *seeds(0.005, latent_dim=64),
        *seeds(0.002, latent_dim=8, loss="bce"),
        *seeds(0.030, **vae),
        *seeds(0.010, **vae, options=(("beta", 0.25), ("kl_warmup", 0))),
        *seeds(0.040, **{**vae, "latent_dim": 64}),
    ]
    said = chart_forest.advice(gather(make_run(results)), "digits").replace(NBSP, " ")
    assert said.startswith("AE: latent 64 in place of latent 8, \N{MINUS SIGN}50 %")
    assert said.endswith("For VAE no change is told to lower it.")
    alone = chart_forest.advice(gather(make_run(results[:6])), "digits").replace(NBSP, " ")
    assert said.startswith(alone.removesuffix(".")) and "VAE" not in alone
    assert chart_forest.advice(gather(make_run(seeds(0.01))), "digits") == ""


def test_bars_say_which_values_make_their_ends(evidence: Evidence) -> None:
    chart = chart_ranges.draw(evidence, "digits")
    assert chart is not None and ">2</text>" in chart.svg
    assert "latent size +100" in chart.alt


def test_slopes_of_many_are_a_band_with_a_few_named(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size), frechet_reconstructed=1.0, frechet_mixture=2.0 + size, frechet_prior=3.0)
        for size in range(1, 36)
    ]
    found = gather(make_run([*results, ok(Baseline(dataset="digits", model="pixels"), frechet_mixture=0.5)]))
    chart = chart_slopes.draw(found, "digits")
    assert chart is not None and "opacity" in chart.svg
    assert chart.svg.count("<circle") <= 3 * chart_slopes.MOST_NAMED
    assert "training images 0.50" in chart.alt
    assert "The band spans all" in chart_slopes.rule(found, "digits")


def test_recall_stands_against_precision_with_the_floor_as_a_cross(make_run: MakeRun) -> None:
    measured = {"precision_prior": 0.9, "recall_prior": 0.4, "frechet_prior": 3.0}
    chart = chart_spread.draw(gather(make_run([ok(trial(), **measured)])), "digits")
    assert chart is not None
    assert "precision 90 %, recall 40 %" in chart.svg and "precision 90 %, recall 40 %" in chart.alt
    assert chart_spread.draw(gather(make_run([ok(trial())])), "digits") is None


def watched(make_run: MakeRun, sizes=(2, 8), count: int = 2) -> RunFolder:
    """Trials that left a history: the larger the code, the lower the error; timed at 0.01 s a step."""
    units = [trial(latent_dim=size, epochs=3, seed=seed) for size in sizes for seed in range(count)]
    results = [ok(unit, validation_loss=1 / unit.latent_dim) for unit in units]
    folder = make_run(results, datasets=DATA)
    for unit, result in zip(units, results, strict=True):
        history = [
            {"epoch": float(e), "loss": 1.0, "val_loss": v, "val_reconstruction": v, "reconstruction": 1.0}
            for e, v in ((e, 100 * (4 - e) / unit.latent_dim + unit.seed) for e in (1, 2, 3))
        ]
        folder.write(Outcome(result=result, history=history))
        timed(folder, unit, step=0.01 * unit.latent_dim)
    return folder


def test_budget_is_epochs_times_steps_times_the_timed_step(make_run: MakeRun) -> None:
    found = chart_budget.courses(gather(watched(make_run)), "digits")
    assert [one.one.settings["latent_dim"] for one in found] == [2, 8]
    # 1280 images in batches of 128 are 10 steps of 0.02 s; the error is a sum over 100 pixels, mean of seeds.
    seconds, errors = zip(*found[0].points, strict=True)
    assert seconds == pytest.approx((0.2, 0.4, 0.6)) and errors == pytest.approx((1.505, 1.005, 0.505))
    table = chart_budget.table(gather(watched(make_run)), "digits", found)
    assert table is not None
    rows = [[cell.text.replace(NBSP, " ") for cell in row.cells[:3]] for row in table.rows]
    assert rows == [
        ["0.3 s", "AE dense, latent 2", "1"],
        ["1 s", "AE dense, latent 8", "1"],
        ["3 s", "AE dense, latent 8", "3"],
    ]
    told = (
        "In 3 s of training steps the lowest validation error is 0.13000: AE dense, latent 8, after 3 epochs "
        "in 2.4 s."
    )
    assert chart_budget.said(found, len(found)).replace(NBSP, " ") == told
    assert chart_budget.said(found, 9).replace(NBSP, " ") == (
        f"{told} 2 of 9 configurations compete: those with squared error of a fixed variance whose "
        "networks were timed."
    )
    chart = chart_budget.draw(gather(watched(make_run)), "digits", found)
    assert chart is not None and "AE dense from 1.505" in chart.alt and "log axes" in chart.svg


def test_without_timings_there_is_no_budget(make_run: MakeRun, written: Written) -> None:
    folder = make_run([ok(trial()), ok(trial(latent_dim=2))])
    assert chart_budget.courses(gather(folder), "digits") == []
    assert "I have 30 seconds" not in written(folder)


def test_losses_are_bands_over_seeds_by_objective(make_run: MakeRun) -> None:
    (chart,) = chart_losses.draw(gather(watched(make_run)))
    assert chart.data is not None
    assert "AE dense, latent 8 from 38 in epoch 1 to 13 in epoch 3" in chart.alt.replace(NBSP, " ")
    assert chart.svg.count('opacity="0.2"') >= 2  # a band a line
    assert chart.data.rows[0].cells[0].text == "1"


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.008, 0.046, [0.01, 0.02, 0.03]),
        (0.7, 900, [1, 10, 100]),
        (40, 60, [40, 50, 60]),
        (7.9, 25, [8, 10, 20]),
    ],
)
def test_ticks_of_log_axes_are_round_and_three_or_more(low: float, high: float, ticks: list[float]) -> None:
    places = drawing.Scale(low=low, high=high, start=0, end=250, is_log=True)
    assert places.ticks() == ticks


def test_labels_stand_apart_and_keep_their_order() -> None:
    found = drawing.apart([50, 51, 52, 10], 11, 0, 100)
    assert found[0] < found[1] < found[2] and found[3] == pytest.approx(10)
    assert found[1] - found[0] >= 10.9 and found[2] - found[1] >= 10.9


def test_one_measure_is_shown_at_a_time_and_another_can_be_chosen(browser, address) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    shown = opened.locator("#leaderboard .chart:visible")
    assert shown.count() == 1 and shown.get_attribute("id") == "board-test-mse"
    opened.locator("#leaderboard .tabs label").nth(1).click()
    assert shown.count() == 1 and shown.get_attribute("id") == "board-test-ssim"
    context.close()


def test_names_in_charts_are_escaped_and_visible() -> None:
    paper = drawing.Paper(width=100, height=20)
    paper.text(0, 10, "<b>&\x00", title="</text>")
    assert "&lt;b&gt;&amp;" in paper.svg() and "&lt;/text&gt;" in paper.svg()
    assert "<b>" not in paper.svg() and "\x00" not in paper.svg()


def test_a_name_and_its_number_have_room_beside_each_other_in_a_small_chart() -> None:
    long, short = ("\u03c3-VAE dense 16", 0.01, "0.01141"), ("PCA 16", 0.02, "0.02")
    svg = spark.bars("id", "alt", [long, short]).svg
    width = int(svg.split('width="')[1].split('"')[0])
    assert width >= 0.58 * 10 * len(long[0] + long[2]) + 5
    assert 'width="120"' in spark.bars("id", "alt", [short, short]).svg


def test_words_under_five_steps_of_two_panels_lie_apart(make_run: MakeRun) -> None:
    distances = {f"frechet_{name}": 2.0 for name in ("rec", "mixture", "gaussian", "kernel", "prior")}
    distances |= {chart_slopes.RECONSTRUCTED: 1.0}
    found = gather(make_run([ok(trial(model=model), **distances) for model in ("ae", "vae")]))
    svg = chart_slopes.draw(found, "digits").svg
    y = chart_slopes.HEIGHT - chart_slopes.BOTTOM + 14
    pattern = rf'<text x="([\d.]+)" y="{y}" [^>]*>([^<]*)</text>'
    words = [(float(x), 0.55 * 8.5 * len(text)) for x, text in re.findall(pattern, svg)]
    assert len(words) == 10
    for (x, width), (after, other) in itertools.pairwise(words):
        assert after - x > (width + other) / 2
