"""Data sets: a name, a file of arrays or a folder -> `Dataset`.

A new data set is a module with a `Source`, and a line in `_SOURCES` below; or one file with a `SourceCard`, a
plug-in. Importing this package is cheap: a source imports what it needs (Keras, scikit-learn, Pillow) when
it is loaded.
"""

import contextlib
import functools
import math
import os
from collections.abc import Iterator
from pathlib import Path

from bench import paths
from bench.cards import SourceCard
from bench.datasets import cache, levels, names, splitting
from bench.datasets.dataset import Dataset, Outline, Source, Split, outline
from bench.datasets.messages import listed, named, problem
from bench.datasets.reading import SWITCHES, Reading, joined, split, title
from bench.datasets.sources import converted, digits, keras_sets, own, plugged, static_mnist
from bench.datasets.sources.formats import ENDINGS
from bench.models import shelves

__all__ = [
    "ENDINGS",
    "SOURCES",
    "SWITCHES",
    "Dataset",
    "Outline",
    "Source",
    "Split",
    "cache",
    "check_name",
    "convert",
    "damaged",
    "described",
    "is_binarised",
    "is_labelled",
    "joined",
    "known",
    "load",
    "load_once",
    "missing",
    "outline",
    "outlook",
    "portable",
    "published",
    "sha256",
    "split",
    "summaries",
    "title",
    "train_shape",
    "train_size",
]

_SOURCES = (
    digits.SOURCE,
    keras_sets.FASHION_MNIST,
    keras_sets.MNIST,
    keras_sets.CIFAR10,
    static_mnist.SOURCE,
)

SOURCES: dict[str, SourceCard] = {}
"""Those of plug-ins, by name."""


def published() -> tuple[str, ...]:
    """Return the names of the registry."""
    return tuple(source.name for source in _SOURCES)


def known() -> tuple[str, ...]:
    """Return the names of the registry, and of the data sets of plug-ins."""
    return (*published(), *SOURCES)


def summaries() -> dict[str, str]:
    """Return a line about each data set that has a name, by name."""
    found = {source.name: source.summary for source in _SOURCES}
    return found | {card.name: card.title for card in SOURCES.values()}


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
        A name of the registry or of a plug-in, a file of arrays or a folder; `~` is the home folder. A folder
        that has such a name is taken with `./` in front. Behind a path may stand how its pixels
        are to be read; see `bench.datasets.reading`.

    Raises
    ------
    DataError
        If it is none of them.
    """
    place, reading = split(name)
    if place in SOURCES:
        return
    if place in published():
        if str(reading):
            raise problem(
                f"data set {named(name)}",
                expected=f"{place} without {reading}",
                received=named(name),
                remedy="leave that out: this data set is read as it was published",
            )
        return
    path = Path(os.path.expanduser(place))
    # os.path answers False where pathlib raises: for a name too long, a folder that may not be entered.
    if place and (os.path.isdir(path) or (own.is_taken(path) and os.path.isfile(path))):
        return
    raise problem(
        f"data set {named(name)}",
        expected=f"one of {listed(known())}, a .npz file with x_train, y_train, x_test, y_test or their like "
        "(also .npy, .h5, .mat, .csv, IDX), or a folder with train/<class>/ and test/<class>/ or <class>/",
        received=_received(place, path),
        remedy=_remedy(place, path),
    )


def portable(name: str) -> str:
    """Return a name, or a path written in one way only, so that the same data give the same key."""
    place, reading = split(name)
    if place in known():
        return name
    path = paths.without_home(os.path.normpath(place))
    return f"./{path}{reading}" if path in known() else f"{path}{reading}"


def load(name: str, tell: cache.Told = cache.nobody) -> Dataset:
    """Load a data set; the images of a large one lie in the cache, which all processes share.

    Parameters
    ----------
    name : str
        What `check_name` takes.
    tell : callable
        Is told how far a conversion has come.

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
            return cache.kept(source.load(), tell, is_published=True)
    place, reading = split(name)
    with _within_memory(name):
        if place in SOURCES:
            return cache.kept(plugged.load(SOURCES[place], reading), tell)
        return converted.load(*_own(name), tell)


