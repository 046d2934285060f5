"""Grey images as probabilities of black and white ones, whose likelihoods are those of the literature.

With `binarize = "dynamic"` (Salakhutdinov and Murray 2008; Burda et al. 2016) every epoch of training sees
other draws of the training images. What is measured is drawn once, and is the same for every trial.
"""

import dataclasses
import functools

import numpy as np

from bench.datasets import draws
from bench.datasets.dataset import Dataset, Split

MEASURED_SEED = 20_080_705
"""Of the images that are drawn once: the same for every trial."""

MODEL_STREAM = 3  # of that seed; train, validation and test have those before it

BLOCK = 1000  # images whose random numbers are in memory at a time


def draw(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Draw each pixel anew, 1 with the probability of its grey value and else 0.

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].
    generator
        Of NumPy: the same images on every backend.

    Returns
    -------
    Of the shape and dtype of `images`, each value 0 or 1.

    References
    ----------
    Salakhutdinov and Murray, "On the quantitative analysis of deep belief networks", ICML 2008.
    """
    drawn = np.empty(images.shape, images.dtype)
    for start in range(0, len(images), BLOCK):
        block = images[start : start + BLOCK]
        drawn[start : start + BLOCK] = generator.random(block.shape, dtype=np.float32) < block
    return drawn


def applied(dataset: Dataset, binarize: str) -> Dataset:
    """The images that a trial with this value of `binarize` is measured on.

    Parameters
    ----------
    binarize
        `"none"` for the data set itself; `"dynamic"` for one draw of each of its images, with a seed that is
        the same for all trials. Its training images are those that classifiers of the codes are fitted on.
        Of `draws.PUBLISHED` validation and test images are those that were published; another data set, which
        was never drawn so, is as of `"dynamic"`.
    """
    if binarize == draws.NONE:
        return dataset
    seed = draws.PUBLISHED.get(binarize) if dataset.name in draws.PUBLISHED_OF else None
    return _drawn_once(dataset) if seed is None else _as_published(dataset, seed)


@functools.lru_cache(maxsize=2)
def _drawn_once(dataset: Dataset) -> Dataset:
    train, validation, test = (
        _drawn_split(split, stream)
        for stream, split in enumerate((dataset.train, dataset.validation, dataset.test))
    )
    return dataclasses.replace(dataset, train=train, validation=validation, test=test, is_binarised=True)


@functools.lru_cache(maxsize=2)
def _as_published(dataset: Dataset, seed: int) -> Dataset:
    """Validation and then test images from one seed, as `np.random.seed` and `binomial` draw them."""
    generator = np.random.RandomState(seed)  # frozen: the same numbers in each version of NumPy
    validation, test = (
        dataclasses.replace(split, images=_binomial(split.images, generator))
        for split in (dataset.validation, dataset.test)
    )
    return dataclasses.replace(_drawn_once(dataset), validation=validation, test=test)


def _binomial(images: np.ndarray, generator: np.random.RandomState) -> np.ndarray:
    """Of grey levels of eight bits over 255, in float64, which is how they were drawn: float32, 0 or 1."""
    levels = np.rint(np.asarray(images[:]) * 255.0).astype(np.uint8)
    found = generator.binomial(1, levels.reshape(len(levels), -1) / 255.0)
    return found.reshape(levels.shape).astype(np.float32)


def like(dataset: Dataset, images: np.ndarray) -> np.ndarray:
    """Images of a model, as those of the data set are: drawn, where it is binarised, from one fixed stream.

    What a model gives are then probabilities, and grey images differ from black and white ones however good
    it is. Images that are drawn already stay as they are, and so do those that are not finite.
    """
    if not dataset.is_binarised or not np.isfinite(images).all():
        return images
    return draw(images, np.random.default_rng([MEASURED_SEED, MODEL_STREAM]))


def _drawn_split(split: Split, stream: int) -> Split:
    generator = np.random.default_rng([MEASURED_SEED, stream])
    return dataclasses.replace(split, images=draw(split.images, generator))
