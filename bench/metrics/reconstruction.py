"""How far reconstructions are from their images: one number an image.

Images are arrays of shape `(n, height, width, channels)`, floats in [0, 1], of any float dtype; results are
float64 of shape `(n,)`. An image that holds a value that is not finite, on either side, gets NaN, and its
neighbours keep their numbers. Stacks are worked through in blocks of bounded size, which changes no result.
"""

import functools

import numpy as np
import scipy.special

from bench.models.likelihoods import (
    absolute_error,
    cross_entropy,
    for_each_image,
    require_same_shape,
    squared_error,
)

__all__ = ["absolute_error", "cross_entropy", "entropy", "mse", "psnr", "squared_error", "ssim"]

SSIM_WINDOW = 11
SSIM_SIGMA = 1.5
SSIM_K1 = 0.01
SSIM_K2 = 0.03


def mse(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Mean squared error over the pixels and channels of each image.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Shape `(n,)`, float64, at least 0 and at most 1; no unit. Lower is better.
    """
    return for_each_image(lambda x, y: np.mean((x - y) ** 2, axis=(1, 2, 3)), images, reconstructions)


def psnr(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio of each image, `-10 log10(mse)`, for a data range of 1.

    The mean over images of this is not the PSNR of the mean error: it weighs good reconstructions more.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Shape `(n,)`, float64, at least 0, in decibels; infinite where both are identical. Higher is better.
    """
    with np.errstate(divide="ignore"):
        return -10.0 * np.log10(mse(images, reconstructions))


def ssim(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Structural similarity of each image (Wang et al. 2004), the mean over its valid region and channels.

    Means, variances and covariance are taken under a Gaussian window of 11x11 pixels with sigma 1.5, and
    count the window as the population; K1 is 0.01, K2 is 0.03 and the data range 1. Only positions where
    the window lies inside the image count, which leaves out 5 pixels at each side. Equal to scikit-image's
    `structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1)`,
    whose default truncation at 3.5 sigma makes the same 11x11 window. Channels are compared each alone.

    Parameters
    ----------
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Shape `(n,)`, float64, in [-1, 1], no unit; all NaN if the images are smaller than the window. Higher is
    better.

    References
    ----------
    Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
    similarity", IEEE Transactions on Image Processing 13(4), 2004.
    """
    if min(images.shape[1:3]) < SSIM_WINDOW:
        require_same_shape(images, reconstructions)
        return np.full(len(images), np.nan)
    return for_each_image(
        lambda x, y: np.mean(_ssim_map(x, y), axis=(1, 2, 3)),
        images,
        reconstructions,
    )


def entropy(images: np.ndarray) -> np.ndarray:
    """Binary entropy of the pixels, summed over pixels: the floor of `cross_entropy` for these targets.

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1]; `0 log 0` is 0.

    Returns
    -------
    Shape `(n,)`, float64, at least 0, in nats per image; 0 for images of black and white alone.
    """
    return for_each_image(
        lambda x: np.sum(scipy.special.entr(x) + scipy.special.entr(1.0 - x), axis=(1, 2, 3)), images
    )


def _ssim_map(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """SSIM at every position of the window: `(n, h, w, c)` twice -> `(n, h - 10, w - 10, c)`."""
    mean_x, mean_y = _window_mean(x), _window_mean(y)
    variances = _window_mean(x * x) - mean_x**2 + _window_mean(y * y) - mean_y**2
    covariance = _window_mean(x * y) - mean_x * mean_y
    c1, c2 = SSIM_K1**2, SSIM_K2**2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    return luminance * (2 * covariance + c2) / (variances + c2)


def _window_mean(stack: np.ndarray) -> np.ndarray:
    """Mean under the window at each of its positions: `(n, h, w, c)` -> `(n, h - 10, w - 10, c)`.

    The window is the product of a column and a row, so that two matrix products do it: on small images three
    times as fast as `scipy.ndimage.gaussian_filter`, which also filters the margin.
    """
    rows, columns = (_window_positions(size) for size in stack.shape[1:3])
    return np.moveaxis(rows @ np.moveaxis(stack, -1, 1) @ columns.T, 1, -1)


@functools.cache
def _window_positions(size: int) -> np.ndarray:
    """Weights of the one-dimensional window at each of its positions: `(size - 10, size)`."""
    offsets = np.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    weights = np.exp(-0.5 * (offsets / SSIM_SIGMA) ** 2)
    positions = np.zeros((size - SSIM_WINDOW + 1, size))
    for first, row in enumerate(positions):
        row[first : first + SSIM_WINDOW] = weights / weights.sum()
    return positions
