"""Principal components of training images, and how much these vary."""

import functools
import math
from collections.abc import Callable

import numpy as np
from sklearn.decomposition import PCA

from bench.datasets import Dataset, levels
from bench.machine import threads
from bench.metrics import reconstruction, subsets
from bench.models.coder import Absent

MOST_COVARIANCE = 1024  # values in an image, up to which its covariance matrix is cheap


_SAMPLE_SEED = 20_261_130


def flat(images: np.ndarray) -> np.ndarray:
    """`(n, h, w, c)` to `(n, h * w * c)`."""
    return np.asarray(images).reshape(len(images), -1)


def fitted_count(dataset: Dataset) -> int:
    """How many training images components are fitted to."""
    return min(len(dataset.train.images), max(1, levels.MOST_AT_ONCE // math.prod(dataset.image_shape)))


def fitted_to(dataset: Dataset) -> np.ndarray:
    """The training images that components are fitted to, `(n, d)`: all of them, or as many as fit."""
    count = fitted_count(dataset)
    if count == len(dataset.train.images):
        return flat(dataset.train.images)
    return flat(dataset.train.images[subsets.chosen(len(dataset.train.images), count, _SAMPLE_SEED)])


def coded(to_codes: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> np.ndarray:
    """What a function of flat images `(n, d)` makes of images `(n, h, w, c)`: some at a time, if many."""
    step = max(1, levels.MOST_AT_ONCE // math.prod(images.shape[1:]))
    if len(images) <= step:
        return to_codes(flat(images))
    return np.concatenate(
        [to_codes(flat(images[start : start + step])) for start in range(0, len(images), step)]
    )


def too_many(dataset: Dataset, count: int) -> Absent | None:
    """Why there are not so many components of the training images; None where there are."""
    most = min(fitted_count(dataset), math.prod(dataset.image_shape))
    return Absent(f"only {most} components exist for these images") if count > most else None


def principal_components(dataset: Dataset, count: int) -> PCA:
    """At least the first `count` principal components of the training images.

    Small images have all their components computed, once for each data set. For large ones the matrix of
    pixels by pixels would take minutes and gigabytes: they get as many components as are asked for.
    """
    images, pixels = fitted_count(dataset), math.prod(dataset.image_shape)
    if pixels <= MOST_COVARIANCE and images > pixels:
        return _components(dataset, pixels, "covariance_eigh")
    return _components(dataset, count, "arpack" if count < min(images, pixels) else "full")


@functools.lru_cache(maxsize=2)
def _components(dataset: Dataset, count: int, solver: str) -> PCA:
    images = fitted_to(dataset)
    with threads.as_worth(images):
        return PCA(count, svd_solver=solver, random_state=0).fit(images)


def total_variance(dataset: Dataset, mean: np.ndarray) -> float:
    """Squared distance of the training images from a mean image `(h, w, c)`, mean over them.

    About their own mean it is the trace of their covariance, the sum of all its eigenvalues.
    """
    return total_variance_of(dataset.train.images, mean)


def total_variance_of(images: np.ndarray, mean: np.ndarray) -> float:
    """The same of any images `(n, h, w, c)`."""
    return float(reconstruction.squared_error(images, np.broadcast_to(mean, images.shape)).mean())
