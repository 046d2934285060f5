"""The linear VAE against probabilistic PCA by hand, by search and by its exact likelihood."""

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import scipy.stats

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.metrics import probabilistic_pca
from bench.models.coder import Absent
from bench.tasks import baselines
from bench.tasks.baselines.linear_vae import LinearVAE, of_components

SIZE = 8


def linear(size: int = SIZE, beta: float = 1.0, **options: str) -> Baseline:
    chosen = tuple(sorted({"beta": beta, **options}.items()))
    return Baseline(dataset="digits", model="linear_vae", latent_dim=size, options=chosen)


def coder(digits: Dataset, *args: float, **options: str) -> LinearVAE:
    found = baselines.coders.of(linear(*args, **options), digits)
    assert isinstance(found, LinearVAE)
    return found


@pytest.fixture(scope="module")
def spectrum(digits) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, eigenvalues and eigenvectors of the training images, the largest first, in float64."""
    train = baselines.flat(digits.train.images).astype(np.float64)
    values, vectors = scipy.linalg.eigh(np.cov(train.T, bias=True))
    return train.mean(axis=0), values[::-1], vectors[:, ::-1]


@pytest.mark.parametrize(("size", "beta"), [(8, 1.0), (64, 1.0), (8, 0.25), (8, 4.0)])
def test_its_numbers_are_those_of_the_closed_form_of_tipping_and_bishop(digits, spectrum, size, beta) -> None:
    """`M = W'W + s^2 I`, posterior `N(M^-1 W'(x - mean), s^2 M^-1)` with `s^2 = beta / 2`, without axes."""
    mean, values, vectors = spectrum
    threshold = beta / 2
    kept = int((values[:size] > threshold).sum())
    weights = np.zeros((values.size, size))  # (d, k)
    weights[:, :kept] = vectors[:, :kept] * np.sqrt(values[:kept] - threshold)
    inverse = np.linalg.inv(weights.T @ weights + threshold * np.eye(size))
    test = baselines.flat(digits.test.images).astype(np.float64)
    codes = (test - mean) @ weights @ inverse
    covariance = threshold * inverse
    kl = 0.5 * (np.square(codes).sum(axis=1) + np.trace(covariance) - size - np.linalg.slogdet(covariance)[1])
    error = np.square(codes @ weights.T + mean - test).mean()
    found = baselines.run(linear(size, beta), digits).result.measures
    assert found["test_kl"] == pytest.approx(kl.mean(), rel=1e-4)
    assert found["test_mse_unclipped"] == pytest.approx(error, rel=1e-5)
    assert found["test_mse"] < found["test_mse_unclipped"]
    assert found["active_units"] <= kept < values.size


@pytest.mark.parametrize("beta", [0.25, 1.0, 4.0])
def test_no_other_scales_of_its_components_and_no_other_variances_of_codes_have_a_lower_loss(
    digits, spectrum, beta
) -> None:
    """Of `|x - mean - W z|^2 + beta KL`, by a search that knows no closed form."""
    _, values, _ = spectrum
    values = values[:SIZE]

    def loss(parameters: np.ndarray) -> float:
        scale, gain, log_variance = parameters.reshape(3, SIZE)
        variance = np.exp(log_variance)
        left = np.square(1 - scale * gain) * values + np.square(scale) * variance
        kl = 0.5 * (np.square(gain) * values + variance - 1 - log_variance)
        return float((left + beta * kl).sum())

    start = np.concatenate([np.full(SIZE, 0.5), np.full(SIZE, 0.5), np.zeros(SIZE)])
    least = scipy.optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-8})
    found = coder(digits, SIZE, beta)
    scale = np.linalg.norm(found.weights, axis=1)
    ours = np.concatenate([scale, np.linalg.norm(found.gain, axis=0), found.log_variance])
    assert loss(ours) == pytest.approx(least.fun, rel=1e-5)
    assert loss(ours) <= least.fun + 1e-4


def test_its_bound_is_exact_at_a_weight_of_one(digits) -> None:
    """The posterior is the true one: ELBO and importance-weighted bound are the likelihood of the images."""
    found = coder(digits)
    images = digits.test.images[:50]
    density = scipy.stats.multivariate_normal(
        found.mean, found.weights.T @ found.weights + np.diag(found.noise)
    )
    exact = density.logpdf(baselines.flat(images))
    posterior = found.posterior(images)
    codes = posterior.sample(np.random.default_rng(0))
    bound = found.log_likelihood(images, codes) - posterior.log_density(codes)
    bound += found.prior().log_density(codes)  # type: ignore[union-attr]
    np.testing.assert_allclose(bound, exact, atol=1e-3)
    measured = baselines.run(linear(), digits, ("basic", "likelihood")).result.measures
    pca = baselines.run(
        Baseline(dataset="digits", model="pca", latent_dim=SIZE), digits, ("likelihood",)
    ).result.measures
    assert measured["test_elbo"] == pytest.approx(pca["test_log_likelihood"], abs=0.2)  # one code an image
    whole = digits.test.images[:1000]
    first = probabilistic_pca.log_evidence(whole, *_components(digits), 0.5).mean()
    assert measured["test_iw_bound"] == pytest.approx(first, abs=1e-3)


def _components(digits: Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pca = baselines.coders.PrincipalComponents(dataset=digits, code_size=SIZE)
    return pca.mean, pca.axes, pca.variances


def test_as_the_weight_vanishes_it_reconstructs_as_pca_does(digits) -> None:
    pca = baselines.run(Baseline(dataset="digits", model="pca", latent_dim=SIZE), digits).result.measures
    found = baselines.run(linear(SIZE, 1e-6), digits).result.measures
    for name in ("test_mse", "test_mse_unclipped", "validation_mse"):
        assert found[name] == pytest.approx(pca[name], rel=1e-5)


def test_at_a_large_weight_every_code_is_the_prior(digits) -> None:
    found = baselines.run(linear(SIZE, 1e4), digits).result.measures
    mean = baselines.run(Baseline(dataset="digits", model="mean"), digits).result.measures
    assert found["test_kl"] == 0 and found["active_units"] == 0
    assert found["test_mse"] == pytest.approx(mean["test_mse"], rel=1e-6)


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0, 20.0])
def test_its_fitted_variance_is_that_of_least_loss(digits, spectrum, beta) -> None:
    """Against a search over the variance, at each of which the rest has its closed form."""
    _, values, _ = spectrum

    def loss(log_noise: float) -> float:
        threshold = beta * math.exp(log_noise)
        on = values[:SIZE][values[:SIZE] > threshold]
        distortion = len(on) * threshold + values.sum() - on.sum()
        rate = 0.5 * np.log(on / threshold).sum()
        return float(values.size / 2 * log_noise + distortion / (2 * math.exp(log_noise)) + beta * rate)

    least = min(
        (
            scipy.optimize.minimize_scalar(loss, bounds=(low, low + 1), method="bounded")
            for low in range(-9, 2)
        ),
        key=lambda one: one.fun,
    )
    found = probabilistic_pca.fitted_variance(values[:SIZE], values.sum(), values.size, beta)
    assert math.log(found) == pytest.approx(least.x, abs=1e-4)
    assert coder(digits, SIZE, beta, variance="fitted").noise[0] == pytest.approx(found, rel=1e-4)


def test_with_a_fitted_variance_its_elbo_is_the_likelihood_of_pca_at_its_fitted_variance(digits) -> None:
    result = baselines.run(linear(variance="fitted"), digits).result
    measured = result.measures
    pca = baselines.run(
        Baseline(dataset="digits", model="pca", latent_dim=SIZE), digits, ("likelihood",)
    ).result.measures
    assert measured["test_elbo"] == pytest.approx(pca["test_log_likelihood_fitted"], abs=0.2)
    assert measured["active_units"] == SIZE
    assert result.texts["likelihood"].startswith("a Gaussian of variance 0.0")


def test_it_says_what_it_cannot_be(digits) -> None:
    for found in (linear(5000), linear(784, variance="fitted")):
        assert isinstance(baselines.coders.of(found, digits), Absent)


@pytest.mark.parametrize("beta", [0.1, 1.0, 4.0])
def test_it_lies_on_the_curve_of_its_components(digits, beta) -> None:
    """At any variance the curve has the numbers of the linear VAE that is made for it."""
    outcome = baselines.run(linear(SIZE, beta), digits)
    rates, errors = outcome.images["linear_kl"], outcome.images["linear_mse"]
    assert (np.diff(rates) >= 0).all() and rates[0] == pytest.approx(0, abs=1e-9)
    found, measures = coder(digits, SIZE, beta), outcome.result.measures
    variances = np.geomspace(found.pca.variances[0], 0.01 * found.pca.variances[-1], 30)
    made = [of_components(found.pca, 1.0, each) for each in variances[[5, 20]]]
    posteriors = [each.posterior(digits.test.images) for each in made]
    kl = [each.kl(made[0].prior()).sum(axis=1).mean() for each in posteriors]  # type: ignore[arg-type, union-attr]
    np.testing.assert_allclose(rates[[5, 20]], kl, rtol=1e-4)
    assert np.interp(measures["test_kl"], rates, errors) == pytest.approx(
        measures["test_mse_unclipped"], rel=0.03
    )
