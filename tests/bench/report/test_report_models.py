"""Many models, each against the one that it builds on: one chart, and where models differ behind a fold."""

import re

import pytest

from bench.report.evidence import gather, opponents
from bench.report.sections import chart_models

from .conftest import MakeRun, ok, trial

NAMES = ("ae", "vae", "dae", "sae", "rae", "swae", "iwae")
ERRORS = dict(zip(NAMES, (0.010, 0.020, 0.0105, 0.013, 0.0102, 0.0104, 0.019), strict=True))


def results(seeds: int, errors: dict[str, float] = ERRORS):
    return [
        ok(
            trial(model=model, seed=seed),
            test_mse=error + 1e-5 * seed,
            frechet_prior=100 * error + seed / 100,
        )
        for model, error in errors.items()
        for seed in range(seeds)
    ]


def test_each_model_has_a_row_and_the_one_that_lowers_the_error_most_comes_first(make_run: MakeRun) -> None:
    evidence = gather(make_run(results(3)))
    (dataset,) = evidence.datasets
    chart = chart_models.draw(evidence, dataset, opponents.opponents(evidence, "model"))
    labels = list(dict.fromkeys(re.findall(r">([^<>]+ against [^<>]+)<", chart.svg)))
    assert labels[0] == "IWAE against VAE" and labels[-1] == "VAE against AE" and len(labels) == 6
    assert re.findall(r">(MSE|FD, prior|FD, mixture)<", chart.svg) == ["MSE", "FD, prior"]
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
