"""What the report says of many pairs, ranks and settings, and where it says that it cannot tell."""

import dataclasses
import html
import math
import re
from collections.abc import Iterable, Sequence
from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from bench import report, statistics
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.report import evidence, words
from bench.report.blocks.table import Table
from bench.report.evidence import Evidence, comparisons
from bench.report.findings import about_models, influence, ranks, verdicts
from bench.report.sections import findings, sheets

from .conftest import NBSP, MakeRun, ok, texts, trial

SIZES = (2, 4, 8, 12, 16, 24, 32, 48, 64)


def read(folder: RunFolder) -> Evidence:
    return evidence.gather(folder)


def sided(leads: Iterable[float], seeds: int = 3, wobble: float = 1e-5) -> list[Result]:
    """Dense and conv with one latent size for each lead, by which conv has the lower test MSE."""
    return [
        ok(
            trial(architecture=architecture, latent_dim=size, seed=seed),
            test_mse=0.02 + size * 1e-4 - (lead if architecture == "conv" else 0) + wobble * (seed - 1),
            latent_knn_accuracy=0.8 + 0.001 * seed,
        )
        for size, lead in zip(SIZES, leads, strict=False)
        for architecture in ("dense", "conv")
        for seed in range(seeds)
    ]


def pairs(found: Evidence) -> list[comparisons.Pair]:
    return comparisons.pairs(found, "architecture", "dense", "conv")


def told(found: Evidence) -> str:
    one = about_models.against_each_other(found, "digits", "architecture", "dense", "conv", "architectures")
    assert one is not None
    return f"{one.lead} {one.text}"


# --- pairs ----------------------------------------------------------------------------------------------


def test_verdict_over_pairs_is_that_of_scipy_after_holm(make_run: MakeRun) -> None:
    found = pairs(read(make_run(sided([0.001 * i for i in range(1, 9)]))))
    leads = [fmean(math.log(a / b) for a, b in zip(*_errors(pair), strict=True)) for pair in found]
    mse, ssim, knn = verdicts.verdicts(found)
    expected = stats.permutation_test((leads,), sum, permutation_type="samples", n_resamples=1000).pvalue
    assert expected == 2 / 2**8
    assert (mse.measure, mse.comparison.p, mse.winner) == ("test_mse", expected, 1)
    assert mse.p == pytest.approx(3 * expected)  # their spread, told before, is of no account
    assert [one.comparison.p for one in (ssim, knn)] == [1, 1]
    assert [one.winner for one in (ssim, knn)] == [None, None]
    interval = statistics.bootstrap_interval(leads)
    assert mse.comparison.is_ratio and mse.p_varies is not None and statistics.is_told(mse.p_varies)
    assert mse.comparison.difference.low == pytest.approx(interval.low, abs=1e-9)


def _errors(pair: comparisons.Pair) -> tuple[list[float], list[float]]:
    return pair.first.values("test_mse"), pair.second.values("test_mse")


def test_table_of_pairs_gives_each_measure_a_verdict(make_run: MakeRun) -> None:
    found = pairs(read(make_run(sided([0.002] * 8))))
    rows = texts(verdicts.table("t", found, "Dense", "conv"))
    assert rows[0] == ["MSE", "8", "+10 % (+9.5 % to +11 %)", "0.008", "0.023", "Dense worse"]
    assert rows[-1][0] == "5-NN accuracy, %"
    assert [row[-1] for row in rows[1:]] == ["no difference shown", "no difference shown"]


def test_difference_that_holds_from_pair_to_pair_is_told_with_its_interval(make_run: MakeRun) -> None:
    text = told(read(make_run(sided([0.001 * i for i in range(1, 9)]))))
    assert text.startswith("Dense against conv: conv reconstructs closer.")
    assert "Over 8 pairs the MSE of dense against that of conv is +26 % (" in text.replace(NBSP, " ")
    assert "by sign flips p = 0.008, and 0.023 after Holm over the tests of 3 measures, which is more" in text


def test_winner_on_average_is_said_to_be_one_on_average(make_run: MakeRun) -> None:
    text = told(read(make_run(sided([0.01, 0.011, 0.012, 0.013, 0.014, 0.015, 0.016, 0.017, -0.001]))))
    assert text.startswith("Dense against conv: conv reconstructs closer on average.")


def test_difference_that_changes_sign_from_pair_to_pair_has_no_winner(make_run: MakeRun) -> None:
    text = told(read(make_run(sided([0.002, -0.002] * 4))))
    assert text.startswith("Dense against conv: how their MSE differs depends on the settings.")
    assert "after Holm over the tests of 3 measures, which chance may explain." in text
    assert "vary by more than their seeds explain (p < 0.001 after Holm); no one setting explains why." in (
        text.replace(NBSP, " ")
    )


