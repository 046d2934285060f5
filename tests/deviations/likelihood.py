"""Likelihood and robustness, against closed forms and SciPy."""

import math

import numpy as np
import scipy.stats
import sklearn.decomposition

from bench.metrics import factor_analysis, likelihood, probabilistic_pca, reconstruction, robustness
from bench.models import distributions
from tests.deviations.material import COMPONENTS, FEW, Check, Material, absolute, relative


def iw_bound(m: Material) -> float:
    """Probabilistic PCA with variance 1/2: the posterior is Gaussian and diagonal, the likelihood known."""
    flat = m.images.reshape(len(m.images), -1).astype(float)
    mean = flat.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False))
    loading = vectors[:, -COMPONENTS:] * np.sqrt(np.maximum(values[-COMPONENTS:], 0.6) - 0.5)  # (pixels, k)
    variance = 1 / (1 + 2 * (loading**2).sum(axis=0))
    centred = flat[:FEW] - mean
    posterior = distributions.Gaussians(
        mean=variance * 2 * (centred @ loading),
        log_variance=np.broadcast_to(np.log(variance), (FEW, COMPONENTS)),
    )
    inside = centred @ loading
    precision = np.linalg.inv(np.eye(COMPONENTS) + 2 * loading.T @ loading)
    distance = 2 * (centred**2).sum(axis=1) - 4 * np.einsum("ij,jk,ik->i", inside, precision, inside)
    pixels = flat.shape[1]
    log_determinant = np.linalg.slogdet(np.eye(COMPONENTS) + 2 * loading.T @ loading)[1] - pixels * math.log(
        2
    )
    expected = -0.5 * (distance + log_determinant + pixels * math.log(2 * math.pi))
    found = likelihood.importance_weighted_bound(
        lambda images, codes: likelihood.log_likelihood(
            "mse", images, (codes.astype(float) @ loading.T + mean).reshape(images.shape)
        ),
        m.images[:FEW],
        posterior,
        distributions.StandardNormal(size=COMPONENTS),
        np.random.default_rng(0),
    )
    return absolute(found, expected)


def exact(m: Material) -> float:
    """At the variance 1/2, with the covariance of pixels by pixels that ours does without."""
    flat = m.images.reshape(len(m.images), -1).astype(float)
    values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False))
    values, axes = values[-COMPONENTS:], vectors[:, -COMPONENTS:].T  # (k, pixels)
    loading = axes.T * np.sqrt(np.maximum(values, 0.5) - 0.5)
    covariance = loading @ loading.T + 0.5 * np.eye(flat.shape[1])
    expected = scipy.stats.multivariate_normal(flat.mean(axis=0), covariance).logpdf(flat[:FEW])
    found = probabilistic_pca.log_evidence(m.images[:FEW], flat.mean(axis=0), axes, values, 0.5)
    return absolute(found, expected)


def exact_fitted(m: Material) -> float:
    """At the fitted variance, of every second row and column: of fewer images than pixels it has another.

    scikit-learn's covariance divides by all images but one, so it gets ours.
    """
    images = m.images[:, ::2, ::2]
    flat = images.reshape(len(images), -1).astype(float)
    pca = sklearn.decomposition.PCA(COMPONENTS, svd_solver="full").fit(flat)
    share = (len(flat) - 1) / len(flat)
    pca.explained_variance_ = pca.explained_variance_ * share
    pca.noise_variance_ *= share
    variances, total = pca.explained_variance_, float(flat.var(axis=0).sum())
    noise = probabilistic_pca.fitted_variance(variances, total, flat.shape[1])
    found = probabilistic_pca.log_evidence(images[:FEW], pca.mean_, pca.components_, variances, noise)
    return absolute(found, pca.score_samples(flat[:FEW]))


def factors(m: Material) -> float:
    """Of every second row and column, with noise of 0.001 at least: some pixels hardly vary."""
    images = m.images[:, ::2, ::2]
    flat = images.reshape(len(images), -1).astype(float)
    fitted = sklearn.decomposition.FactorAnalysis(COMPONENTS, svd_method="lapack", tol=10.0).fit(flat)
    fitted.noise_variance_ = np.maximum(fitted.noise_variance_, 1e-3)
    found = factor_analysis.log_evidence(
        images[:FEW], fitted.mean_, fitted.components_, fitted.noise_variance_
    )
    return absolute(found, fitted.score_samples(flat[:FEW]))


