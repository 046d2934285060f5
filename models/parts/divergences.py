"""Log densities and distances between samples, as training computes them: tensors in, tensors out."""

import math

from keras import ops

from .losses import Tensor

LOG_TAU = math.log(2 * math.pi)
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Of the kernel, as in Tolstikhin et al. 2018."""


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


def _kernel(first: Tensor, second: Tensor, size: int) -> Tensor:
    squared = ops.sum(ops.square(first[:, None] - second[None]), axis=-1)
    return sum(2.0 * size * scale / (2.0 * size * scale + squared) for scale in SCALES)
