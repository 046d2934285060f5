"""Quantities of papers from measures of ours, against closed forms and an independent PCA."""

import math

import numpy as np
import pytest
import sklearn.cluster
import sklearn.metrics

from bench.ask.quantities import QUANTITIES, Seen
from bench.ask.trial import Baseline
from bench.measures import TASKS, every
from bench.tasks import baselines

SIZE = 3


def measured(digits, model: str, size: int | None = SIZE, **options: str) -> dict[str, float | int | None]:
    one = Baseline(dataset="digits", model=model, latent_dim=size, options=tuple(options.items()))
    return baselines.run(one, digits, ("basic", "likelihood")).result.measures


@pytest.fixture(scope="module")
def pca(digits) -> dict[str, float | int | None]:
    return measured(digits, "pca")


@pytest.fixture(scope="module")
def errors_of_svd(digits) -> np.ndarray:
    """Squared errors of test pixels under the best linear code, by NumPy alone."""
    train, test = (part.images.reshape(len(part.images), -1) for part in (digits.train, digits.test))
    mean = train.mean(axis=0, dtype=np.float64)
    basis = np.linalg.svd(train - mean, full_matrices=False)[2][:SIZE]
    return ((test - mean) - (test - mean) @ basis.T @ basis) ** 2


def value(name: str, measures, beside=None, values: int = 784) -> float | None:
    return QUANTITIES[name].of(Seen(measures=measures, values=values, beside=beside or {}))


def test_errors_of_pca_are_those_of_a_singular_value_decomposition(pca, errors_of_svd):
    found = value("squared_error_of_an_image", pca)
    assert found == pytest.approx(errors_of_svd.sum(axis=1).mean(), rel=1e-5)


def test_on_minus_one_to_one_it_is_the_mean_error_of_pixels_that_are_stretched(pca, errors_of_svd):
    stretched = (2 * np.sqrt(errors_of_svd)) ** 2
    assert value("squared_error_on_minus_one_to_one", pca) == pytest.approx(stretched.mean(), rel=1e-5)


def test_a_linear_vae_at_its_optimum_lies_by_nothing_below_the_exact_likelihood(digits, pca):
    """Its posterior is exact: then the ELBO is the likelihood, but for one sampled code an image."""
    optimum = measured(digits, "linear_vae", beta=1.0, variance="fitted")
    found = value("below_exact_likelihood", optimum, pca)
    assert found == pytest.approx(0.0, abs=0.5)
    assert found != 0.0


def test_the_terms_of_an_elbo_add_up_to_it(digits):
    found = measured(digits, "linear_vae", beta=1.0)
    parts = value("reconstruction_term", found) + value("kl", found)
    assert parts == pytest.approx(value("negative_elbo", found), rel=1e-12)


def test_the_reconstruction_term_is_that_of_the_likelihood_of_sampled_reconstructions(digits):
    """Of the loss mse: a Gaussian with the variance 1/2, so the squared error and a constant.

    Reconstructions of a linear VAE are clipped where errors are measured, and are not in its likelihood.
    """
    found = measured(digits, "linear_vae", beta=1.0)
    constant = 784 * math.log(math.pi) / 2
    assert value("reconstruction_term", found) >= constant + 784 * found["test_mse_sampled"] - 1e-3


def test_a_bound_turns_its_sign():
    assert value("negative_log_likelihood", {"test_iw_bound": -93.84}) == 93.84
    assert value("negative_elbo", {"test_elbo": -98.36}) == 98.36


def test_clusters_of_pixels_are_those_of_scikit_learn_within_its_starts(digits):
    found = measured(digits, "pixels", None)
    images, labels = digits.test.images.reshape(len(digits.test.images), -1), digits.test.labels
    scores = [
        sklearn.metrics.normalized_mutual_info_score(
            labels, sklearn.cluster.KMeans(10, n_init=1, random_state=seed).fit_predict(images)
        )
        for seed in range(10)
    ]
    assert min(scores) - 0.05 <= value("nmi", found) <= max(scores) + 0.05


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_quantity_is_none_where_a_measure_that_it_needs_is_empty(name):
    assert value(name, {}) is None
    assert value(name, dict.fromkeys((one.name for one in every()), None)) is None


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_quantity_needs_the_groups_of_the_measures_that_it_asks_for(name):
    """It has a value as soon as these groups are measured; that of Inception alone never has."""
    groups = [TASKS[group] for group in QUANTITIES[name].groups]
    known = {one.name: 1.0 for card in groups for one in card.measures if not one.is_array}
    beside = {"test_log_likelihood_fitted": 1.0} if QUANTITIES[name].beside else {}
    assert (value(name, known, beside) is None) == bool(QUANTITIES[name].absent)