def test_difference_that_turns_with_a_setting_names_it_and_its_two_ends(make_run: MakeRun) -> None:
    results = [
        ok(
            trial(architecture=architecture, latent_dim=size, activation=activation, seed=seed),
            test_mse=0.02 + 1e-5 * seed + (lead if architecture == "conv" else 0),
        )
        for size in (2, 4, 8, 16, 32)
        for activation, lead in (("relu", 0.002), ("tanh", -0.002))
        for architecture in ("dense", "conv")
        for seed in range(3)
    ]
    found = read(make_run(results))
    text = told(found).replace(NBSP, " ")
    assert text.startswith("Dense against conv: how their MSE differs depends on activation.")
    assert "; by activation: \N{MINUS SIGN}9.1 % with relu to +11 % with tanh." in text
    table = verdicts.table("t", pairs(found), "Dense", "conv")
    assert texts(table)[0][-1] == "depends on activation"
    assert table is not None and "MSE by activation: \N{MINUS SIGN}9.1 % with relu" in table.note.replace(
        NBSP, " "
    )


def test_where_nothing_differs_no_difference_is_shown_and_nothing_depends(make_run: MakeRun) -> None:
    noise = iter(np.random.default_rng(0).normal(scale=1e-3, size=48))
    results = [
        dataclasses.replace(one, measures={**one.measures, "test_mse": 0.02 + next(noise)})
        for one in sided([0] * 8)
    ]
    found = read(make_run(results))
    assert texts(verdicts.table("t", pairs(found), "Dense", "conv"))[0][-1] == "no difference shown"
    assert told(found).startswith("Dense against conv: over all pairs no difference of the MSE is shown.")


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        (3, "With 3 pairs the smallest p that there can be is 0.25: whether it holds"),
        (6, "With 6 pairs the smallest p that there can be is 0.031, too large for Holm over 3 measures"),
    ],
)
def test_too_few_pairs_for_any_verdict_are_said_to_be_too_few(
    make_run: MakeRun, count: int, reason: str
) -> None:
    found = read(make_run(sided([0.005] * count)))
    table = verdicts.table("t", pairs(found), "Dense", "conv")
    assert table is not None and reason in table.note
    assert {row[-1] for row in texts(table)} == {"cannot tell"}
    assert reason in told(found)
    assert told(found).startswith(
        f"Dense against conv: conv reconstructs closer in {count} of {count} pairs."
    )


def test_pairs_of_one_seed_have_neither_interval_nor_p_nor_verdict(make_run: MakeRun) -> None:
    found = read(make_run(sided([0.005] * 8, seeds=1)))
    table = verdicts.table("t", pairs(found), "Dense", "conv")
    assert texts(table)[0] == ["MSE", "8", "+30 %", words.NONE, words.NONE, "cannot tell"]
    assert table is not None and "neither interval nor test can be given" in table.note
    assert "neither interval nor test can be given" in told(found)


def test_seeds_that_only_one_side_finished_take_no_part(make_run: MakeRun) -> None:
    results = [
        one
        for one in sided([0.005] * 8)
        if one.unit.settings()["architecture"] == "dense" or one.unit.settings()["seed"] != 0
    ]
    found = pairs(read(make_run(results)))
    assert found[0].first.by_seed("test_mse").keys() == {0, 1, 2}
    by_hand = [
        fmean(
            math.log(pair.first.by_seed("test_mse")[s] / pair.second.by_seed("test_mse")[s]) for s in (1, 2)
        )
        for pair in found
    ]
    assert verdicts.verdicts(found)[0].comparison.difference.mean == pytest.approx(fmean(by_hand))


# --- ranks ----------------------------------------------------------------------------------------------


def ranked(means: Sequence[float], seeds: int = 3, wobble: float = 1e-5) -> list[Result]:
    return [
        ok(
            trial(latent_dim=size, seed=seed),
            test_mse=mean + wobble * (seed - 1),
            validation_loss=mean + wobble * seed,
        )
        for size, mean in zip(SIZES, means, strict=False)
        for seed in range(seeds)
    ]


def test_leaderboard_has_ranks_with_intervals_and_groups(make_run: MakeRun) -> None:
    table = sheets.leaderboard(read(make_run(ranked((0.01, 0.010001, 0.03)))), "digits")
    assert [column.label for column in table.columns][1:3] == ["Rank", "Group"]
    assert [row[1:3] for row in texts(table)] == [
        ["1 (1 to 2)", "1"],
        ["2 (1 to 2)", "1"],
        ["3 (3 to 3)", "2"],
    ]
    assert ranks.NOTE in table.note


def test_leaderboard_of_one_seed_has_places_and_says_why_no_groups(make_run: MakeRun) -> None:
    table = sheets.leaderboard(read(make_run(ranked((0.01, 0.02), seeds=1))), "digits")
    assert [column.label for column in table.columns][1:3] == ["Rank", "MSE"]
    assert [row[1] for row in texts(table)] == ["1", "2"]
    assert "no interval of a rank can be given" in table.note


def test_leaders_are_named_with_those_that_cannot_be_told_apart(make_run: MakeRun) -> None:
    found = ranks.leaders(read(make_run(ranked((0.01, 0.010001, 0.03)))), "digits")
    assert found is not None and found.lead == "Lowest test MSE: a group of 2."
    assert "1 is told apart from one with a lower error" in found.text
    assert (
        f"The lowest of them is AE dense, latent{NBSP}2. As good may be AE dense, latent{NBSP}4."
        in found.text
    )


