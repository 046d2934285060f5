"""Frechet distances taken apart, the floor, and what measures repeat: against pandas and SciPy."""

import re

import pandas as pd
import pytest
import scipy.stats

from bench.ask.trial import Baseline
from bench.report import words
from bench.report.evidence import Evidence, floors, gather
from bench.report.findings import agreements
from bench.report.sections import chart_slopes, decomposition, generated, marks, measured

from .conftest import MakeRun, Written, ok, texts, trial

FLOOR = {"frechet_mixture": 0.02, "precision_mixture": 0.93, "recall_mixture": 0.94}
NUMBERS = pd.DataFrame(
    [
        (size, seed, 0.5 / size + 0.01 * seed, 0.7 / size + 0.03 * seed, 9.0 + seed, 0.9 + 0.02 / size)
        for size in (2, 4, 8)
        for seed in range(3)
    ],
    columns=[
        *("latent_dim", "seed", "frechet_reconstructed", "frechet_mixture", "frechet_prior"),
        "precision_mixture",
    ],
)


@pytest.fixture
def evidence(make_run: MakeRun) -> Evidence:
    """Three configurations with three seeds, and the raw pixels."""
    results = [
        ok(trial(latent_dim=int(row.latent_dim), seed=int(row.seed)), **row.drop(["latent_dim", "seed"]))
        for _, row in NUMBERS.iterrows()
    ]
    return gather(make_run([*results, ok(Baseline(dataset="digits", model="pixels"), **FLOOR)]))


def test_what_drawing_codes_adds_is_the_mean_of_differences_by_seed(evidence: Evidence) -> None:
    for one in evidence.configurations:
        seeds = NUMBERS[NUMBERS["latent_dim"] == one.settings["latent_dim"]]
        for name in decomposition.ADDED:
            apart = seeds[name] - seeds["frechet_reconstructed"]
            found = decomposition.added(one, name)
            low, high = scipy.stats.t.interval(0.95, 2, apart.mean(), scipy.stats.sem(apart))
            assert (found.mean, found.low, found.high) == pytest.approx((apart.mean(), low, high))


def test_the_table_has_multiples_of_the_floor(evidence: Evidence) -> None:
    (found,) = decomposition.decompositions(evidence)
    heads = [column.label for column in found.table.columns]
    assert heads == [
        *("Configuration", "FD, rec.", "Mixture adds", "Prior adds"),
        *("FD, rec. / floor", "FD, mixture / floor", "FD, prior / floor"),
    ]
    nearest = NUMBERS[NUMBERS["latent_dim"] == 8].mean()
    expected = [
        nearest[name] / 0.02 for name in ("frechet_reconstructed", "frechet_mixture", "frechet_prior")
    ]
    assert [cell.order for cell in found.table.rows[0].cells[4:]] == pytest.approx(expected)
    assert "Multiples are of the floor, 0.02" in found.table.note


def test_without_a_floor_there_are_no_multiples_and_the_slopes_stand(make_run: MakeRun) -> None:
    distances = {"frechet_reconstructed": 1.0, "frechet_mixture": 2.0, "frechet_prior": 3.0}
    evidence = gather(make_run([ok(trial(), **distances)]))
    (found,) = decomposition.decompositions(evidence)
    assert texts(found.table) == [["AE dense, latent 8", "1.00", "1.00", "2.00"]]
    chart = chart_slopes.draw(evidence, "digits")
    assert chart is not None and "reconstructed 1.00, mixture 2.00, prior 3.00" in chart.alt
    assert "multiples of the floor" not in chart.svg


def test_the_page_shows_chart_and_table(evidence: Evidence, written: Written) -> None:
    page = written(evidence.folder)
    assert 'id="slopes"' in page and "1 is the floor" in re.sub("<[^>]*>", "", page)
    assert '<table id="table-decomposition"' in page
    assert (evidence.folder.path / "figures" / "slopes.svg").is_file()


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("frechet_prior", "frechet_mixture"),
        ("frechet_reconstructed_second", "frechet_mixture_second"),
        ("recall_mixture", "recall_mixture"),
        ("test_mse", "test_mse"),
    ],
)
def test_the_floor_of_every_source_is_that_of_training_images(name: str, floor: str) -> None:
    assert floors.of_training(name) == floor


