"""Densities of factor analysis: `x` is `N(mean, W' W + diag(noise))`, without a matrix of pixels by pixels.

Rubin and Thayer, "EM algorithms for ML factor analysis", Psychometrika 47, 1982.
"""

import numpy as np
import scipy.linalg

from bench.models.distributions import LOG_TAU
from bench.models.likelihoods import for_each_image


def turned(weights: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factors turned so that, given an image, they are independent; the density of images stays.

    Parameters
    ----------
    weights, noise
        `W`, `(k, d)`, and the variances of the values of an image given a code, `(d,)`, above 0.

    Returns
    -------
    `(k, d)`, and for each factor what images add to its precision, `(k,)`, the most first: its variance given
    an image is `1 / (1 + precision)`.
    """
    precision, axes = scipy.linalg.eigh((weights / noise) @ weights.T)
    return axes[:, ::-1].T @ weights, np.maximum(precision[::-1], 0)


def log_evidence(images: np.ndarray, mean: np.ndarray, weights: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Log-likelihood of each image, whatever its code, normalising constants included.

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1], of `d` pixels and channels each.
    mean, weights, noise
        Shapes `(d,)`, `(k, d)` and `(d,)`; noise above 0.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite.
    """
    factors, precision = turned(weights.astype(np.float64), noise)
    scaled = factors / noise  # (k, d)
    constant = noise.size * LOG_TAU + np.log(noise).sum() + np.log1p(precision).sum()

    def of_block(block: np.ndarray) -> np.ndarray:
        centred = block.reshape(len(block), -1) - mean  # (block, d)
        explained = np.square(centred @ scaled.T) / (1 + precision)  # (block, k)
        distance = (np.square(centred) / noise).sum(axis=1) - explained.sum(axis=1)
        found: np.ndarray = -0.5 * (constant + distance)
        return found

    return for_each_image(of_block, images)
