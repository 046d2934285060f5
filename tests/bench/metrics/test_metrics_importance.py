"""The importance-weighted bound against exact likelihoods."""

import types
from collections.abc import Callable

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats
import sklearn.decomposition

from bench.metrics import likelihood
from bench.models import distributions

Posterior = tuple[np.ndarray, np.ndarray]


class Linear:
    """Probabilistic PCA of images, `x = W z + m + e` with `e ~ N(0, 1/2)`: the likelihood of the `mse` loss.

    The columns of `W` are orthogonal, so that the exact posterior is Gaussian with diagonal covariance.
    """

    def __init__(self, images: np.ndarray, dimensions: int = 4) -> None:
        flat = images.reshape(len(images), -1).astype(np.float64)
        pca = sklearn.decomposition.PCA(dimensions, svd_solver="covariance_eigh").fit(flat)
        self.shape, self.mean = images.shape[1:], pca.mean_
        self.weights = pca.components_.T * np.sqrt(pca.explained_variance_ - 0.5)  # (pixels, k)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        return (codes.astype(np.float64) @ self.weights.T + self.mean).reshape(-1, *self.shape)

    def posterior(self, images: np.ndarray) -> Posterior:
        flat = images.reshape(len(images), -1).astype(np.float64)
        precision = 1 + 2 * (self.weights**2).sum(axis=0)
        mean = 2 * (flat - self.mean) @ self.weights / precision
        return mean, np.broadcast_to(-np.log(precision), mean.shape)

    def log_likelihood(self, images: np.ndarray) -> np.ndarray:
        covariance = self.weights @ self.weights.T + np.eye(len(self.mean)) / 2
        density = scipy.stats.multivariate_normal(self.mean, covariance)
        return density.logpdf(images.reshape(len(images), -1).astype(np.float64))


@pytest.fixture(scope="module")
def linear(samples: types.SimpleNamespace) -> types.SimpleNamespace:
    """A model of the images, its exact posterior, and one that is shifted and too narrow."""
    model, images = Linear(samples.images), samples.images[:100]
    mean, log_variance = model.posterior(images)
    return types.SimpleNamespace(
        model=model,
        images=images,
        exact=model.log_likelihood(images),
        posterior=(mean, log_variance),
        wrong=(mean + 0.5 * np.exp(log_variance / 2), log_variance - 0.5),
    )


def importance_weighted(
    loss: str,
    images: np.ndarray,
    posterior: Posterior,
    decode: Callable[[np.ndarray], np.ndarray],
    generator: np.random.Generator,
    samples: int,
) -> np.ndarray:
    """Of a Gaussian posterior and N(0, I)."""
    return likelihood.importance_weighted_bound(
        lambda images, codes: likelihood.log_likelihood(loss, images, decode(codes)),
        images,
        distributions.Gaussians(mean=posterior[0], log_variance=posterior[1]),
        distributions.StandardNormal(size=posterior[0].shape[1]),
        generator,
        samples,
    )


def bound(linear: types.SimpleNamespace, posterior: Posterior, samples: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return importance_weighted("mse", linear.images, posterior, linear.model.decode, generator, samples)


@pytest.mark.parametrize("count", [1, 7, 100])
def test_with_the_exact_posterior_the_bound_is_the_likelihood(
    linear: types.SimpleNamespace, count: int
) -> None:
    found = bound(linear, linear.posterior, count)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, linear.exact, rtol=0, atol=1e-3)  # codes are float32
    assert np.ptp(linear.exact) > 10


def test_with_a_wrong_posterior_it_grows_with_k_towards_the_likelihood(linear: types.SimpleNamespace) -> None:
    gaps = [
        np.mean([linear.exact - bound(linear, linear.wrong, samples, seed) for seed in range(4)])
        for samples in (1, 3, 10, 100, 300)
    ]
    assert (np.diff(gaps) < 0).all()
    assert gaps[0] > 0.5
    assert 0 < gaps[-1] < 0.1 * gaps[0]


def test_with_one_sample_it_is_the_elbo_of_the_same_noise(linear: types.SimpleNamespace) -> None:
    mean, log_variance = linear.wrong
    noise = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
    codes = (mean + np.exp(log_variance / 2) * noise).astype(np.float32)
    decoded = linear.model.decode(codes)
    codes = codes.astype(np.float64)  # in which SciPy computes then
    prior = scipy.stats.norm.logpdf(codes)
    posterior = scipy.stats.norm.logpdf(codes, mean, np.exp(log_variance / 2))
    expected = likelihood.log_likelihood("mse", linear.images, decoded) + (prior - posterior).sum(axis=1)
    np.testing.assert_allclose(bound(linear, linear.wrong, 1), expected, rtol=1e-12)


