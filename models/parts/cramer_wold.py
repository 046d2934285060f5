"""The Cramer-Wold distance of codes from `N(0, I)` (Knop et al. 2020): tensors in, a scalar out.

Codes and the normal distribution are projected on all directions, smoothed with a Gaussian of the variance
`y = (4 / (3 n))^0.4` (Silverman's rule), and their densities compared: the mean over directions of the
squared difference, times `2 sqrt(pi)`.
"""

from keras import ops

from .divergences import squared_distances
from .losses import Tensor

LEAST_DIMENSIONS = 20
"""From which on the closed form errs by 1 % at most."""
DIRECTIONS = 20
TOGETHER = 5
"""Directions that are looked at at once: of 1,000 codes they take 20 MB."""
LEAST = 1e-6
"""Of a distance whose logarithm is taken."""


def distance(codes: Tensor) -> Tensor:
    """By the closed form for many dimensions, of codes `(n, k)`, `k >= 20`."""
    smoothing, size = _smoothing(codes), 2.0 * codes.shape[1] - 3.0
    pairs = ops.mean(ops.rsqrt(smoothing + squared_distances(codes, codes) / size))
    lengths = ops.sum(ops.square(codes), axis=1)
    cross = ops.mean(ops.rsqrt(smoothing + 0.5 + lengths / size))
    return ops.rsqrt(1.0 + smoothing) + pairs - 2.0 * cross


def along(codes: Tensor, directions: Tensor) -> Tensor:
    """By the exact form in one dimension, a mean over directions `(k, s)` of any length."""
    smoothing = _smoothing(codes)
    lengths = ops.sqrt(ops.sum(ops.square(directions), axis=0, keepdims=True))
    projected = ops.matmul(codes, directions / lengths)  # (n, s)
    count = directions.shape[1]
    pairs = 0.0
    for start in range(0, count, TOGETHER):
        part = ops.transpose(projected[:, start : start + TOGETHER])  # (5, n)
        apart = ops.square(part[:, :, None] - part[:, None, :])  # (5, n, n)
        pairs += ops.sum(ops.mean(ops.exp(-apart / (4.0 * smoothing)), axis=(1, 2)))
    cross = ops.mean(ops.exp(-ops.square(projected) / (2.0 + 4.0 * smoothing)))
    return (
        ops.rsqrt(1.0 + smoothing)
        + pairs / count * ops.rsqrt(smoothing)
        - 2.0 * cross * ops.rsqrt(smoothing + 0.5)
    )


def _smoothing(codes: Tensor) -> Tensor:
    return (4.0 / (3.0 * ops.cast(ops.shape(codes)[0], codes.dtype))) ** 0.4