def test_lowest_error_that_seeds_explain_is_no_answer(make_run: MakeRun) -> None:
    found = ranks.leaders(read(make_run(ranked((0.01, 0.0101, 0.0102), wobble=1e-3))), "digits")
    assert found is not None and found.lead == "Which has the lowest test MSE cannot be told."


def test_lowest_error_of_its_own_is_told_apart_from_all(make_run: MakeRun) -> None:
    found = ranks.leaders(read(make_run(ranked((0.01, 0.02, 0.03)))), "digits")
    assert found is not None
    assert found.lead == f"Lowest test MSE: AE dense, latent{NBSP}2, told apart from all others."


def test_lowest_error_that_spreads_wide_is_not_told_apart_from_what_lies_close(make_run: MakeRun) -> None:
    wide = [ok(trial(seed=seed), test_mse=mse) for seed, mse in enumerate((0.0091, 0.01, 0.0109))]
    close = [
        ok(trial(latent_dim=16 + i, seed=seed), test_mse=0.01301 + 1e-4 * i + 1e-6 * seed)
        for i in range(4)
        for seed in range(3)
    ]
    found = read(make_run([*wide, *close]))
    told = ranks.leaders(found, "digits")
    assert told is not None and told.lead == "Lowest test MSE: a group of 2."
    assert texts(sheets.leaderboard(found, "digits"))[0][1] == "1 (1 to 5)"


def test_a_lower_error_of_one_seed_is_named_beside_the_lowest_that_is_sure(make_run: MakeRun) -> None:
    alone = ok(trial(latent_dim=16), test_mse=0.009)
    told = ranks.leaders(read(make_run([alone, *ranked((0.01, 0.02))])), "digits")
    assert told is not None
    assert told.lead.startswith(
        f"Lowest test MSE with two seeds or more: AE dense, latent{NBSP}2, though not"
    )
    assert f"Lower still, with one seed that tells nothing: AE dense, latent{NBSP}16." in told.text


def test_one_seed_has_no_leaders(make_run: MakeRun) -> None:
    assert ranks.leaders(read(make_run(ranked((0.01, 0.02), seeds=1))), "digits") is None


def test_choice_that_validation_does_not_settle_is_said_to_be_close(make_run: MakeRun) -> None:
    found = about_models.chosen_on_validation(read(make_run(ranked((0.01, 0.010001, 0.03)))), "digits")
    assert found is not None
    assert f"As good may be, by validation loss, for AE dense, latent{NBSP}2 1 of 2 rivals." in found.text


@pytest.mark.parametrize(("seeds", "second"), [(1, 0.010001), (3, 0.02)])
def test_choice_by_one_seed_or_far_from_its_rivals_is_not_called_close(
    make_run: MakeRun, seeds: int, second: float
) -> None:
    run = read(make_run(ranked((0.01, second), seeds=seeds)))
    found = about_models.chosen_on_validation(run, "digits")
    assert found is not None and "may be as good" not in found.text


# --- page -----------------------------------------------------------------------------------------------


def test_page_and_markdown_have_the_same_verdicts_ranks_and_effects(make_run: MakeRun) -> None:
    folder = make_run(sided([0.001 * i for i in range(1, 9)]))
    page = html.unescape(report.write(folder).read_text(encoding="utf-8"))
    text = html.unescape((folder.path / "README.md").read_text(encoding="utf-8"))
    found = read(folder)
    shown: list[Table | None] = [
        verdicts.table("t", pairs(found), "Dense", "conv"),
        sheets.leaderboard(found, "digits"),
        influence.range_table(found, "digits"),
        *(influence.effect_table(sweep, found.base) for sweep in comparisons.sweeps(found)),
    ]
    plain = " ".join(re.sub(r"\\(.)", r"\1", text).split())
    flat = " ".join(re.sub(r"</?small>", "", page).split())
    for table in shown:
        assert table is not None
        assert f'id="{table.id}"' in page or table.id == "t"
        for row in table.rows:
            for cell in row.cells:
                shown_text = " ".join(cell.text.split())
                assert shown_text in plain and shown_text in flat
    leads = [" ".join(one.lead.split()) for one in findings.all_findings(found)]
    assert all(lead in flat and lead in plain for lead in leads)


def test_run_of_two_data_sets_is_told_of_each(make_run: MakeRun) -> None:
    results = [
        ok(
            trial(dataset=dataset, latent_dim=size, activation=activation, seed=seed),
            test_mse=mse + seed * 1e-6,
        )
        for dataset, scale in (("digits", 1.0), ("mnist", 2.0))
        for size, activation, mse in ((2, "relu", 0.02 * scale), (8, "relu", 0.01), (8, "tanh", 0.011))
        for seed in range(2)
    ]
    folder = make_run(results)
    page = report.write(folder).read_text(encoding="utf-8")
    for name in ("importance", "main-effect-latent_dim", "effect-activation"):
        assert f'id="table-{name}-1"' in page and f'id="table-{name}-2"' in page
    assert "What moves the MSE after 10 epochs farthest on MNIST: latent size" in page
