"""Many models, each against the one that it builds on: one chart, and where models differ behind a fold."""

import re

import pytest

from bench.report.evidence import gather, opponents
from bench.report.page import context
from bench.report.sections import chart_models, findings

from .conftest import NBSP, MakeRun, ok, said, tables, texts, trial

NAMES = ("ae", "vae", "dae", "sae", "rae", "swae", "iwae")
ERRORS = dict(zip(NAMES, (0.010, 0.020, 0.0105, 0.013, 0.0102, 0.0104, 0.019), strict=True))


def results(seeds: int, errors: dict[str, float] = ERRORS):
    return [
        ok(trial(model=model, seed=seed), test_mse=error + 1e-5 * seed, **distances(error, seed))
        for model, error in errors.items()
        for seed in range(seeds)
    ]


def distances(error: float, seed: int) -> dict[str, float]:
    return {"frechet_prior": 100 * error + 0.01 * seed, "frechet_mixture": 50 * error + 0.01 * seed}


def test_each_model_has_a_row_and_the_one_that_lowers_the_error_most_comes_first(make_run: MakeRun) -> None:
    evidence = gather(make_run(results(3)))
    (dataset,) = evidence.datasets
    chart = chart_models.draw(evidence, dataset, opponents.opponents(evidence, "model"))
    labels = list(dict.fromkeys(re.findall(r">([^<>]+ against [^<>]+)<", chart.svg)))
    assert labels[0] == "IWAE against VAE" and labels[-1] == "VAE against AE" and len(labels) == 6
    assert re.findall(r">(MSE|FD, prior|FD, mixture)<", chart.svg) == ["MSE", "FD, mixture", "FD, prior"]
    assert "One seed" not in chart_models.caption(evidence)


def test_one_seed_has_marks_without_intervals_and_says_so(make_run: MakeRun) -> None:
    evidence = gather(make_run(results(1)))
    (dataset,) = evidence.datasets
    chart = chart_models.draw(evidence, dataset, opponents.opponents(evidence, "model"))
    assert chart is not None and 'stroke-width="1.6"' not in chart.svg
    assert chart_models.caption(evidence).endswith("One seed: no interval can be given.")


@pytest.mark.parametrize("most", [2, 4])
def test_few_models_have_their_table_alone(make_run: MakeRun, most: int) -> None:
    evidence = gather(make_run(results(3, dict(list(ERRORS.items())[:most]))))
    (dataset,) = evidence.datasets
    assert chart_models.draw(evidence, dataset, opponents.opponents(evidence, "model")) is None


def test_of_too_few_pairs_the_verdict_is_over_seeds_and_that_is_said_once(make_run: MakeRun) -> None:
    found = context.build(make_run(results(3)))
    table = tables(found, "versus")[0]
    assert table.note.startswith("Pairs are too few for a test over settings: each is over seeds")
    assert "over seeds" in table.reading and "bootstrap" not in table.reading
    told = {row[0]: (row[1], row[2].split("; ")[1]) for row in texts(table)}
    assert told["VAE against AE"] == ("1", "worse") and told["IWAE against VAE"] == ("1", "better")
    assert "too few" not in said(found, "findings")


def test_too_few_pairs_of_one_seed_give_no_verdict_and_no_model_is_said_to_draw_none(
    make_run: MakeRun,
) -> None:
    evidence = gather(make_run(results(1)))
    table = tables(context.build(make_run(results(1))), "versus")[0]
    assert all("cannot tell" in row[2].replace(NBSP, " ") for row in texts(table))
    heads = [each.headline for each in findings.all_findings(evidence)]
    assert not any("No model" in head for head in heads)
    assert any("cannot be told" in head for head in heads)
