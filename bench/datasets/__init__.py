"""Data sets: a name, a `.npz` file or a folder of images -> `Dataset`.

A new data set is a module with a `Source`, and a line in `_SOURCES` below. Importing this package
is cheap: a source imports what it needs (Keras, scikit-learn, Pillow) when it is loaded.
"""

import functools
import math
import os
from pathlib import Path

from bench.datasets import digits, folder, keras_sets, npz
from bench.datasets.dataset import Dataset, Source, Split
from bench.datasets.messages import listed, problem

__all__ = [
    "Dataset",
    "Source",
    "Split",
    "check_name",
    "damaged",
    "known",
    "load",
    "load_once",
    "missing",
    "summaries",
    "train_size",
]

_SOURCES = (
    digits.SOURCE,
    keras_sets.FASHION_MNIST,
    keras_sets.MNIST,
    keras_sets.CIFAR10,
)


def known() -> tuple[str, ...]:
    """Return the names of the registry."""
    return tuple(source.name for source in _SOURCES)


def summaries() -> dict[str, str]:
    """Return a line about each data set of the registry, by name."""
    return {source.name: source.summary for source in _SOURCES}


def missing() -> dict[str, str]:
    """Return what would have to be downloaded for each data set of the registry; empty if nothing."""
    return {source.name: source.missing() for source in _SOURCES}


def damaged() -> dict[str, str]:
    """Return which files of each data set of the registry are there and not whole; empty if none."""
    return {source.name: source.damaged() for source in _SOURCES}


def check_name(name: str) -> None:
    """Make sure that there is something to load, without loading or importing anything.

    Parameters
    ----------
    name : str
        A name of the registry, a `.npz` file or a folder; `~` is the home folder. A folder that
        has a name of the registry is taken with `./` in front.

    Raises
    ------
    DataError
        If it is none of them.
    """
    path = Path(os.path.expanduser(name))
    # os.path answers False where pathlib raises: for a name too long, a folder that may not be entered.
    if name in known() or (name and os.path.isdir(path)) or (_is_npz(path) and os.path.isfile(path)):
        return
    raise problem(
        f"data set {name!r}",
        expected=f"one of {listed(known())}, a .npz file with {listed(npz.ARRAYS)}, "
        "or a folder with train/<class>/ and test/<class>/",
        received=_received(name, path),
        remedy="correct the name or the path (`python -m bench list datasets` shows the names)",
    )


def load(name: str) -> Dataset:
    """Load a data set.

    Parameters
    ----------
    name : str
        What `check_name` takes.

    Returns
    -------
    Dataset
        Images in [0, 1], float32, of shape (n, height, width, channels), with labels 0..K-1.

    Raises
    ------
    DataError
        In one line, if there is no such data set, or something is wrong with it.
    """
    check_name(name)
    for source in _SOURCES:
        if source.name == name:
            return source.load()
    path = Path(os.path.expanduser(name))
    return folder.load(path) if path.is_dir() else npz.load(path)


@functools.lru_cache(maxsize=2)
def load_once(name: str) -> Dataset:
    """Load a data set, and hold on to the last two: a process loads what its trials share once."""
    return load(name)


def train_size(name: str) -> tuple[int, int]:
    """Return the number of training images and of values in each.

    A data set of the registry is known without loading it; another is loaded (once).
    """
    for source in _SOURCES:
        if source.name == name:
            return source.train_images, math.prod(source.image_shape)
    dataset = load_once(name)
    return len(dataset.train.images), math.prod(dataset.image_shape)


def _is_npz(path: Path) -> bool:
    return path.suffix.lower() == ".npz"


def _received(name: str, path: Path) -> str:
    if not name:
        return "an empty name"
    if os.path.exists(path):
        return "a file of another kind"
    return "a .npz file that does not exist" if _is_npz(path) else "neither a known name nor an existing path"
