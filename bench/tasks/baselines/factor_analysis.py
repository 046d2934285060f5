"""Factor analysis: probabilistic PCA whose pixels have noise of their own each."""

import dataclasses
import math
import warnings

import numpy as np
import scipy.linalg
from sklearn.decomposition import FactorAnalysis
from sklearn.exceptions import ConvergenceWarning

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.machine import threads
from bench.metrics import factor_analysis as formulas
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.linear_gaussian import LinearGaussian

MOST_VALUES = 4096  # of an image, up to which its covariance fits
MOST_ITERATIONS = 100
TOLERANCE = 1e-4  # nats an image that an iteration has to bring, or it is the last
GREY_LEVEL = 1 / (12 * 255**2)
"""The variance of the rounding of pixels to 256 values. Each pixel is given as much noise before the fit: one
that is the same in all training images would have none at all, and no other image any density."""


def factor_analysis(baseline: Baseline, dataset: Dataset) -> "Factors | Absent":
    """Factor analysis by expectation maximisation, 100 iterations at most.

    It asks of images for their mean and covariance alone. So it is fitted to as few rows as have the same:
    each iteration is then as exact, and costs what `d + 1` images would cost.

    References
    ----------
    Rubin and Thayer, "EM algorithms for ML factor analysis", Psychometrika 47, 1982; Barber, "Bayesian
    reasoning and machine learning", 21.2.
    """
    count, pixels = baseline.latent_dim or 0, int(np.prod(dataset.image_shape))
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    if pixels > MOST_VALUES:
        return Absent(f"images of more than {MOST_VALUES} values, whose covariance is too large")
    images = components.flat(dataset.train.images)
    mean = images.mean(axis=0, dtype=np.float64)
    with threads.as_worth(images), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # then it is what 100 iterations give
        rows = representative_rows(images, mean)
        fitted = FactorAnalysis(
            count, svd_method="lapack", max_iter=MOST_ITERATIONS, tol=TOLERANCE * len(rows)
        ).fit(rows)
    return of_fitted(dataset, mean, fitted.components_, fitted.noise_variance_)


def representative_rows(images: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """`(d + 1, d)`, float64, of mean 0 and with the covariance of flat images `(n, d)` and their rounding.

    A root of the covariance, rotated so that no row of it lies along the vector of ones.
    """
    centred = images - mean.astype(np.float32)
    covariance = (centred.T @ centred).astype(np.float64) / len(images)
    covariance[np.diag_indices_from(covariance)] += GREY_LEVEL
    values, vectors = scipy.linalg.eigh(covariance)
    root = np.sqrt(np.maximum(values, 0))[:, np.newaxis] * vectors.T
    count = len(root) + 1
    rows: np.ndarray = math.sqrt(count) * scipy.linalg.helmert(count).T @ root
    return rows


def of_fitted(dataset: Dataset, mean: np.ndarray, weights: np.ndarray, noise: np.ndarray) -> "Factors":
    """The coder of a fit, its factors turned until they are independent given an image."""
    turned, precision = formulas.turned(weights, noise)
    return Factors(
        dataset=dataset,
        mean=mean,
        weights=turned,
        noise=noise,
        gain=(turned / noise).T / (1 + precision),
        log_variance=-np.log1p(precision),
    )


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Factors(LinearGaussian):
    """A linear Gaussian model whose density of images is known."""

    def log_evidence(self, images: np.ndarray, variance: float | np.ndarray) -> np.ndarray | Absent:
        """Of images `(n, h, w, c)` with the variances of their values, `(d,)`: `(n,)`, float64, in nats."""
        if not isinstance(variance, np.ndarray):
            return Absent("its pixels have variances of their own")
        return formulas.log_evidence(images, self.mean, self.weights, variance)

    def fitted_variance(self) -> np.ndarray:
        """Of each value of an image given a code, `(d,)`."""
        return self.noise
