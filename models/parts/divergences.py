"""Log densities and distances between samples, as training computes them: tensors in, tensors out."""

import math
from collections.abc import Iterator

from keras import ops

from .losses import Tensor

LOG_TAU = math.log(2 * math.pi)
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Of the kernel, as in Tolstikhin et al. 2018."""
DIMENSIONS = 8
"""Of codes that are looked at together where every code meets every other."""


def log_normal(codes: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """Log density of diagonal Gaussians in nats, summed over the last axis."""
    squared = ops.square(codes - mean) * ops.exp(-log_variance)
    return -0.5 * ops.sum(log_variance + LOG_TAU + squared, axis=-1)


def log_standard_normal(codes: Tensor) -> Tensor:
    """Log density under `N(0, I)` in nats, summed over the last axis."""
    return -0.5 * ops.sum(ops.square(codes) + LOG_TAU, axis=-1)


def mmd(first: Tensor, second: Tensor) -> Tensor:
    """The unbiased squared maximum mean discrepancy of two samples `(n, k)`: a scalar; 0 of one code each.

    The kernel is a sum of inverse multiquadratics `s C / (s C + |a - b|^2)` with `C = 2 k`
    (Gretton et al. 2012; Tolstikhin et al. 2018).
    """
    count, size = ops.shape(first)[0], first.shape[1]
    pairs = ops.cast(ops.maximum(count * (count - 1), 1), first.dtype)
    off_diagonal = 1.0 - ops.eye(count, dtype=first.dtype)
    among = _kernel(first, first, size) + _kernel(second, second, size)
    across = ops.mean(_kernel(first, second, size))
    is_enough = ops.cast(count > 1, first.dtype)
    return is_enough * (ops.sum(off_diagonal * among) / pairs - 2.0 * across)


def log_normal_pairs(codes: Tensor, mean: Tensor, log_variance: Tensor) -> Iterator[Tensor]:
    """Log densities of codes `(n, k)` under Gaussians `(c, k)`: `(n, c, 8 at most)`, dimensions in turns.

    All at once would be `n c k` numbers: 256 MB for the 1,000 images of a validation batch and 64 dimensions.
    """
    for start in range(0, codes.shape[1], DIMENSIONS):
        part = slice(start, start + DIMENSIONS)
        apart = ops.square(codes[:, None, part] - mean[None, :, part]) * ops.exp(-log_variance[None, :, part])
        yield -0.5 * (log_variance[None, :, part] + LOG_TAU + apart)


def sliced(codes: Tensor, directions: Tensor) -> Tensor:
    """The squared 2-Wasserstein distance of codes `(n, k)` from `N(0, I)`, a mean over directions: a scalar.

    Along each of the directions `(k, s)`, which need no length of 1, the sorted projections are held against
    the quantiles `Phi^-1((i - 1/2) / n)` of the normal distribution.
    """
    count = ops.shape(codes)[0]
    lengths = ops.sqrt(ops.sum(ops.square(directions), axis=0, keepdims=True))
    projected = ops.sort(ops.matmul(codes, directions / lengths), axis=0)  # (n, s)
    places = (ops.cast(ops.arange(count), codes.dtype) + 0.5) / ops.cast(count, codes.dtype)
    quantiles = math.sqrt(2.0) * ops.erfinv(2.0 * places - 1.0)
    return ops.mean(ops.square(projected - quantiles[:, None]))


def _kernel(first: Tensor, second: Tensor, size: int) -> Tensor:
    squared = squared_distances(first, second)
    return sum(2.0 * size * scale / (2.0 * size * scale + squared) for scale in SCALES)


def squared_distances(first: Tensor, second: Tensor) -> Tensor:
    """Of all pairs, `(n, m)`, >= 0; multiplied out, which needs no `(n, m, k)`."""
    squares = ops.sum(ops.square(first), axis=1)[:, None] + ops.sum(ops.square(second), axis=1)[None]
    return ops.maximum(squares - 2.0 * ops.matmul(first, ops.transpose(second)), 0.0)