def elbo_fitted(m: Material) -> float:
    """Probabilistic PCA at its fitted variance: with the exact posterior the bound is the likelihood.

    The mean over 300 images of the ELBO from one code each, 50 times, against its own standard error.
    """
    images = m.images[:FEW, ::2, ::2]
    flat = m.images[:, ::2, ::2].reshape(len(m.images), -1).astype(float)
    pca = sklearn.decomposition.PCA(COMPONENTS, svd_solver="full").fit(flat)
    noise, generator = pca.noise_variance_, np.random.default_rng(3)
    spread = pca.explained_variance_  # of the loadings and the noise
    centred = flat[:FEW] - pca.mean_
    mean = centred @ pca.components_.T * np.sqrt(spread - noise) / spread
    log_variance = np.broadcast_to(np.log(noise / spread), mean.shape)
    loading = pca.components_.T * np.sqrt(spread - noise)  # (pixels, k)
    rate = distributions.kl_to_prior(mean, log_variance).sum(axis=1)
    bounds = []
    for _ in range(50):
        codes = mean + np.exp(log_variance / 2) * generator.standard_normal(mean.shape)
        means = (codes @ loading.T + pca.mean_).reshape(-1, *images.shape[1:])
        fit = likelihood.gaussian_log_likelihood(images, means, noise)
        bounds.append(likelihood.elbo(fit, rate).mean())
    error = np.std(bounds, ddof=1) / math.sqrt(len(bounds))
    return float(abs(np.mean(bounds) - pca.score(flat[:FEW])) / error)


def density(m: Material) -> float:
    """Of each loss: Gaussian, Laplace, and Bernoulli of images in black and white."""
    x, y = m.images.astype(float), m.reconstructed.astype(float)
    black_and_white, inside = x.round(), y.clip(1e-7, 1 - 1e-7)
    return max(
        relative(likelihood.log_likelihood(loss, images, y), expected.sum(axis=(1, 2, 3)))
        for loss, images, expected in (
            ("mse", x, scipy.stats.norm.logpdf(x, y, math.sqrt(0.5))),
            ("mae", x, scipy.stats.laplace.logpdf(x, y)),
            ("bce", black_and_white, scipy.stats.bernoulli.logpmf(black_and_white, inside)),
        )
    )


def auroc(m: Material) -> float:
    scores = reconstruction.mse(m.images, m.reconstructed)
    inside, outside = scores[::2], 1.2 * scores[1::2]
    pairs = len(inside) * len(outside)
    expected = scipy.stats.mannwhitneyu(outside, inside).statistic / pairs
    return absolute(robustness.auroc(inside, outside), expected)


CHECKS = (
    Check(
        measure="IW bound",
        against="exact likelihood of probabilistic PCA",
        bound=1e-4,
        unit="nats",
        on="300 images",
        deviation=iw_bound,
    ),
    Check(
        measure="ELBO at a fitted variance",
        against="exact likelihood of probabilistic PCA, scikit-learn",
        bound=4,
        unit="standard errors",
        on="300 images of 14x14, 50 draws",
        deviation=elbo_fitted,
    ),
    Check(
        measure="Log-likelihood of PCA",
        against="SciPy's multivariate normal",
        bound=1e-6,
        unit="nats",
        on="300 images",
        deviation=exact,
    ),
    Check(
        measure="Log-likelihood of PCA, fitted",
        against="scikit-learn",
        bound=1e-6,
        unit="nats",
        on="300 images of 14x14",
        deviation=exact_fitted,
    ),
    Check(
        measure="Log-likelihood of factor analysis",
        against="scikit-learn",
        bound=1e-6,
        unit="nats",
        on="300 images of 14x14",
        deviation=factors,
    ),
    Check(
        measure="Log-likelihood of mse, mae, bce",
        against="SciPy",
        bound=1e-9,
        unit="relative",
        on="2,000 images",
        deviation=density,
    ),
    Check(
        measure="OOD AUROC",
        against="SciPy's Mann-Whitney U",
        bound=1e-9,
        unit="",
        on="1,000 scores a side",
        deviation=auroc,
    ),
)
