"""Likelihood and robustness, against closed forms and scikit-learn."""

import math

import numpy as np
import scipy.stats
import sklearn.metrics

from bench.metrics import likelihood, reconstruction, robustness
from tests.deviations.material import COMPONENTS, FEW, Check, Material, absolute, relative


def iw_bound(m: Material) -> float:
    """Probabilistic PCA with variance 1/2: the posterior is Gaussian and diagonal, the likelihood known."""
    flat = m.images.reshape(len(m.images), -1).astype(float)
    mean = flat.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(flat, rowvar=False))
    loading = vectors[:, -COMPONENTS:] * np.sqrt(np.maximum(values[-COMPONENTS:], 0.6) - 0.5)  # (pixels, k)
    variance = 1 / (1 + 2 * (loading**2).sum(axis=0))
    centred = flat[:FEW] - mean
    posterior = variance * 2 * (centred @ loading), np.broadcast_to(np.log(variance), (FEW, COMPONENTS))
    inside = centred @ loading
    precision = np.linalg.inv(np.eye(COMPONENTS) + 2 * loading.T @ loading)
    distance = 2 * (centred**2).sum(axis=1) - 4 * np.einsum("ij,jk,ik->i", inside, precision, inside)
    pixels = flat.shape[1]
    log_determinant = np.linalg.slogdet(np.eye(COMPONENTS) + 2 * loading.T @ loading)[1] - pixels * math.log(
        2
    )
    expected = -0.5 * (distance + log_determinant + pixels * math.log(2 * math.pi))
    found = likelihood.importance_weighted_bound(
        "mse",
        m.images[:FEW],
        posterior,
        lambda codes: (codes.astype(float) @ loading.T + mean).reshape(-1, *m.images.shape[1:]),
        np.random.default_rng(0),
    )
    return absolute(found, expected)


def density(m: Material) -> float:
    x, y = m.images.astype(float), m.reconstructed.astype(float)
    expected = scipy.stats.norm.logpdf(x, y, math.sqrt(0.5)).sum(axis=(1, 2, 3))
    return relative(likelihood.log_likelihood("mse", x, y), expected)


def auroc(m: Material) -> float:
    scores = reconstruction.mse(m.images, m.reconstructed)
    inside, outside = scores[::2], 1.2 * scores[1::2]
    truth = np.r_[np.zeros(len(inside)), np.ones(len(outside))]
    expected = sklearn.metrics.roc_auc_score(truth, np.r_[inside, outside])
    return absolute(robustness.auroc(inside, outside), expected)


CHECKS = (
    Check(
        measure="IW bound",
        against="exact likelihood of probabilistic PCA",
        bound=1e-4,
        unit="nats",
        deviation=iw_bound,
    ),
    Check(measure="Log-likelihood", against="SciPy", bound=1e-9, unit="relative", deviation=density),
    Check(measure="OOD AUROC", against="scikit-learn", bound=1e-9, unit="", deviation=auroc),
)