def test_with_one_sample_it_is_on_average_the_elbo_with_the_kl_in_closed_form(
    linear: types.SimpleNamespace,
) -> None:
    mean, log_variance = linear.wrong
    kl = distributions.kl_to_prior(mean, log_variance).sum(axis=1)
    generator = np.random.default_rng(1)
    differences = []
    for seed in range(200):
        codes = mean + np.exp(log_variance / 2) * generator.standard_normal(mean.shape)
        fit = likelihood.log_likelihood("mse", linear.images, linear.model.decode(codes))
        differences.append(np.mean(bound(linear, linear.wrong, 1, seed) - likelihood.elbo(fit, kl)))
    error = np.std(differences) / np.sqrt(len(differences))
    assert abs(np.mean(differences)) < 4 * error
    assert error < 0.1


@pytest.mark.parametrize(("loss", "pixel"), [("bce", 1.0), ("bce", 0.0), ("mae", 0.3), ("mse", 0.8)])
def test_many_samples_give_the_integral_over_the_prior(loss: str, pixel: float) -> None:
    def decode(codes: np.ndarray) -> np.ndarray:
        return scipy.special.expit(2 * codes.astype(np.float64) - 1).reshape(-1, 1, 1, 1)

    image = np.full((1, 1, 1, 1), pixel)

    def integrand(z: float) -> float:
        fit = likelihood.log_likelihood(loss, image, decode(np.array([[z]])))[0]
        return float(np.exp(fit) * scipy.stats.norm.pdf(z))

    exact = np.log(scipy.integrate.quad(integrand, -8, 8, points=[-1, 0, 1])[0])
    posterior = np.array([[0.4]]), np.array([[0.2]])
    found = importance_weighted(loss, image, posterior, decode, np.random.default_rng(0), 200_000)
    assert found[0] == pytest.approx(exact, abs=5e-3)


def decoders(linear: types.SimpleNamespace) -> tuple[list[int], Callable[[np.ndarray], np.ndarray]]:
    """The model's decoder, and how many codes it was given at a time."""
    sizes: list[int] = []

    def decode(codes: np.ndarray) -> np.ndarray:
        sizes.append(len(codes))
        return linear.model.decode(codes)

    return sizes, decode


def test_no_more_codes_than_a_block_are_decoded_at_a_time(linear: types.SimpleNamespace) -> None:
    sizes, decode = decoders(linear)
    for samples in (7, 2500):  # an image's codes in one block, and in several
        sizes.clear()
        images, posterior = linear.images[:3], tuple(part[:3] for part in linear.wrong)
        importance_weighted("mse", images, posterior, decode, np.random.default_rng(0), samples)
        assert max(sizes) <= likelihood.BLOCK_CODES
        assert sum(sizes) == 3 * samples


@pytest.mark.parametrize("size", [1, 13, 10**6])
def test_block_size_changes_no_result(
    linear: types.SimpleNamespace, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = bound(linear, linear.wrong, 9)
    monkeypatch.setattr(likelihood, "BLOCK_CODES", size)
    np.testing.assert_allclose(bound(linear, linear.wrong, 9), expected, rtol=1e-12)


def test_the_first_images_have_the_same_bounds_however_many_there_are(linear: types.SimpleNamespace) -> None:
    few = types.SimpleNamespace(model=linear.model, images=linear.images[:10])
    found = bound(few, tuple(part[:10] for part in linear.wrong), 5)
    np.testing.assert_allclose(found, bound(linear, linear.wrong, 5)[:10], rtol=1e-12)


def test_an_image_or_a_code_that_is_not_finite_has_no_bound_and_leaves_the_others(
    linear: types.SimpleNamespace,
) -> None:
    clean = bound(linear, linear.wrong, 5)
    images = linear.images.copy()
    images[2, 0, 0, 0] = np.nan
    mean = linear.wrong[0].copy()
    mean[4, 1] = np.nan
    spoilt = types.SimpleNamespace(model=linear.model, images=images)
    found = bound(spoilt, (mean, linear.wrong[1]), 5)
    assert np.flatnonzero(np.isnan(found)).tolist() == [2, 4]
    np.testing.assert_allclose(np.delete(found, [2, 4]), np.delete(clean, [2, 4]), rtol=1e-12)


def test_no_images_have_no_bounds(linear: types.SimpleNamespace) -> None:
    none = types.SimpleNamespace(model=linear.model, images=linear.images[:0])
    assert bound(none, tuple(part[:0] for part in linear.wrong), 5).shape == (0,)


def test_no_samples_or_a_posterior_of_other_images_are_refused(linear: types.SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        bound(linear, linear.wrong, 0)
    with pytest.raises(ValueError, match="100 images and 9 posteriors"):
        bound(linear, tuple(part[:9] for part in linear.wrong), 1)