def stars(make_run: MakeRun, precisions: tuple[float, float], **floor: float) -> list[bool]:
    results = [
        ok(trial(latent_dim=size), precision_mixture=value)
        for size, value in zip((2, 4), precisions, strict=True)
    ]
    found = gather(make_run([*results, ok(Baseline(dataset="digits", model="pixels"), **floor)]))
    return [cell.is_best for cell in marks.marked(found.everything, "precision_mixture")][:2]


def test_none_is_best_by_a_measure_by_which_some_lie_beyond_the_floor(make_run: MakeRun) -> None:
    assert stars(make_run, (0.90, 0.98), precision_mixture=0.93) == [False, False]


def test_below_the_floor_the_best_is_marked(make_run: MakeRun) -> None:
    assert stars(make_run, (0.90, 0.92), precision_mixture=0.93) == [False, True]


def test_where_the_floor_is_not_known_the_best_is_marked(make_run: MakeRun) -> None:
    assert stars(make_run, (0.90, 0.98)) == [False, True]


def test_neighbourhoods_stand_beside_their_distance_from_the_floor(evidence: Evidence) -> None:
    (table,) = measured.tables(evidence, generated.SHEETS[1])
    at = [column.label for column in table.columns].index("Precision, mixture, %")
    shown = [row[at].replace(words.MINUS, "-") for row in texts(table)]
    assert shown == ["93.0", "90.2 ± 0.0 (-2.8)", "90.5 ± 0.0 (-2.5)", "91.0 ± 0.0 (-2.0)"]
    assert floors.NOTE in table.note


def test_the_mixture_is_said_to_repeat_reconstructions_by_their_ranks(evidence: Evidence) -> None:
    means = NUMBERS.groupby("latent_dim").mean()
    rho = scipy.stats.spearmanr(means["frechet_mixture"], means["frechet_reconstructed"]).statistic
    told = agreements.repeats(evidence, "digits")
    assert f"3 configurations with a rank correlation of {rho:.2f} (Spearman; Kendall 1.00)" in told
    assert told.endswith("repeats who reconstructs closer.")


def test_precision_that_rises_with_the_distance_is_said_to_tell_nothing(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size), frechet_mixture=1.0 * size, precision_mixture=0.9 + size / 100)
        for size in (2, 4, 8)
    ]
    assert "does not tell here who is closer" in agreements.blur(gather(make_run(results)), "digits")


def test_precision_that_falls_with_the_distance_is_left_alone(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size), frechet_mixture=1.0 * size, precision_mixture=0.9 - size / 100)
        for size in (2, 4, 8)
    ]
    assert agreements.blur(gather(make_run(results)), "digits") == ""


def in_two_spaces(make_run: MakeRun, second: tuple[float, float, float, float]) -> str:
    results = [
        ok(trial(latent_dim=size), frechet_mixture=float(size), frechet_mixture_second=value)
        for size, value in zip((2, 4, 8, 16), second, strict=True)
    ]
    return agreements.spaces(gather(make_run(results)), "digits")


def test_the_spaces_of_features_are_said_to_agree_by_their_ranks(make_run: MakeRun) -> None:
    told = in_two_spaces(make_run, (0.2, 0.3, 5.0, 60.0))
    assert "FD (mixture) 1.00 and 1.00 of 4 configurations. Who is nearer may be read from either" in told


def test_where_they_do_not_agree_that_is_said(make_run: MakeRun) -> None:
    second = (3.0, 0.2, 5.0, 60.0)
    told = in_two_spaces(make_run, second)
    found = [
        each((2, 4, 8, 16), second).statistic for each in (scipy.stats.spearmanr, scipy.stats.kendalltau)
    ]
    assert f"{found[0]:.2f} and {found[1]:.2f} of 4 configurations. Below 0.9, who is nearer hangs" in told


def test_of_one_space_nothing_is_said_of_two(evidence: Evidence) -> None:
    assert agreements.spaces(evidence, "digits") == ""
