"""The importance-weighted bound of many codes, a block at a time: memory grows neither with K nor images.

The codes are those of `likelihood.importance_weighted_bound`, drawn in the same order from the same
generator; the log-likelihood may be a compiled one.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import scipy.special

from bench.models.coder import Densities, Density
from bench.models.distributions import Mixture

BLOCK_VALUES = 2**19
"""Pixels of the codes that are decoded at a time, at most."""

LogLikelihood = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Images `(i, h, w, c)` and codes `(i, k, m)` of each to `log p(x|z)`, `(i, k)`, in nats."""


def bounds(
    log_likelihood: LogLikelihood,
    images: np.ndarray,
    posterior: Densities,
    prior: Density,
    generator: np.random.Generator,
    samples: int,
    block_values: int = BLOCK_VALUES,
) -> np.ndarray:
    """Lower bound on the log-likelihood of each image, `log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x)`.

    Parameters
    ----------
    log_likelihood
        Of images and codes.
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].
    posterior
        Of these images.
    prior
        Of the codes.
    generator
        Draws the codes, image by image.
    samples
        `K`, at least 1.
    block_values
        Codes times pixels that are held at a time; at least one code is.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite. Higher is
    better.

    References
    ----------
    Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016.
    """
    log_prior = fast_log_density(prior)
    sums = _LogSums(len(images))
    block = max(1, block_values // math.prod(images.shape[1:]))
    for rows, count in _blocks(len(images), samples, block):
        theirs = posterior[np.arange(rows.start, rows.stop).repeat(count)]
        with np.errstate(over="ignore", invalid="ignore"):
            codes = theirs.sample(generator)
            against = log_prior(codes) - theirs.log_density(codes)
            fit = log_likelihood(images[rows], codes.reshape(-1, count, codes.shape[1]))
            sums.add(rows, fit + against.reshape(-1, count))
    return sums.found() - math.log(samples)


def _blocks(images: int, samples: int, block: int) -> Iterator[tuple[slice, int]]:
    """Images and how many codes of each come next: some images with all, or one with some of its codes."""
    if samples <= block:
        several = block // samples
        for start in range(0, images, several):
            yield slice(start, min(start + several, images)), samples
        return
    # As even as can be: each other size is compiled anew.
    most = math.ceil(samples / math.ceil(samples / block))
    for image in range(images):
        for start in range(0, samples, most):
            yield slice(image, image + 1), min(most, samples - start)


class _LogSums:
    """Logarithms of sums of exponentials that come in pieces: the largest, and the sum in its units."""

    def __init__(self, count: int) -> None:
        self._peaks, self._totals = np.full(count, -np.inf), np.zeros(count)

    def add(self, rows: slice, weights: np.ndarray) -> None:
        """Logarithms `(i, k)` of the rows `(i,)`; NaN stays NaN."""
        before = self._peaks[rows]
        peaks = np.maximum(before, weights.max(axis=1))
        units = np.where(np.isfinite(peaks), peaks, 0.0)
        self._totals[rows] *= np.exp(before - units)
        self._totals[rows] += np.exp(weights - units[:, np.newaxis]).sum(axis=1)
        self._peaks[rows] = peaks

    def found(self) -> np.ndarray:
        """`(n,)`, float64; minus infinity where all were."""
        with np.errstate(divide="ignore"):
            return np.where(np.isfinite(self._peaks), self._peaks, 0.0) + np.log(self._totals)


def fast_log_density(prior: Density) -> Callable[[np.ndarray], np.ndarray]:
    """`prior.log_density`; of a mixture by two matrix products in float64, for thousands of codes at once.

    The squares are multiplied out: float64 has digits to spare for what cancels then, as long as no component
    is narrower than `e^-10`.
    """
    if not isinstance(prior, Mixture) or prior.log_variance.min() < -20:
        return prior.log_density
    mean, log_variance = prior.mean.astype(np.float64), prior.log_variance.astype(np.float64)
    precision = np.exp(-log_variance)  # (c, k)
    weights = -math.log(len(mean)) if prior.log_weights is None else prior.log_weights
    constants = weights - 0.5 * (np.square(mean) * precision + log_variance + math.log(2 * math.pi)).sum(
        axis=1
    )
    linear, squared = (mean * precision).T, -0.5 * precision.T  # (k, c)

    def log_density(codes: np.ndarray) -> np.ndarray:
        codes = codes.astype(np.float64)
        found: np.ndarray = scipy.special.logsumexp(
            codes @ linear + np.square(codes) @ squared + constants, axis=1
        )
        return found

    return log_density


def standard_error(values: np.ndarray) -> float:
    """Of the mean of independent values `(n,)`: their deviation over the root of n; NaN of fewer than two."""
    return float(np.std(values, ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan
