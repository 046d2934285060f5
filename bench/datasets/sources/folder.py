"""A user's own images, as files in `train/<class>/` and `test/<class>/`."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench import foreign
from bench.datasets import assembly, checks, pixels, splitting
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.messages import counted, problem, shown
from bench.datasets.reading import UNSAID, Reading
from bench.datasets.sources import layout, pictures

LOOKED_AT = 2  # images of each class and part that are opened before the folder is loaded
MOST_LOOKED_AT = 40

Found = TypeVar("Found")


def load(path: Path, reading: Reading = UNSAID) -> Dataset:
    """Load a folder of images; a stratified fifth of `train` becomes the validation set.

    Parameters
    ----------
    path : Path
        A folder with `train/<class>/` and `test/<class>/`, the same classes in both, that hold
        `.png`, `.jpg`, `.jpeg` or `.bmp` files of one size, all grey or all colour, opaque and still.
        Hidden files are passed over. Photographs are turned as their EXIF orientation says.
    reading : Reading
        What the user says of the pixels: their range.

    Returns
    -------
    Dataset
        Named after the folder, its classes after their folders, in alphabetical order; grey images
        have 1 channel, colour images 3 (red, green, blue). Images with a palette are grey if all of their
        colours are, in all files; one alone that is grey stands among colour ones as colour.

    Raises
    ------
    DataError
        If the folder has another layout, or an image cannot be read or differs from the others.
    """
    found = layout.listing(path, reading)
    files = (*found.train, *found.test)
    images, turned = read(files)
    raw = assembly.RawArrays(
        x_train=images[: len(found.train)],
        y_train=found.y_train,
        x_test=images[len(found.train) :],
        y_test=found.y_test,
    )
    return assembly.assemble(
        raw,
        name=foreign.visible(path.resolve().name),
        where=shown(path),
        splitter=splitting.stratified_fifth,
        class_names=found.class_names,
        reading=reading,
        notes=[f"{counted(turned, 'photograph')} turned as EXIF says"] if turned else [],
    )


def read(files: Sequence[Path]) -> tuple[np.ndarray, int]:
    """Read images that all have the size and colours of the first.

    Parameters
    ----------
    files : sequence of Path
        At least one.

    Returns
    -------
    images : ndarray of shape (n, height, width) or (n, height, width, 3), uint8
    turned : int
        How many lay otherwise in their files, and were turned as EXIF says.

    Raises
    ------
    DataError
        Naming the file that cannot be read or that differs from the first.
    """

    def read_like(first: pictures.Picture) -> tuple[np.ndarray, int]:
        images = np.empty((len(files), *first.pixels.shape), np.uint8)
        turned = 0
        for position, one in enumerate(_alike(files, first)):
            images[position] = one.pixels
            turned += one.was_turned
        return images, turned

    return _like_first(files, read_like)


def outline(path: Path, reading: Reading = UNSAID) -> Outline:
    """Return what a folder will be taken for, from its files and the first images of each class.

    Raises
    ------
    DataError
        As `load`, as far as these tell.
    """
    where = shown(path)
    found = layout.listing(path, reading)
    names, y_train, y_test = checks.contiguous_labels(found.y_train, found.y_test, where, found.class_names)
    parts = {"x_train": _first(found.train, y_train), "x_test": _first(found.test, y_test)}
    is_whole = sum(map(len, parts.values())) == len(y_train) + len(y_test)
    images, _ = read([file for files in parts.values() for file in files])
    extent = pixels.extent(images, where, is_whole=is_whole)
    return Outline(
        images=splitting.sizes_with_a_fifth(len(y_train), len(y_test)),
        image_shape=(*images.shape[1:3], 1 if images.ndim == 3 else 3),
        class_names=names,
        notes=(pixels.told([extent], pixels.scale({where: extent}, reading)),),
    )


def sha256(path: Path, reading: Reading = UNSAID) -> str:
    """Return the fingerprint of a folder without holding its images: that of the loaded data set."""
    found = layout.listing(path, reading)

    def digest_like(first: pictures.Picture) -> str:
        digest = hashlib.sha256()
        for files, labels in ((found.train, found.y_train), (found.test, found.y_test)):
            digest.update(assembly.heading(first.pixels.dtype, (len(files), *first.pixels.shape)))
            for one in _alike(files, first):
                digest.update(np.ascontiguousarray(one.pixels).data)
            digest.update(assembly.heading(labels.dtype, labels.shape) + labels.tobytes())
        digest.update(str(reading).encode())
        return digest.hexdigest()

    return _like_first(found.train, digest_like)


class _ColourAfterAllError(Exception):
    """Pictures with palettes are not all grey, as the first is."""


def _like_first(files: Sequence[Path], use: Callable[[pictures.Picture], Found]) -> Found:
    """Use pictures in the size and colours of the first; where a palette is grey by chance, in colour."""
    first = pictures.read(files[0])
    try:
        return use(first)
    except _ColourAfterAllError:
        return use(first.in_colour())


def _alike(files: Sequence[Path], first: pictures.Picture) -> Iterator[pictures.Picture]:
    for file in files:
        one = pictures.read(file)
        if first.is_indexed and one.is_colour and not first.is_colour:
            raise _ColourAfterAllError
        if first.is_colour and one.is_indexed:
            one = one.in_colour()
        if one.pixels.shape != first.pixels.shape:
            raise problem(
                shown(file),
                expected=f"{first} like {shown(first.file)}",
                received=str(one),
                remedy="bring all images to one size, and all to grey or all to colour",
            )
        yield one


def _first(files: Sequence[Path], labels: np.ndarray) -> list[Path]:
    """The first files of each class."""
    starts = np.searchsorted(labels, np.unique(labels))
    positions = sorted({int(start) + k for start in starts for k in range(LOOKED_AT)})
    return [files[position] for position in positions if position < len(files)][: MOST_LOOKED_AT // 2]