def convert(name: str, tell: cache.Told) -> None:
    """Bring a large data set of a user's own into the cache, if it is not there; raises as `load`."""
    if split(name)[0] not in known() and outlook(name).values >= levels.LEAST:
        load(name, tell)


@functools.lru_cache(maxsize=2)
def load_once(name: str) -> Dataset:
    """Load a data set, and hold on to the last two: a process loads what its trials share once."""
    return load(name)


@functools.lru_cache(maxsize=8)
def outlook(name: str) -> Outline:
    """Return what a data set of a user's own will be taken for; only of a plug-in are images loaded.

    Raises
    ------
    DataError
        As `load`, as far as headers, labels and the first images tell.
    """
    check_name(name)
    if split(name)[0] in SOURCES:
        return outline(load(name))
    with _within_memory(name):
        return converted.outline(*_own(name))


def described(name: str) -> list[str]:
    """Return what lies at a path, and has not been checked yet; the summary of a set that has a name."""
    place, reading = split(name)
    return [summaries()[place]] if place in known() else own.described(_own(name)[0], reading)


def sha256(name: str) -> str:
    """Return the `sha256` that data of a user's own have once loaded; only of a plug-in are images held."""
    check_name(name)
    if split(name)[0] in SOURCES:
        return load(name).sha256
    return converted.sha256(*_own(name))


def is_labelled(name: str) -> bool:
    """Return whether images have labels, without loading those of a published set."""
    for source in _SOURCES:
        if source.name == name:
            return source.is_labelled
    return bool(outlook(name).class_names)


def is_binarised(name: str) -> bool:
    """Return whether it is a published set of black and white images."""
    return any(source.name == name and source.is_binarised for source in _SOURCES)


def train_size(name: str) -> tuple[int, int]:
    """Return the number of training images and of values in each, without loading them."""
    images, *image_shape = train_shape(name)
    return images, math.prod(image_shape)


def train_shape(name: str) -> tuple[int, int, int, int]:
    """Return the shape of the training images (n, height, width, channels), without loading them."""
    for source in _SOURCES:
        if source.name == name:
            return source.train_images, *source.image_shape
    if card := SOURCES.get(split(name)[0]):
        return card.train_images - splitting.fifth(card.train_images), *card.image_shape
    found = outlook(name)
    return found.images["train"], *found.image_shape


def _own(name: str) -> tuple[Path, Reading]:
    """Where a data set of a user's own lies, and what its name says of its pixels."""
    place, reading = split(name)
    return Path(os.path.expanduser(place)), reading


@contextlib.contextmanager
def _within_memory(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise problem(
            f"data set {named(name)}",
            expected="images that the memory of this machine can hold",
            received=str(error) or "more of them",
            remedy="make the images smaller or fewer, or take a machine with more memory",
        ) from None


def _received(name: str, path: Path) -> str:
    if not name:
        return "an empty name"
    if os.path.exists(path):
        return "a file of another kind"
    if os.path.lexists(path):
        return "a link to something that does not exist"
    if own.is_taken(path):
        return f"a {path.suffix or 'IDX'} file that does not exist"
    return "neither a known name nor an existing path"


def _remedy(name: str, path: Path) -> str:
    if name and os.path.exists(path):
        return "save its images with numpy.savez_compressed, or as a folder of images"
    if near := names.near(name, path, known()):
        return f"correct the name (did you mean {named(near)}?)"
    return (
        "correct the name or the path (`python -m bench list datasets` shows the names), or give the plug-in "
        "that has it with --plugin"
    )


def _register(card: SourceCard) -> None:
    """Make a data set known; raises `ValueError` if its name is taken."""
    if card.name in known():
        raise ValueError(f"expected a name that is not taken, received {card.name!r}; choose another")
    SOURCES[card.name] = card


def _forget(card: SourceCard) -> None:
    del SOURCES[card.name]
    load_once.cache_clear()
    outlook.cache_clear()


shelves.shelve(SourceCard, SOURCES, _register, _forget)
