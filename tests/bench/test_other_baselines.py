"""Random projections, untrained encoders, factor analysis, NMF and ICA against libraries and formulas."""

import dataclasses
import math

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import sklearn.decomposition

from bench import models
from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.metrics import factor_analysis as formulas
from bench.models.coder import Absent, Coder
from bench.tasks import baselines
from bench.tasks.baselines import factor_analysis, nmf

SIZE = 6
NAMES = ("random", "factor_analysis", "nmf", "ica")


def baseline(name: str, size: int = SIZE, **options: str) -> Baseline:
    return Baseline(dataset="digits", model=name, latent_dim=size, options=tuple(sorted(options.items())))


def coder(digits: Dataset, name: str, size: int = SIZE) -> Coder:
    found = baselines.coders.of(baseline(name, size), digits)
    assert not isinstance(found, Absent)
    return found


@pytest.fixture(scope="module")
def small(digits) -> Dataset:
    """Images of 7x7 pixels, all of which vary."""

    def shrunk(images: np.ndarray) -> np.ndarray:
        means = images.reshape(len(images), 7, 4, 7, 4, 1).mean(axis=(2, 4))
        noise = np.random.default_rng(len(images)).uniform(0, 0.1, means.shape)
        return (0.9 * means + noise).astype(np.float32)

    parts = {
        name: dataclasses.replace(part, images=shrunk(part.images))
        for name in ("train", "validation", "test")
        if (part := getattr(digits, name))
    }
    return dataclasses.replace(digits, **parts)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_measured_as_models_are_and_the_same_each_time(small, name: str) -> None:
    first, again = (baselines.run(baseline(name), small).result for _ in range(2))
    cost = {"measure_seconds", "peak_memory_mb"}
    assert {k: v for k, v in first.measures.items() if k not in cost} == {
        k: v for k, v in again.measures.items() if k not in cost
    }
    mean = baselines.run(Baseline(dataset="digits", model="mean"), small).result.measures["test_mse"]
    pca = baselines.run(baseline("pca"), small).result.measures
    assert first.measures["test_mse"] is not None and mean is not None
    assert first.measures["test_mse"] < mean
    assert first.measures["test_mse_unclipped"] >= pca["test_mse_unclipped"] * (1 - 1e-5)
    assert first.measures["latent_accuracy"] > 0.3
    assert {k for k, value in first.measures.items() if value is None} == set(first.reasons)


@pytest.mark.parametrize("name", NAMES)
def test_an_image_has_the_same_code_alone_and_among_others(small, name: str) -> None:
    found = coder(small, name)
    images = small.test.images[:20]
    np.testing.assert_allclose(found.encode(images[:1]), found.encode(images)[:1], atol=2e-5)


@pytest.mark.parametrize("name", [*NAMES, "linear_vae"])
def test_no_more_numbers_than_images_have_are_asked_for(digits, name: str) -> None:
    options = (("beta", 1.0),) if name == "linear_vae" else ()
    asked = Baseline(dataset="digits", model=name, latent_dim=5000, options=options)
    found = baselines.run(asked, digits).result
    assert found.status == "ok" and "components exist" in found.reasons["test_mse"]


def test_random_projections_are_decoded_with_the_least_squared_error(digits) -> None:
    found = coder(digits, "random")
    train = baselines.flat(digits.train.images).astype(np.float64)
    codes = found.encode(digits.train.images).astype(np.float64)
    with_one = np.hstack([codes, np.ones((len(codes), 1))])
    best = with_one @ np.linalg.lstsq(with_one, train, rcond=None)[0]
    ours = found.decode_unclipped(found.encode(digits.train.images))  # type: ignore[attr-defined]
    np.testing.assert_allclose(baselines.flat(ours), best, atol=1e-3)


def test_ica_turns_the_codes_of_pca(digits) -> None:
    found, pca = coder(digits, "ica"), coder(digits, "pca")
    images = digits.test.images
    np.testing.assert_allclose(found.decode(found.encode(images)), pca.decode(pca.encode(images)), atol=1e-4)
    codes = found.encode(digits.train.images)
    np.testing.assert_allclose(np.cov(codes.T, bias=True), np.eye(SIZE), atol=2e-3)

    def kurtosis(coder: Coder) -> float:
        return float(np.square(scipy.stats.kurtosis(coder.encode(digits.train.images))).sum())

    assert kurtosis(found) > kurtosis(pca)


def test_codes_of_nmf_are_non_negative_least_squares(digits) -> None:
    parts = np.random.default_rng(0).uniform(size=(5, 30)).astype(np.float32)
    images = np.random.default_rng(1).uniform(size=(40, 30)).astype(np.float32)
    expected = [scipy.optimize.nnls(parts.T.astype(float), image.astype(float))[0] for image in images]
    np.testing.assert_allclose(nmf.non_negative_codes(images, parts, 500), expected, atol=1e-4)
    found = coder(digits, "nmf")
    codes = found.encode(digits.test.images)
    assert codes.min() == 0
    exact = [
        scipy.optimize.nnls(found.weights.T.astype(float), image.astype(float))[0]  # type: ignore[attr-defined]
        for image in baselines.flat(digits.test.images[:50])
    ]
    np.testing.assert_allclose(codes[:50], exact, atol=1e-3 * np.abs(exact).max())
    np.testing.assert_array_equal(found.decode(codes - 100), 0)  # brought to codes that images may have


