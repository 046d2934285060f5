"""Log-likelihoods against scipy's densities."""

import types

import numpy as np
import pytest
import scipy.optimize
import scipy.stats

from bench.metrics import likelihood, reconstruction
from bench.models import distributions, likelihoods
from bench.models.likelihoods import CONSTANTS


def _sum(densities: np.ndarray) -> np.ndarray:
    return densities.sum(axis=(1, 2, 3))


@pytest.mark.parametrize(
    ("loss", "distribution", "scale"),
    [("mse", scipy.stats.norm, np.sqrt(0.5)), ("mae", scipy.stats.laplace, 1.0)],
)
def test_log_likelihood_agrees_with_the_density_that_the_loss_stands_for(
    samples: types.SimpleNamespace, loss: str, distribution: scipy.stats.rv_continuous, scale: float
) -> None:
    images, means = samples.images.astype(np.float64), samples.reconstructions.astype(np.float64)
    expected = _sum(distribution.logpdf(images, loc=means, scale=scale))
    np.testing.assert_allclose(likelihood.log_likelihood(loss, images, means), expected, rtol=1e-12)


def test_bce_is_the_bernoulli_probability_of_black_and_white_images(samples: types.SimpleNamespace) -> None:
    images = (samples.images > 0.5).astype(np.int64)
    probabilities = samples.reconstructions.astype(np.float64).clip(1e-7, 1 - 1e-7)
    expected = _sum(scipy.stats.bernoulli.logpmf(images, probabilities))
    actual = likelihood.log_likelihood("bce", images, samples.reconstructions)
    np.testing.assert_allclose(actual, expected, rtol=1e-10)


def test_channels_count_as_dimensions() -> None:
    images = np.zeros((2, 3, 4, 3))
    np.testing.assert_allclose(likelihood.log_likelihood("mae", images, images), -36 * np.log(2))


def test_an_image_with_nan_has_no_likelihood() -> None:
    images = np.zeros((2, 3, 4, 1))
    images[0, 0, 0, 0] = np.nan
    for loss in CONSTANTS:
        assert np.isnan(likelihood.log_likelihood(loss, images, np.zeros_like(images))).tolist() == [
            True,
            False,
        ]


def test_an_unknown_loss_is_refused_with_those_known() -> None:
    with pytest.raises(ValueError, match="unknown loss 'huber'; known: bce, mae, mse"):
        likelihood.log_likelihood("huber", np.zeros((1, 2, 2, 1)), np.zeros((1, 2, 2, 1)))


def test_elbo_is_the_log_likelihood_less_the_kl() -> None:
    bound = likelihood.elbo(np.array([-10.0, -20.0], np.float32), np.array([1.0, 2.0], np.float32))
    assert bound.tolist() == [-11, -22]
    assert bound.dtype == np.float64


def test_elbo_refuses_a_kl_for_each_dimension() -> None:
    with pytest.raises(ValueError, match=r"shapes \(3,\) and \(3, 3\)"):
        likelihood.elbo(np.zeros(3), np.zeros((3, 3)))


def test_elbo_bounds_the_exact_evidence_of_a_linear_model() -> None:
    # p(z) = N(0, 1), p(x|z) = N(z, 1/2) for one pixel: p(x) = N(0, 3/2), posterior N(2x/3, 1/3).
    x, mean, log_variance = 0.7, 2 * 0.7 / 3, np.log(1 / 3)
    draws = np.random.default_rng(0).normal(mean, np.sqrt(1 / 3), 200_000)
    images = np.full((len(draws), 1, 1, 1), x)
    kl = np.full(len(draws), distributions.kl_to_prior(np.array([[mean]]), np.array([[log_variance]]))[0, 0])
    bounds = likelihood.elbo(likelihood.log_likelihood("mse", images, draws.reshape(images.shape)), kl)
    # With the exact posterior the bound is tight, so that its mean is the evidence itself.
    np.testing.assert_allclose(bounds.mean(), scipy.stats.norm.logpdf(x, 0, np.sqrt(1.5)), atol=5e-3)


@pytest.mark.parametrize("variance", [0.02, 0.5, 3.0])
def test_the_variance_of_a_gaussian_is_told_from_its_likelihoods(
    samples: types.SimpleNamespace, variance: float
) -> None:
    images, means = samples.images.astype(np.float64), samples.reconstructions.astype(np.float64)
    found = _sum(scipy.stats.norm.logpdf(images, loc=means, scale=np.sqrt(variance)))
    errors = likelihoods.squared_error(images, means)
    assert likelihood.gaussian_variance(found, errors, images[0].size) == pytest.approx(variance, rel=1e-9)
    assert np.isnan(likelihood.gaussian_variance(found + 10, errors, images[0].size))


def test_no_other_variance_is_likelier_than_the_mean_squared_error(samples: types.SimpleNamespace) -> None:
    images, means = samples.images, samples.reconstructions

    def loss(logarithm: float) -> float:
        return -likelihood.gaussian_log_likelihood(images, means, np.exp(logarithm)).mean()

    best = scipy.optimize.minimize_scalar(loss, bounds=(-10, 3), method="bounded", options={"xatol": 1e-7})
    assert np.exp(best.x) == pytest.approx(reconstruction.mse(images, means).mean(), rel=1e-5)


@pytest.mark.parametrize("loss", ["mae", "bce"])
def test_a_likelihood_that_is_no_gaussian_has_no_variance(samples: types.SimpleNamespace, loss: str) -> None:
    images, means = samples.images, samples.reconstructions
    errors = likelihoods.squared_error(images, means)
    other = likelihood.log_likelihood(loss, images, means)
    assert np.isnan(likelihood.gaussian_variance(other, errors, images[0].size))
    assert np.isnan(likelihood.gaussian_variance(np.full(len(errors), np.nan), errors, images[0].size))
    assert np.isnan(likelihood.gaussian_variance(other, np.ones(len(errors)), images[0].size))
