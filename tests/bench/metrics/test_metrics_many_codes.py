"""The importance-weighted bound in blocks: against the plain one, closed forms, and in bounded memory."""

import dataclasses
import math
import tracemalloc

import numpy as np
import pytest
import scipy.stats
from keras import ops

from bench.metrics import importance, likelihood
from bench.models import catalogue, distributions, log_likelihoods
from bench.models.autoencoder import Autoencoder
from bench.tasks import tracing

SHAPE = (8, 8, 1)
# A model, and what it is made with.
MODELS = {
    "bernoulli": ("vae", {"loss": "bce"}),
    "gaussian": ("vae", {"loss": "mse"}),
    "laplace": ("vae", {"loss": "mae"}),
    "learned variance": ("sigma_vae", {"loss": "mse"}),
    "continuous bernoulli": ("cb_vae", {"loss": "bce"}),
    "mixture": ("mog_prior", {"loss": "bce", "components": 5}),
    "posteriors": ("vamp", {"loss": "bce", "components": 5}),
    "gated": ("vae", {"loss": "bce", "architecture": "gated"}),
    "conv": ("vae", {"loss": "bce", "architecture": "conv"}),
}


def model_of(name: str, size: int = 4, **options: object) -> Autoencoder:
    kind, own = MODELS[name]
    made = catalogue.create(kind, image_shape=SHAPE, latent_dim=size, seed=0, **{**own, **options})
    generator = np.random.default_rng(7)  # weights as of a network that has learnt something
    made.decoder.set_weights(
        [weights + 0.1 * generator.standard_normal(weights.shape) for weights in made.decoder.get_weights()]
    )
    return made


def images_of(count: int) -> np.ndarray:
    return (np.random.default_rng(1).random((count, *SHAPE)) < 0.3).astype(np.float32)


def both(
    model: Autoencoder, images: np.ndarray, samples: int, **how: object
) -> tuple[np.ndarray, np.ndarray]:
    """Compiled, and as NumPy computes it by default: of the same codes."""
    compiled = log_likelihoods.of(model)
    assert compiled is not None
    given = images, model.posterior(images), model.prior()
    found = importance.bounds(tracing.fast(compiled), *given, np.random.default_rng(3), samples, **how)
    plain = likelihood.importance_weighted_bound(
        model.log_likelihood, *given, np.random.default_rng(3), samples
    )
    return found, plain


@pytest.mark.parametrize("name", MODELS)
def test_from_logits_in_float32_it_is_the_plain_bound_of_the_same_codes(name):
    found, plain = both(model_of(name), images_of(7), 30)
    np.testing.assert_allclose(found, plain, rtol=0, atol=1e-3)
    assert np.ptp(found) > 0.1


@pytest.mark.parametrize("block", [1, 64 * 4, 64 * 13, 64 * 10**4])
def test_blocks_do_not_change_it(block):
    model, images = model_of("bernoulli"), images_of(5)
    expected, _ = both(model, images, 20)
    found, _ = both(model, images, 20, block_values=block)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-4)


def bernoulli(images: np.ndarray, logits: np.ndarray) -> np.ndarray:
    tensors = (ops.convert_to_tensor(each.astype(np.float32)) for each in (images, logits))
    return ops.convert_to_numpy(log_likelihoods.bernoulli(*tensors))


def test_a_logit_beyond_what_a_probability_can_say_costs_what_it_costs():
    assert bernoulli(np.ones((1, 1, 4)), np.full((1, 1, 4), -50.0))[0, 0] == pytest.approx(-200)
    probabilities = np.zeros((1, 2, 2, 1))
    assert likelihood.log_likelihood("bce", np.ones((1, 2, 2, 1)), probabilities)[0] > -65


def test_the_softplus_of_a_bernoulli_is_that_of_scipy():
    generator = np.random.default_rng(0)
    images = generator.random((2, 1, 100)).astype(np.float32)
    logits = (20 * generator.standard_normal((2, 3, 100))).astype(np.float32)
    exact = (images * logits.astype(float) - np.logaddexp(0, logits.astype(float))).sum(axis=-1)
    np.testing.assert_allclose(bernoulli(images, logits), exact, rtol=1e-6)


class Linear:
    """Probabilistic PCA, `x = W z + m + e` with variance 1/2, of which all is known."""

    def __init__(self, size: int = 3) -> None:
        generator = np.random.default_rng(5)
        directions, _ = np.linalg.qr(generator.standard_normal((math.prod(SHAPE), size)))
        self.weights, self.mean = directions * 1.5, generator.random(math.prod(SHAPE))
        codes = generator.standard_normal((20, size))
        noise = math.sqrt(0.5) * generator.standard_normal((20, math.prod(SHAPE)))
        self.images = (codes @ self.weights.T + self.mean + noise).reshape(20, *SHAPE)

    def posterior(self, shift: float = 0.0) -> distributions.Gaussians:
        precision = 1 + 2 * (self.weights**2).sum(axis=0)
        mean = 2 * (self.images.reshape(20, -1) - self.mean) @ self.weights / precision
        spread = np.broadcast_to(-np.log(precision), mean.shape)
        shifted = mean + shift * np.exp(spread / 2)
        return distributions.Gaussians(mean=shifted.astype("f4"), log_variance=spread.astype("f4"))

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        apart = images.reshape(len(images), 1, -1) - (codes @ self.weights.T + self.mean)
        return -np.square(apart).sum(axis=2) - math.prod(SHAPE) / 2 * math.log(math.pi)

    def exact(self) -> np.ndarray:
        covariance = self.weights @ self.weights.T + np.eye(math.prod(SHAPE)) / 2
        return scipy.stats.multivariate_normal(self.mean, covariance).logpdf(self.images.reshape(20, -1))


