"""The part of an ELBO that is a constant of the loss."""

import math

import pytest

from bench.ask.trial import Baseline
from bench.report.evidence import gather, likelihoods
from bench.report.findings import about_linear, about_pca
from bench.report.sections import measured, sheets

from .conftest import NBSP, MakeRun, ok, trial

PCA = Baseline(dataset="digits", model="pca", latent_dim=8)
LINEAR = Baseline(dataset="digits", model="linear_vae", latent_dim=8, options=(("beta", 1.0),))


def test_the_constant_of_a_loss_is_said_apart_from_the_elbo(make_run: MakeRun) -> None:
    vae = ok(trial(model="vae"), test_mse=0.03, test_kl=3.0, test_elbo=-472.9)
    about = {"digits": {"image_shape": [28, 28, 1], "classes": ["0"], "images": {}, "sha256": "0" * 64}}
    linear = ok(LINEAR, test_mse=0.02, test_kl=4.0)
    found = gather(make_run([vae, linear], datasets=about))
    assert likelihoods.constant(found, found.configurations[0]) == pytest.approx(-392 * math.log(math.pi))
    price, table = about_linear.against_linear(found, "digits"), sheets.rate(found)
    minus = "\N{MINUS SIGN}"
    assert price is not None and table is not None
    said = f"ELBO of VAE dense, latent{NBSP}8, {minus}472.9 nats, {minus}448.7 are a constant of its loss"
    assert f"{said}, and {minus}24.2 are left to the model." in price.text
    assert f"with MSE loss {minus}448.7{NBSP}nats (a Gaussian of variance 1/2)" in table.note


def test_the_likelihoods_of_baselines_are_said_to_be_exact_where_there_are_any(make_run: MakeRun) -> None:
    names = ("Log-likelihood", "Log-lik., fitted")
    exact = {"test_log_likelihood": -481.4, "test_log_likelihood_fitted": 370.2}
    found = gather(make_run([ok(trial()), ok(PCA, **exact)]))
    table = measured.table(found, "digits", measured.LIKELIHOOD)
    assert table is not None
    assert [column.label for column in table.columns][1:] == [f"{name}, nats per image" for name in names]
    assert table.note == f"{likelihoods.EXACT} {likelihoods.ALONE}"


def test_likelihoods_at_both_variances_stand_side_by_side_the_likeliest_first(make_run: MakeRun) -> None:
    exact = {"test_log_likelihood": -481.4, "test_log_likelihood_fitted": 370.2}
    fitted = {"test_elbo": -472.9, "test_elbo_fitted": 389.5, "fitted_variance": 0.0212}
    results = [ok(PCA, **exact), ok(trial(model="vae"), **fitted), ok(trial())]
    table = measured.table(gather(make_run(results)), "digits", measured.LIKELIHOOD)
    assert table is not None
    assert [row.cells[0].text.split()[0] for row in table.rows] == ["VAE", "PCA,"]
    assert [column.label.split(",")[0] for column in table.columns] == [
        *("Configuration", "ELBO", "Log-likelihood", "ELBO", "Log-lik.", "Fitted variance"),
    ]
    assert table.note.endswith(likelihoods.FITTED)


def test_an_elbo_stands_beside_what_is_left_without_its_constant(make_run: MakeRun) -> None:
    ends = ((0, -472.9, 389.5), (1, -473.9, 388.5))
    results = [
        ok(trial(model="vae", seed=seed), test_kl=3.0, test_elbo=elbo, test_elbo_fitted=fitted)
        for seed, elbo, fitted in ends
    ]
    about = {"digits": {"image_shape": [28, 28, 1], "classes": ["0"], "images": {}, "sha256": "0" * 64}}
    table = sheets.rate(gather(make_run(results, datasets=about)))
    assert table is not None
    cells = dict(zip((column.label for column in table.columns), table.rows[0].cells, strict=True))
    rest = cells["ELBO less constant, nats per image"]
    assert rest.order == pytest.approx(-473.4 + 392 * math.log(math.pi))
    minus = "\N{MINUS SIGN}"
    assert rest.text.startswith(f"{minus}24.7") and "±" in rest.text
    assert cells["ELBO, fitted, nats per image"].order == pytest.approx(389.0)


def test_the_error_of_pca_is_told_unclipped_under_the_leaderboard(make_run: MakeRun) -> None:
    two = Baseline(dataset="digits", model="pca", latent_dim=2)
    found = gather(
        make_run([ok(trial()), ok(PCA, test_mse_unclipped=0.02045), ok(two, test_mse_unclipped=0.0461)])
    )
    said = f"PCA has a test MSE of 0.04610 (PCA, latent{NBSP}2) and 0.02045 (PCA, latent{NBSP}8)."
    assert said in sheets.leaderboard(found, "digits").note


def test_a_run_without_these_numbers_says_nothing_of_them(make_run: MakeRun) -> None:
    found = gather(make_run([ok(trial(), test_mse_noise_10=0.1, test_elbo=-472.9), ok(PCA)]))
    table, told = measured.table(found, "digits", measured.OUTSIDE), about_pca.against_pca(found, "digits")
    assert table is not None and told is not None
    assert table.note == ""
    assert "probabilistic" not in told.text
    assert "Unclipped" not in sheets.leaderboard(found, "digits").note
