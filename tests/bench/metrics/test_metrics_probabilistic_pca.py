"""The exact likelihood of probabilistic PCA, against SciPy's and scikit-learn's."""

import math

import numpy as np
import pytest
import scipy.stats
import sklearn.datasets
import sklearn.decomposition

from bench.metrics import likelihood, probabilistic_pca

SIDE = 8


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Handwritten digits `(1797, 8, 8, 1)`."""
    return (sklearn.datasets.load_digits().images / 16)[..., np.newaxis].astype(np.float32)


def fitted(images: np.ndarray, count: int) -> sklearn.decomposition.PCA:
    """scikit-learn's, with the covariance over all images: it divides by all but one."""
    flat = images.reshape(len(images), -1).astype(float)
    pca = sklearn.decomposition.PCA(count, svd_solver="full").fit(flat)
    share = (len(images) - 1) / len(images)
    pca.explained_variance_ = pca.explained_variance_ * share
    pca.noise_variance_ *= share
    return pca


def total(images: np.ndarray) -> float:
    return float(images.reshape(len(images), -1).var(axis=0, dtype=np.float64).sum())


def evidence(images: np.ndarray, pca: sklearn.decomposition.PCA, noise: float) -> np.ndarray:
    return probabilistic_pca.log_evidence(images, pca.mean_, pca.components_, pca.explained_variance_, noise)


@pytest.mark.parametrize("count", [1, 5, 64])
@pytest.mark.parametrize("noise", [0.5, 0.1, 0.003])
def test_it_is_the_density_of_a_normal_distribution_with_that_covariance(
    images: np.ndarray, count: int, noise: float
) -> None:
    pca = fitted(images, count)
    loading = pca.components_.T * np.sqrt(np.maximum(pca.explained_variance_ - noise, 0))  # (d, k)
    covariance = loading @ loading.T + noise * np.eye(SIDE * SIDE)
    expected = scipy.stats.multivariate_normal(pca.mean_, covariance).logpdf(
        images.reshape(len(images), -1).astype(float)
    )
    np.testing.assert_allclose(evidence(images, pca, noise), expected, rtol=1e-9, atol=1e-9)


def test_at_the_fitted_variance_it_is_the_score_of_scikit_learn(images: np.ndarray) -> None:
    train, test = images[:1500], images[1500:]
    for count in (1, 5, 30):
        pca = fitted(train, count)
        noise = probabilistic_pca.fitted_variance(pca.explained_variance_, total(train), SIDE * SIDE)
        assert noise == pytest.approx(pca.noise_variance_, rel=1e-6)
        expected = pca.score_samples(test.reshape(len(test), -1).astype(float))
        np.testing.assert_allclose(evidence(test, pca, pca.noise_variance_), expected, rtol=1e-9)


@pytest.mark.parametrize("most", [1797, 40], ids=["more images than pixels", "fewer"])
@pytest.mark.parametrize("count", [0, 5, 30])
def test_no_other_variance_makes_the_training_images_likelier(
    images: np.ndarray, count: int, most: int
) -> None:
    images = images[:most]
    pca = fitted(images, max(count, 1))
    axes, variances = pca.components_[:count], pca.explained_variance_[:count]
    best = probabilistic_pca.fitted_variance(variances, total(images), SIDE * SIDE)

    def mean(noise: float) -> float:
        return probabilistic_pca.log_evidence(images, pca.mean_, axes, variances, noise).mean()

    assert mean(best) > max(mean(0.99 * best), mean(1.01 * best), mean(0.5))


def test_without_a_component_it_is_the_likelihood_of_the_squared_error_about_the_mean(
    images: np.ndarray,
) -> None:
    mean = images.mean(axis=0)
    found = probabilistic_pca.log_evidence(images, mean.ravel(), np.empty((0, SIDE * SIDE)), np.empty(0), 0.5)
    expected = likelihood.log_likelihood("mse", images, np.broadcast_to(mean, images.shape))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_components_that_vary_less_than_the_noise_change_nothing(images: np.ndarray) -> None:
    few, many = fitted(images, 3), fitted(images, 40)
    noise = float(few.explained_variance_[2]) * 0.999
    np.testing.assert_allclose(evidence(images, few, noise), evidence(images, many, noise), rtol=1e-9)


def test_where_components_hold_all_variance_or_there_is_none_nothing_is_fitted(
    images: np.ndarray,
) -> None:
    pca = fitted(images, SIDE * SIDE)
    kept = pca.explained_variance_
    assert math.isnan(probabilistic_pca.fitted_variance(kept, total(images), SIDE * SIDE))
    of_rank_five = float(kept[:5].sum())
    assert math.isnan(probabilistic_pca.fitted_variance(kept[:5], of_rank_five, SIDE * SIDE))
    assert math.isnan(probabilistic_pca.fitted_variance(np.empty(0), 0.0, SIDE * SIDE))


def test_an_image_with_nan_has_no_likelihood_and_its_neighbours_have(images: np.ndarray) -> None:
    some = images[:3].copy()
    some[1, 2, 2, 0] = np.nan
    assert np.isnan(evidence(some, fitted(images, 5), 0.1)).tolist() == [False, True, False]
