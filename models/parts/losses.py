"""Reconstruction losses: sums over pixels, for which `beta` means the same at one loss and image size.

Each is the negative log-likelihood of the image, up to a constant, under the decoder's output
distribution; that of `bce` is for black and white images alone, since with grey ones what normalises it
depends on the output (Loaiza-Ganem and Cunningham, "The continuous Bernoulli", NeurIPS 2019). All take the
decoder's logits; the reconstruction is `sigmoid(logits)`, in [0, 1]. Where a decoder gives means, `mse` and
`mae` take these.
"""

from collections.abc import Callable
from typing import Any

from keras import ops

Tensor = Any  # a tensor of the active backend
ReconstructionLoss = Callable[[Tensor, Tensor], Tensor]


def _sum_over_pixels(values: Tensor) -> Tensor:
    return ops.sum(values, axis=(1, 2, 3))  # (n, h, w, c) -> (n,)


def squared_error(images: Tensor, logits: Tensor) -> Tensor:
    """Gaussian with variance 1/2: `sum (x - y)^2`, shape `(n,)`."""
    return _sum_over_pixels(ops.square(images - ops.sigmoid(logits)))


def absolute_error(images: Tensor, logits: Tensor) -> Tensor:
    """Laplace with scale 1: `sum |x - y|`, shape `(n,)`."""
    return _sum_over_pixels(ops.abs(images - ops.sigmoid(logits)))


def cross_entropy(images: Tensor, logits: Tensor) -> Tensor:
    """Bernoulli with grey targets: `-sum x log y + (1 - x) log(1 - y)`, shape `(n,)`, in nats.

    Written with logits, `softplus(l) - x l`, it neither overflows nor loses its gradient.
    """
    return _sum_over_pixels(ops.softplus(logits) - images * logits)


def squared_error_of_means(images: Tensor, means: Tensor) -> Tensor:
    """As `squared_error`, of means that may leave [0, 1]."""
    return _sum_over_pixels(ops.square(images - means))


def absolute_error_of_means(images: Tensor, means: Tensor) -> Tensor:
    """As `absolute_error`, of means that may leave [0, 1]."""
    return _sum_over_pixels(ops.abs(images - means))


RECONSTRUCTION_LOSSES: dict[str, ReconstructionLoss] = {
    "mse": squared_error,
    "bce": cross_entropy,
    "mae": absolute_error,
}

LOSSES_OF_MEANS: dict[str, ReconstructionLoss] = {
    "mse": squared_error_of_means,
    "mae": absolute_error_of_means,
}
