"""Principal components of training images, and how much these vary."""

import functools
import math

import numpy as np
from sklearn.decomposition import PCA

from bench.datasets import Dataset
from bench.machine import threads
from bench.metrics import reconstruction
from bench.models.coder import Absent

MOST_COVARIANCE = 1024  # values in an image, up to which its covariance matrix is cheap


def flat(images: np.ndarray) -> np.ndarray:
    """`(n, h, w, c)` to `(n, h * w * c)`."""
    return images.reshape(len(images), -1)


def too_many(dataset: Dataset, count: int) -> Absent | None:
    """Why there are not so many components of the training images; None where there are."""
    most = min(len(dataset.train.images), math.prod(dataset.image_shape))
    return Absent(f"only {most} components exist for these images") if count > most else None


def principal_components(dataset: Dataset, count: int) -> PCA:
    """At least the first `count` principal components of the training images.

    Small images have all their components computed, once for each data set. For large ones the matrix of
    pixels by pixels would take minutes and gigabytes: they get as many components as are asked for.
    """
    images, pixels = flat(dataset.train.images).shape
    if pixels <= MOST_COVARIANCE and images > pixels:
        return _components(dataset, pixels, "covariance_eigh")
    return _components(dataset, count, "arpack" if count < min(images, pixels) else "full")


@functools.lru_cache(maxsize=2)
def _components(dataset: Dataset, count: int, solver: str) -> PCA:
    images = flat(dataset.train.images)
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
