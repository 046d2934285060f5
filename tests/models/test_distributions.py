"""Densities of codes against SciPy, and what is measured under a prior that is not N(0, I)."""

import numpy as np
import pytest
import scipy.special
import scipy.stats

from bench import tasks
from bench.models.coder import Absent
from bench.models.distributions import Gaussians, Mixture, StandardNormal

GENERATOR = np.random.default_rng(0)
MEAN, LOG_VARIANCE = GENERATOR.standard_normal((2, 7, 3))
CODES = GENERATOR.standard_normal((7, 3))
MIXTURE = Mixture(mean=MEAN, log_variance=LOG_VARIANCE, text="seven Gaussians")


def mixture_of_scipy(codes: np.ndarray) -> np.ndarray:
    deviation = np.exp(LOG_VARIANCE / 2)
    each = np.array([scipy.stats.norm.logpdf(code, MEAN, deviation).sum(axis=1) for code in codes])
    return scipy.special.logsumexp(each, axis=1) - np.log(len(MEAN))


def test_densities_are_those_of_scipy():
    normal = scipy.stats.norm.logpdf(CODES).sum(axis=1)
    np.testing.assert_allclose(StandardNormal(size=3).log_density(CODES), normal, rtol=1e-12)
    own = scipy.stats.norm.logpdf(CODES, MEAN, np.exp(LOG_VARIANCE / 2)).sum(axis=1)
    posteriors = Gaussians(mean=MEAN, log_variance=LOG_VARIANCE)
    np.testing.assert_allclose(posteriors.log_density(CODES), own, rtol=1e-12)
    np.testing.assert_allclose(posteriors.log_mixture(CODES), mixture_of_scipy(CODES), rtol=1e-12)
    np.testing.assert_allclose(MIXTURE.log_density(CODES), mixture_of_scipy(CODES), rtol=1e-12)


def test_a_density_of_one_dimension_integrates_to_one():
    grid = np.linspace(-30, 30, 20_001)[:, None]
    one = Mixture(mean=MEAN[:, :1], log_variance=LOG_VARIANCE[:, :1], text="")
    for density in (one, StandardNormal(size=1)):
        assert np.trapezoid(np.exp(density.log_density(grid)), grid[:, 0]) == pytest.approx(1, abs=1e-6)


def test_samples_have_the_moments_of_their_density():
    drawn = MIXTURE.sample(200_000, np.random.default_rng(1))
    assert drawn.dtype == np.float32
    variance = np.exp(LOG_VARIANCE).mean(axis=0) + MEAN.var(axis=0)
    np.testing.assert_allclose(drawn.mean(axis=0), MEAN.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), variance, rtol=0.03)


class Plain:
    """A coder without Keras: the first pixels as its posterior's mean, and a mixture as its prior."""

    code_size = 3

    def encode(self, images):
        return images.reshape(len(images), -1)[:, 400:403]

    def decode(self, codes):
        pictures = np.zeros((len(codes), 784), np.float32)
        pictures[:, 400:403] = np.clip(codes, 0, 1)
        return pictures.reshape(-1, 28, 28, 1)

    def prior(self):
        return MIXTURE

    def posterior(self, images):
        mean = self.encode(images)
        return Gaussians(mean=mean, log_variance=np.full_like(mean, -2.0))

    def log_likelihood(self, images, codes):
        return -np.square(images - self.decode(codes)).sum(axis=(1, 2, 3)).astype(np.float64)


def test_whoever_encodes_and_decodes_is_measured_under_its_own_prior(digits):
    found = tasks.measure(Plain(), digits, ("basic", "likelihood")).measures
    coder, images = Plain(), digits.test.images
    posterior = coder.posterior(images)
    own = scipy.stats.norm.entropy(scale=np.exp(-1.0)) * 3  # of each posterior, in nats
    draws = [posterior.sample(np.random.default_rng(seed)) for seed in range(40)]
    rates = [-own - mixture_of_scipy(codes).mean() for codes in draws]
    assert found["test_kl"] == pytest.approx(np.mean(rates), abs=5 * np.std(rates))
    fits = [coder.log_likelihood(images, codes).mean() for codes in draws]
    elbos = np.subtract(fits, rates)
    assert found["test_elbo"] == pytest.approx(elbos.mean(), abs=5 * elbos.std())
    assert found["test_iw_bound"] > found["test_elbo"]
    assert found["mutual_information"] + found["marginal_kl"] == pytest.approx(found["test_kl"], rel=1e-9)
    assert found["latent_mmd"] > 0.01  # codes in [0, 1] are no draws of that mixture


def test_what_a_coder_lacks_is_empty_with_its_own_reason(digits):
    lacking = Plain()
    lacking.posterior = lambda images: Absent("an encoder that gives one code")
    lacking.log_likelihood = lambda images, codes: Absent("a decoder of features")
    found = tasks.measure(lacking, digits, ("basic", "likelihood"))
    for name in ("test_kl", "test_elbo", "test_iw_bound", "active_units"):
        assert found.measures[name] is None
        assert found.reasons[name] == "an encoder that gives one code"
    assert found.measures["latent_mmd"] is not None  # a prior, and codes: that is all it takes
    with_posterior = Plain()
    with_posterior.log_likelihood = lacking.log_likelihood
    reasons = tasks.measure(with_posterior, digits, ("basic", "likelihood")).reasons
    assert reasons["test_elbo"] == reasons["test_iw_bound"] == "a decoder of features"


def test_without_a_prior_nothing_is_drawn_from_one(digits):
    lacking = Plain()
    lacking.prior = lambda: Absent("codes that are counted")
    found = tasks.measure(lacking, digits, ("basic",))
    assert found.reasons["latent_mmd"] == found.reasons["test_kl"] == "codes that are counted"
    assert "samples" not in found.images
