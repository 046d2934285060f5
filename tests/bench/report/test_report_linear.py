"""Models that pay for their code beside the linear optimum of their objective; all others beside PCA."""

import dataclasses

import numpy as np
import pytest

from bench.ask.trial import Baseline
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report.evidence import gather
from bench.report.findings import about_linear, about_pca
from bench.report.sections import chart_front, effects, findings, galleries, made_of, marks, sheets

from .conftest import NBSP, MakeRun, Written, ok, trial

PCA = ok(Baseline(dataset="digits", model="pca", latent_dim=8), test_mse=0.02)


def linear(size: int = 8, beta: float = 1.0, mse: float = 0.025, kl: float = 9.0) -> Result:
    options = (("beta", beta),)
    unit = Baseline(dataset="digits", model="linear_vae", latent_dim=size, options=options)
    return ok(unit, test_mse=mse, test_kl=kl)


def vae(mse: float, kl: float, beta: float = 1.0, seeds: int = 2, **settings: object) -> list[Result]:
    options = (("beta", beta), ("kl_warmup", 0))
    return [
        ok(trial(model="vae", options=options, seed=seed, **settings), test_mse=mse + 1e-5 * seed, test_kl=kl)
        for seed in range(seeds)
    ]


THAN = "than the linear optimum of the same objective at no more nats."


def told(make_run: MakeRun, *results: Result) -> tuple[str, str]:
    found = about_linear.against_linear(gather(make_run(results)), "digits")
    assert found is not None
    return found.lead, found.text


def test_a_model_that_is_closer_at_no_more_nats_beats_it(make_run: MakeRun) -> None:
    lead, text = told(make_run, *vae(0.02, 7.5), linear(), PCA)
    assert lead == f"1 of 1 has a lower MSE {THAN}"
    assert f"at 7.50 ± 0.00{NBSP}nats against 0.02500 at 9.00{NBSP}nats of the linear VAE" in text.replace(
        f"{NBSP}±{NBSP}", " ± "
    )
    assert "Of 1 configuration there is 1 with a lower MSE at no more nats." in text


def test_a_model_that_is_closer_at_more_nats_is_not_said_to_beat_it(make_run: MakeRun) -> None:
    lead, text = told(make_run, *vae(0.02, 9.5), *vae(0.03, 9.5, activation="tanh"), linear())
    assert lead == f"0 of 2 have a lower MSE {THAN}"
    assert "there are 0 with a lower MSE at no more nats, 1 with a lower MSE at more nats and 1 worse" in text
    assert "1 worse in both." in text


def test_seeds_that_lie_on_both_sides_do_not_beat_it(make_run: MakeRun) -> None:
    results = [*vae(0.0201, 7.0, seeds=1), ok(trial(model="vae", seed=1), test_mse=0.0299, test_kl=7.0)]
    lead, text = told(make_run, *results, linear())
    assert (
        lead.startswith("0 of 1 have")
        and "which may be chance" in text
        and "or with one that may be chance" in text
    )


def test_each_is_held_against_the_optimum_of_its_own_weight_and_size(make_run: MakeRun) -> None:
    results = [*vae(0.02, 7.0), *vae(0.012, 20.0, beta=0.25), *vae(0.028, 5.0, latent_dim=2)]
    found = gather(
        make_run(
            [*results, linear(), linear(beta=0.25, mse=0.015), linear(size=2, mse=0.04), linear(beta=4.0)]
        )
    )
    errors = [
        (one.settings["beta"], one.mean("test_mse"))
        for each in found.configurations
        if (one := found.linear(each))
    ]
    assert errors == [(1.0, 0.025), (0.25, 0.015), (1.0, 0.04)]
    text = about_linear.against_linear(found, "digits")
    assert text is not None and "A smaller β buys detail with nats" in text.text


@pytest.mark.parametrize("settings", [{"loss": "bce"}, {"model": "ae"}])
def test_what_has_no_linear_optimum_is_held_against_none(make_run: MakeRun, settings: dict[str, str]) -> None:
    one = ok(trial(**{"model": "vae", **settings}), test_mse=0.02, test_kl=3.0)
    found = gather(make_run([one, linear(), PCA]))
    assert found.linear(found.configurations[0]) is None
    assert about_linear.against_linear(found, "digits") is None


def test_pca_is_the_line_for_free_codes_alone(make_run: MakeRun) -> None:
    found = gather(make_run([*vae(0.03, 3.0), ok(trial(), test_mse=0.01), PCA]))
    one = about_pca.against_pca(found, "digits")
    assert one is not None and "VAE dense" not in one.text and about_pca.NO_LINE_TO_BEAT in one.text
    assert about_pca.against_pca(gather(make_run([*vae(0.03, 3.0), PCA])), "digits") is None
    plain = about_pca.against_pca(gather(make_run([ok(trial()), PCA])), "digits")
    assert plain is not None and about_pca.NO_LINE_TO_BEAT not in plain.text


