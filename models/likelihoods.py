"""What the losses of this package are likelihoods of: densities of images, in NumPy and float64.

Images are arrays of shape `(n, height, width, channels)`, floats in [0, 1], of any float dtype; results are
float64 of shape `(n,)`. An image that holds a value that is not finite, on either side, gets NaN, and its
neighbours keep their numbers. Stacks are worked through in blocks of bounded size, which changes no result.
"""

import math
from collections.abc import Callable

import numpy as np

CONSTANTS = {"bce": 0.0, "mae": -math.log(2), "mse": -math.log(math.pi) / 2}
"""Of the log-likelihood of a pixel, in nats: what each loss leaves out, and what says nothing of a model."""

BLOCK_VALUES = 2**17
"""Pixels held in float64 at once: 1 MiB an array, so that SSIM's filters stay in the processor's cache."""

SMALLEST_PROBABILITY = 1e-7
"""Predictions are clipped this far from 0 and 1, as Keras does, for their logarithm to exist."""


def log_likelihood(loss: str, images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Log-likelihood of each image under the distribution that a loss stands for.

    With `D` pixels and channels an image:

    - `mse`: Gaussian with variance 1/2, `-squared_error - D/2 log(pi)`
    - `mae`: Laplace with scale 1, `-absolute_error - D log(2)`
    - `bce`: Bernoulli, `-cross_entropy`. Exact for black-and-white images; for grey ones a
      pseudo-likelihood, whose integral over all images is not 1 (Loaiza-Ganem and Cunningham 2019).

    Parameters
    ----------
    loss
        `mse`, `mae` or `bce`.
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1]; reconstructions are the distribution's
        location (for `bce` the probabilities).

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite. Higher is
    better.
    """
    errors = {"bce": cross_entropy, "mae": absolute_error, "mse": squared_error}
    if loss not in errors:
        raise ValueError(f"unknown loss {loss!r}; known: {', '.join(errors)}")
    return CONSTANTS[loss] * math.prod(images.shape[1:]) - errors[loss](images, reconstructions)


def gaussian_log_likelihood(images: np.ndarray, means: np.ndarray, variance: float) -> np.ndarray:
    """Log-likelihood of each image if its `D` pixels and channels are Gaussian with one variance.

    `-squared_error / (2 variance) - D/2 log(2 pi variance)`: of variance 1/2 it is that of the loss `mse`.

    Parameters
    ----------
    images, means
        Shape `(n, height, width, channels)`, floats in [0, 1].
    variance
        Above 0.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image, above 0 where pixels of little variance are met; NaN for an
    image with a value that is not finite. Higher is better.
    """
    constant = math.prod(images.shape[1:]) / 2 * math.log(2 * math.pi * variance)
    return -squared_error(images, means) / (2 * variance) - constant


def squared_error(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Squared error summed over the pixels and channels of each image: the `mse` loss of a model.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Shape `(n,)`, float64, at least 0; no unit. Lower is better.
    """
    return for_each_image(lambda x, y: np.sum((x - y) ** 2, axis=(1, 2, 3)), images, reconstructions)


def absolute_error(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Absolute error summed over the pixels and channels of each image: the `mae` loss of a model.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Shape `(n,)`, float64, at least 0; no unit. Lower is better.
    """
    return for_each_image(lambda x, y: np.sum(np.abs(x - y), axis=(1, 2, 3)), images, reconstructions)


def cross_entropy(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Binary cross-entropy with grey targets, `-sum(x log y + (1 - x) log(1 - y))`, summed over pixels.

    Predictions are clipped to [1e-7, 1 - 1e-7]. With grey targets the least possible value is not 0 but
    `entropy(images)`.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1]: the targets, and the predicted probabilities.

    Returns
    -------
    Shape `(n,)`, float64, at least 0, in nats per image. Lower is better.
    """
    return for_each_image(_cross_entropy, images, reconstructions)


def _cross_entropy(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    y = np.clip(y, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return -np.sum(x * np.log(y) + (1.0 - x) * np.log1p(-y), axis=(1, 2, 3))


def for_each_image(measure: Callable[..., np.ndarray], *stacks: np.ndarray) -> np.ndarray:
    """Apply `measure` to blocks of float64 images and join its `(block,)` results to `(n,)`."""
    require_same_shape(*stacks)
    n, *image_shape = stacks[0].shape
    size = max(1, BLOCK_VALUES // max(1, int(np.prod(image_shape))))
    results = np.empty(n)
    for start in range(0, n, size):
        block = slice(start, start + size)
        results[block] = measure(*(_float64(stack[block]) for stack in stacks))
    return results


def _float64(images: np.ndarray) -> np.ndarray:
    # An infinite pixel would end as a finite number in clipped predictions: only NaN is sure to come through.
    images = images.astype(np.float64)
    images[~np.isfinite(images)] = np.nan
    return images


def require_same_shape(*stacks: np.ndarray) -> None:
    """Raise `ValueError` unless all are `(n, height, width, channels)` alike."""
    shapes = [stack.shape for stack in stacks]
    # Shapes that differ would often broadcast, and give a wrong number without a word.
    if len(set(shapes)) > 1 or len(shapes[0]) != 4:
        raise ValueError(
            "expected image stacks of one shape (n, height, width, channels), "
            f"got {' and '.join(map(str, shapes))}"
        )