def test_factor_analysis_is_that_of_scikit_learn_on_the_images_themselves(small) -> None:
    train, test = (baselines.flat(part.images).astype(float) for part in (small.train, small.test))
    expected = sklearn.decomposition.FactorAnalysis(
        SIZE,
        svd_method="lapack",
        tol=factor_analysis.TOLERANCE * len(train),
        max_iter=factor_analysis.MOST_ITERATIONS,
    ).fit(train)
    found = baselines.coders.of(baseline("factor_analysis"), small)
    assert isinstance(found, factor_analysis.Factors)
    np.testing.assert_allclose(found.noise, expected.noise_variance_, rtol=0.02)
    evidence = found.log_evidence(small.test.images, found.fitted_variance())
    assert evidence.mean() == pytest.approx(expected.score(test), abs=0.02)  # type: ignore[union-attr]
    np.testing.assert_allclose(
        found.weights.T @ found.weights, expected.components_.T @ expected.components_, atol=1e-3
    )


def test_the_density_and_the_posterior_of_factors_are_those_of_gaussians(small) -> None:
    found = baselines.coders.of(baseline("factor_analysis"), small)
    assert isinstance(found, factor_analysis.Factors)
    images = small.test.images[:20]
    flat = baselines.flat(images).astype(float)
    whole = found.weights.T @ found.weights + np.diag(found.noise)
    density = scipy.stats.multivariate_normal(found.mean, whole)
    exact = density.logpdf(flat)
    np.testing.assert_allclose(found.log_evidence(images, found.noise), exact, rtol=1e-9)
    posterior = found.posterior(images)
    gain = found.weights @ np.linalg.inv(whole)  # (k, d): of two Gaussians, one given the other
    np.testing.assert_allclose(posterior.mean, (flat - found.mean) @ gain.T, atol=1e-4)
    covariance = np.eye(SIZE) - gain @ found.weights.T
    np.testing.assert_allclose(np.exp(posterior.log_variance[0]), np.diagonal(covariance), rtol=1e-5)
    np.testing.assert_allclose(covariance, np.diag(np.diagonal(covariance)), atol=1e-9)
    codes = posterior.sample(np.random.default_rng(0))
    bound = found.log_likelihood(images, codes) - posterior.log_density(codes)
    bound += found.prior().log_density(codes)  # type: ignore[union-attr]
    np.testing.assert_allclose(bound, exact, atol=5e-3)


def test_turned_factors_give_images_the_same_density() -> None:
    generator = np.random.default_rng(0)
    weights, noise = generator.normal(size=(3, 9)), generator.uniform(0.1, 1, 9)
    found, precision = formulas.turned(weights, noise)
    np.testing.assert_allclose(found.T @ found, weights.T @ weights, atol=1e-12)
    np.testing.assert_allclose((found / noise) @ found.T, np.diag(precision), atol=1e-12)


def test_the_likelihood_of_factors_stands_beside_that_of_pca_and_is_higher(small) -> None:
    asked = [
        baselines.run(baseline(name), small, ("basic", "likelihood")).result
        for name in ("factor_analysis", "pca")
    ]
    (factors, pca) = (one.measures for one in asked)
    assert factors["test_log_likelihood_fitted"] > pca["test_log_likelihood_fitted"]
    assert factors["test_elbo"] == pytest.approx(factors["test_log_likelihood_fitted"], abs=0.1)
    assert asked[0].reasons["test_log_likelihood"] == "its pixels have variances of their own"


def test_pixels_that_never_vary_leave_factor_analysis_a_density(small) -> None:
    images = small.train.images.copy()
    images[:, 0] = 0
    still = dataclasses.replace(small, train=dataclasses.replace(small.train, images=images))
    measures = baselines.run(baseline("factor_analysis"), still, ("likelihood",)).result.measures
    assert math.isfinite(measures["test_log_likelihood_fitted"] or math.nan)


def test_an_untrained_encoder_is_that_of_the_first_step_of_training(digits) -> None:
    found = baselines.coders.of(baseline("untrained", architecture="dense", widths="32"), digits)
    model = models.create(
        "ae",
        image_shape=digits.image_shape,
        architecture="dense",
        architecture_options={"widths": "32"},
        latent_dim=SIZE,
        seed=0,
    )
    assert not isinstance(found, Absent)
    images = digits.test.images[:10]
    np.testing.assert_array_equal(found.encode(images), model.encode(images))
    measured = baselines.run(baseline("untrained", architecture="conv"), digits).result
    assert measured.measures["latent_accuracy"] > 0.3
    assert measured.reasons["test_mse"] == "an untrained decoder knows nothing of images"