def test_an_ae_that_loses_to_pca_is_said_to_lose(make_run: MakeRun) -> None:
    found = about_pca.against_pca(gather(make_run([ok(trial(), test_mse=0.03), PCA])), "digits")
    assert found is not None and found.lead == "PCA is not beaten."


def test_a_run_that_is_older_than_it_says_nothing_of_it(make_run: MakeRun) -> None:
    found = gather(make_run([*vae(0.03, 3.0), PCA]))
    assert about_linear.against_linear(found, "digits") is None
    assert not any("linear VAE" in one.text for one in findings.all_findings(found))


def test_charts_draw_the_optimum_of_each_weight_beside_models_that_pay(make_run: MakeRun) -> None:
    betas = ((1.0, 0.02, 7.0), (4.0, 0.03, 3.0))
    results = [one for beta, mse, kl in betas for one in vae(mse, kl, beta)]
    optima = [linear(beta=beta, mse=mse + 0.01, kl=kl) for beta, mse, kl in betas]
    (effect,) = effects.effects(gather(make_run([*results, *optima, PCA])))
    assert [row.cells[2].text for row in effect.table.rows if row.is_baseline] == ["0.03000", "0.04000"]
    assert "Linear VAE" in effect.charts[0].svg or "linear VAE" in effect.charts[0].svg
    assert "PCA" not in effect.charts[0].svg and "the linear optimum of the same objective" in effect.note


def test_its_rate_stands_in_the_table_of_rates_and_its_bound_among_those_of_its_loss(
    make_run: MakeRun,
) -> None:
    found = gather(make_run([*vae(0.02, 7.5), linear()]))
    table = sheets.rate(found)
    assert table is not None
    assert [row.cells[0].text for row in table.rows] == [
        f"VAE dense, latent{NBSP}8",
        f"Linear VAE, latent{NBSP}8 (baseline)",
    ]


def test_bounds_of_fitted_variances_are_on_another_scale(make_run: MakeRun) -> None:
    rows = [ok(trial(model="vae"), test_elbo=-470.0), ok(linear().unit, test_elbo=-480.0)]
    fitted = Baseline(dataset="digits", model="factor_analysis", latent_dim=8)
    same = gather(make_run(rows))
    assert [cell.is_best for cell in marks.marked(same.everything, "test_elbo")] == [True, False]
    own = dataclasses.replace(ok(fitted, test_elbo=400.0), texts={"likelihood": "a Gaussian"})
    mixed = gather(make_run([*rows, own]))
    assert not any(cell.is_best for cell in marks.marked(mixed.everything, "test_elbo"))


def test_of_many_baselines_those_of_the_usual_size_are_pictured(make_run: MakeRun, written: Written) -> None:
    many = [ok(Baseline(dataset="digits", model="pca", latent_dim=size)) for size in range(1, 14)]
    folder = make_run([ok(trial()), *many])
    found = gather(folder)
    assert [one.settings["latent_dim"] for one in galleries.baselines(found)] == [8]
    assert f"Of baselines with a latent size those with latent{NBSP}8 are shown." in galleries.thinning(found)


def test_the_chart_of_rates_draws_the_curve_of_the_usual_size(make_run: MakeRun) -> None:
    results = [one for beta, kl in ((1.0, 7.0), (4.0, 3.0), (0.25, 14.0)) for one in vae(0.02, kl, beta)]
    row = linear()
    folder = make_run([*results, row])
    assert "linear VAE" not in _rates(folder)
    arrays = {"linear_kl": np.geomspace(0.1, 40, 30), "linear_mse": np.geomspace(0.06, 0.01, 30)}
    folder.write(Outcome(result=row, images=arrays))
    assert f"linear VAE, latent{NBSP}8" in _rates(folder)


def _rates(folder: RunFolder) -> str:
    (found,) = chart_front.fronts(gather(folder))
    assert (chart_front.OF_CURVE in found.front) == ("linear VAE" in found.chart.svg)
    return found.chart.svg


def test_the_protocol_says_which_baselines_were_fitted_to_some_of_the_images(make_run: MakeRun) -> None:
    some = {"fitted_to": "10,922 of 144,000 training images"}
    results = [*vae(0.02, 7.5), *(dataclasses.replace(one, texts=some) for one in (PCA, linear()))]
    text = dict(made_of.told(gather(make_run(results))))["Baselines"]
    assert text.endswith(
        "PCA and linear VAE are fitted to 10,922 of 144,000 training images of digits, a fixed choice: all "
        "of them at once would be too large for memory."
    )
    usual = dict(made_of.told(gather(make_run([*vae(0.02, 7.5), PCA, linear()]))))["Baselines"]
    assert text.startswith(usual)