def of_linear(linear: Linear, samples: int, shift: float = 0.0, seed: int = 0) -> np.ndarray:
    prior = distributions.StandardNormal(size=3)
    generator = np.random.default_rng(seed)
    return importance.bounds(
        linear.log_likelihood, linear.images, linear.posterior(shift), prior, generator, samples, 64 * 7
    )


def test_with_the_exact_posterior_it_is_the_likelihood_of_probabilistic_pca():
    linear = Linear()
    for samples in (1, 5, 50):
        np.testing.assert_allclose(of_linear(linear, samples), linear.exact(), rtol=0, atol=1e-3)


def test_with_a_wrong_posterior_it_lies_below_and_tends_there():
    linear = Linear()
    gaps = [
        np.mean([linear.exact() - of_linear(linear, samples, 0.5, seed) for seed in range(seeds)])
        for samples, seeds in ((1, 60), (10, 20), (2000, 1))
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert abs(gaps[2]) < 0.02 < gaps[0]


def test_one_code_gives_on_average_the_elbo():
    linear = Linear()
    posterior = linear.posterior(0.5)
    kl = distributions.kl_to_prior(posterior.mean, posterior.log_variance).sum(axis=1)
    spread = np.exp(posterior.log_variance).sum(axis=1) * 1.5**2  # of the decoded code about its mean
    expected = linear.log_likelihood(linear.images, posterior.mean[:, None])[:, 0] - spread - kl
    drawn = np.array([of_linear(linear, 1, 0.5, seed).mean() for seed in range(400)])
    error = drawn.std() / math.sqrt(len(drawn))
    assert abs(drawn.mean() - expected.mean()) < 4 * error < 0.2


def test_memory_does_not_grow_with_k():
    linear = Linear()
    peaks = []
    for samples in (100, 3000):
        tracemalloc.start()
        of_linear(linear, samples)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_mixture_is_as_dense_by_matrix_products_as_code_by_code():
    generator = np.random.default_rng(2)
    for log_weights in (None, np.log(generator.dirichlet(np.ones(6)))):
        prior = distributions.Mixture(
            mean=3 * generator.standard_normal((6, 4)).astype(np.float32),
            log_variance=generator.uniform(-8, 1, (6, 4)).astype(np.float32),
            text="",
            log_weights=log_weights,
        )
        codes = prior.sample(200, generator)
        found = importance.fast_log_density(prior)(codes)
        np.testing.assert_allclose(found, prior.log_density(codes), rtol=0, atol=1e-6)
    narrow = dataclasses.replace(prior, log_variance=np.full((6, 4), -30.0))
    assert importance.fast_log_density(narrow) == narrow.log_density


def test_what_is_not_finite_has_no_bound_and_leaves_the_others():
    linear = Linear()
    clean = of_linear(linear, 20)
    linear.images[3, 0, 0, 0] = np.nan
    found = of_linear(linear, 20)
    assert np.flatnonzero(np.isnan(found)).tolist() == [3]
    np.testing.assert_array_equal(np.delete(found, 3), np.delete(clean, 3))


def test_a_weight_of_nothing_is_nothing_and_all_of_them_are_minus_infinity():
    sums = importance._LogSums(2)
    for weights in ([[-np.inf, -np.inf], [-np.inf, -np.inf]], [[-np.inf, 1e4], [-np.inf, -np.inf]]):
        sums.add(slice(0, 2), np.array(weights))
    np.testing.assert_array_equal(sums.found(), [1e4, -np.inf])


def test_the_standard_error_is_that_of_scipy():
    values = np.random.default_rng(0).standard_normal(50)
    assert importance.standard_error(values) == pytest.approx(scipy.stats.sem(values))
    assert math.isnan(importance.standard_error(values[:1]))


def test_a_likelihood_of_somebody_elses_own_is_left_to_numpy():
    class Own(type(model_of("bernoulli"))):
        def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
            return super()._log_likelihood(images, codes) / 2

    assert log_likelihoods.of(Own(image_shape=SHAPE, latent_dim=2)) is None
    assert log_likelihoods.of(catalogue.create("predicted_sigma_vae", image_shape=SHAPE)) is None
    assert log_likelihoods.of(Linear()) is None


def test_the_likelihood_of_a_network_that_gives_means_is_left_to_numpy():
    linear = {"loss": "mse", "architecture": "linear", "activation": "linear"}
    assert log_likelihoods.of(model_of("gaussian", **linear)) is None
    assert log_likelihoods.of(model_of("learned variance", **linear)) is None
