"""The part of an ELBO that is a constant of the loss."""

import math

import pytest

from bench.ask.trial import Baseline
from bench.report import findings_pca, likelihoods, sheets
from bench.report.evidence import gather

from .conftest import NBSP, MakeRun, ok, trial

PCA = Baseline(dataset="digits", model="pca", latent_dim=8)


def test_the_constant_of_a_loss_is_said_apart_from_the_elbo(make_run: MakeRun) -> None:
    vae = ok(trial(model="vae"), test_mse=0.03, test_kl=3.0, test_elbo=-472.9)
    about = {"digits": {"image_shape": [28, 28, 1], "classes": ["0"], "images": {}, "sha256": "0" * 64}}
    found = gather(make_run([vae, ok(PCA, test_mse=0.02)], datasets=about))
    assert likelihoods.constant(found, found.configurations[0]) == pytest.approx(-392 * math.log(math.pi))
    price, table = findings_pca.variational_price(found, "digits"), sheets.rate(found)
    minus = "\N{MINUS SIGN}"
    assert price is not None and table is not None
    said = f"ELBO of VAE dense, latent{NBSP}8, {minus}472.9 nats, {minus}448.7 are a constant of its loss"
    assert f"{said}, and {minus}24.2 are left to the model." in price.text
    assert f"with MSE loss {minus}448.7{NBSP}nats (a Gaussian of variance 1/2)" in table.note
