"""Factor analysis: probabilistic PCA whose pixels have noise of their own each."""

import dataclasses
import math

import numpy as np
import scipy.linalg

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.machine import threads
from bench.metrics import factor_analysis as formulas
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.linear_gaussian import LinearGaussian

MOST_VALUES = 3072  # of an image, up to which its covariance fits
MOST_ITERATIONS = 100
TOLERANCE = 1e-4  # nats an image that an iteration has to bring, or it is the last
GREY_LEVEL = 1 / (12 * 255**2)
"""The variance of the rounding of pixels to 256 values. Each pixel is given as much noise before the fit: one
that is the same in all training images would have none at all, and no other image any density."""


def factor_analysis(baseline: Baseline, dataset: Dataset) -> "Factors | Absent":
    """The baseline `factor_analysis`: of images it asks for their mean and covariance alone."""
    count, pixels = baseline.latent_dim or 0, math.prod(dataset.image_shape)
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    if pixels > MOST_VALUES:
        return Absent(f"images of more than {MOST_VALUES} values, whose covariance is too large")
    images = components.fitted_to(dataset)
    mean = images.mean(axis=0, dtype=np.float64)
    with threads.as_worth(images):
        centred = images - mean.astype(np.float32)
        covariance = (centred.T @ centred).astype(np.float64) / len(images)
        covariance[np.diag_indices_from(covariance)] += GREY_LEVEL
        weights, noise = fitted(covariance, count)
    return of_fitted(dataset, mean, weights, noise)


def fitted(covariance: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights `(k, d)` and noise `(d,)` under which images of a covariance `(d, d)` are most likely.

    In turns the best weights at a noise, which are probabilistic PCA of images divided by the deviations of
    the noise, and the noise that these weights leave; 100 times at most. The likelihood rises each time. A
    singular value decomposition of all images, as scikit-learn has it, gives the same and takes longer.

    References
    ----------
    Barber, "Bayesian reasoning and machine learning", 21.2; Rubin and Thayer, "EM algorithms for ML factor
    analysis", Psychometrika 47, 1982.
    """
    total, before = np.diagonal(covariance), -math.inf
    noise, places = np.ones_like(total), (len(total) - count, len(total) - 1)
    for _ in range(MOST_ITERATIONS):
        deviations = np.sqrt(noise)
        scaled = covariance / np.outer(deviations, deviations)
        values, vectors = scipy.linalg.eigh(scaled, subset_by_index=places)  # (k,), (d, k)
        values = np.maximum(values, 1.0)
        weights = np.sqrt(values - 1)[:, np.newaxis] * vectors.T * deviations  # (k, d)
        explained = (np.log(values) - values + 1).sum()
        likelihood = -0.5 * (explained + np.trace(scaled) + np.log(noise).sum())  # less a constant
        noise = np.maximum(total - np.square(weights).sum(axis=0), GREY_LEVEL / 100)
        if likelihood - before < TOLERANCE:
            break
        before = likelihood
    return weights, noise


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
        likelihood="a Gaussian with a variance for each pixel",
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
