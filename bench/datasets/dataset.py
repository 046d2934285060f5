"""What a data set is, once loaded, and what the registry knows about one before that."""

import dataclasses
import math
from collections.abc import Callable, Mapping

import numpy as np

from bench.datasets import classes, levels


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """One part of a data set.

    Attributes
    ----------
    images : ndarray of shape (n, height, width, channels), float32 in [0, 1]
        Or what stands in the place of one, and makes the floats where somebody looks: `levels.Levels`.
    labels : ndarray of shape (n,), int64 in 0..K-1 for K classes
        None in all parts of a data set without labels.
    """

    images: np.ndarray
    labels: np.ndarray | None = None

    def rows(self, chosen: slice | np.ndarray) -> "Split":
        """Some of the images, with their labels."""
        labels = None if self.labels is None else self.labels[chosen]
        return Split(images=levels.rows(self.images, chosen), labels=labels)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """Images, with their labels if there are any, in three parts that share no image by position.

    Two data sets are equal only if they are the same object: comparing arrays would take seconds.

    Attributes
    ----------
    name : str
        The registry name, or the name of the file (without `.npz`) or folder it came from.
    train, validation, test : Split
        Train and validation come from the source's training images, test is the source's own,
        where it has one.
    class_names : tuple of str
        The name of label k is `class_names[k]`; empty where there are no labels.
    sha256 : str
        Of the pixels and labels as they came, before scaling and splitting: it changes when the
        data change, and only then.
    is_binarised : bool
        Whether each pixel was drawn, black or white, with its grey value as the probability.
    is_sorted : bool
        Whether test images lie in the order of their classes, so that the first of them are no sample.
    why_unlabelled : str
        Why there are no labels, where there are none.
    notes : tuple of str
        How the pixels were read and what was done to them, in words; empty for a set of the registry.
    value_range : tuple of float
        The values of the pixels, as they came, that became 0 and 1.
    novel : int
        How many of the classes, the last ones, only test images have.
    checked : str
        What a census has found, where it was kept with the images; else empty.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    class_names: tuple[str, ...]
    sha256: str
    is_binarised: bool = False
    is_sorted: bool = False
    why_unlabelled: str = "images without labels"
    notes: tuple[str, ...] = ()
    value_range: tuple[float, float] = (0.0, 1.0)
    novel: int = 0
    checked: str = ""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every image."""
        height, width, channels = self.train.images.shape[1:]
        return height, width, channels


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outline:
    """What a data set of a user's own is taken for: told once in a run, and known before it is loaded.

    Attributes
    ----------
    images : mapping of str to int
        How many there are for training, validation and test.
    image_shape : tuple of int
        Height, width and channels.
    class_names : tuple of str
    notes : tuple of str
    novel : int
        As of a `Dataset`.
    """

    images: Mapping[str, int]
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    notes: tuple[str, ...]
    novel: int = 0

    @property
    def values(self) -> int:
        """The number of values of all images."""
        return sum(self.images.values()) * math.prod(self.image_shape)

    def __str__(self) -> str:
        """All of it in one line, as far as there is room."""
        return "; ".join(filter(None, self.facts().values()))

    def facts(self) -> dict[str, str]:
        """All of it, by what it is about."""
        height, width, channels = self.image_shape
        colour = {1: "grey", 3: "colour"}.get(channels, f"{channels} channels")
        train, validation, test = (f"{count:,}" for count in self.images.values())
        return {
            "parts": f"{train} training, {validation} validation and {test} test images",
            "images": f"{height}x{width} (height x width), {colour}",
            "classes": classes.told(self.class_names, self.novel),
            "read": "; ".join(self.notes),
        }


def outline(dataset: Dataset) -> Outline:
    """Return what a loaded data set was taken for."""
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    return Outline(
        images={name: len(part.images) for name, part in parts.items()},
        image_shape=dataset.image_shape,
        class_names=dataset.class_names,
        notes=dataset.notes,
        novel=dataset.novel,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Source:
    """An entry of the registry: a data set that has a name of its own.

    Attributes
    ----------
    name : str
        What `--dataset` takes.
    summary : str
        One line for `python -m bench list datasets`.
    train_images : int
        How many images a model is trained on, so that times can be estimated before loading.
    image_shape : tuple of int
        Height, width and channels.
    missing : callable
        What would have to be downloaded before it can be loaded, in words; empty if nothing.
    damaged : callable
        Which of its files are there and not whole, in words; empty if none.
    load : callable
        Loads it; whatever is heavy is imported in there, so that the registry stays light.
    is_labelled : bool
    is_binarised : bool
        Whether its images are black and white as they were published.
    """

    name: str
    summary: str
    train_images: int
    image_shape: tuple[int, int, int]
    missing: Callable[[], str]
    damaged: Callable[[], str]
    load: Callable[[], Dataset]
    is_labelled: bool = True
    is_binarised: bool = False
