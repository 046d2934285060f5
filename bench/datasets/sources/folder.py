"""A user's own images, as files in folders; the module `layout` says in which."""

import collections
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench import foreign
from bench.datasets import assembly, cache, large, pixels, resizing, splitting
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.messages import problem, shown
from bench.datasets.reading import UNSAID, Reading
from bench.datasets.sources import layout, pictures

LOOKED_AT = 2  # images of each class and part that are opened before the folder is loaded
MOST_LOOKED_AT = 40

Found = TypeVar("Found")


def load(path: Path, reading: Reading = UNSAID, tell: cache.Told = cache.nobody) -> Dataset:
    """Load a folder of images.

    Parameters
    ----------
    path : Path
        A folder in one of the layouts of the module `layout`, the same classes in all parts, of pictures
        of one size (or `reading` says which), all grey or all colour (or it says which), opaque (or it says
        on what) and still. What file managers leave is passed over. Photographs are turned as their EXIF
        orientation says.
    reading : Reading
        What the user says of the pixels.
    tell : callable
        Is told how many files have been read.

    Returns
    -------
    Dataset
        Named after the folder, its classes after their folders, in alphabetical order; grey images
        have 1 channel, colour images 3 (red, green, blue). Images with a palette are grey if all of their
        colours are, in all files; one alone that is grey stands among colour ones as colour. What there is
        no folder for is split off from the training images by `splitting`.

    Raises
    ------
    DataError
        If the folder has another layout, or an image cannot be read or differs from the others.
    """
    found = layout.listing(path)
    images, notes = read([file for files in found.files.values() for file in files], reading, tell)
    ends = np.cumsum([len(files) for files in found.files.values()])
    parts = zip(found.files, np.split(images, ends[:-1]), strict=True)
    return assembly.assemble(
        {part: _raw(part, values, found) for part, values in parts},
        name=foreign.visible(path.resolve().name),
        where=shown(path),
        splitter=splitting.stratified_fifth,
        class_names=found.class_names,
        reading=reading,
        notes=(*notes, *found.notes),
    )


def read(
    files: Sequence[Path], reading: Reading = UNSAID, tell: cache.Told = cache.nobody
) -> tuple[np.ndarray, list[str]]:
    """Read images that all have the size and colours of the first.

    Parameters
    ----------
    files : sequence of Path
        At least one.
    reading : Reading
        Which size and colours they are brought to, if any.
    tell : callable
        Is told how many have been read.

    Returns
    -------
    images : ndarray of shape (n, height, width) or (n, height, width, 3), uint8 or uint16
    notes : list of str
        What was done to how many of them, in words.

    Raises
    ------
    DataError
        Naming the file that cannot be read or that differs from the first.
    """

    def read_like(first: pictures.Picture) -> tuple[np.ndarray, list[str]]:
        images = large.empty((len(files), *first.pixels.shape), first.pixels.dtype)
        done: collections.Counter[str] = collections.Counter()
        for position, one in enumerate(_alike(files, first, reading)):
            images[position] = one.pixels
            done.update(one.done)
            tell("pictures read", position + 1, len(files))
        return images, pictures.told(done)

    return _like_first(files, reading, read_like)


def outline(path: Path, reading: Reading = UNSAID) -> Outline:
    """Return what a folder will be taken for, from its files and the first images of each class.

    Raises
    ------
    DataError
        As `load`, as far as these tell.
    """
    where = shown(path)
    found = layout.listing(path)
    first = {part: _first(files, found.labels.get(part)) for part, files in found.files.items()}
    is_whole = sum(map(len, first.values())) == sum(map(len, found.files.values()))
    images, _ = read([file for files in first.values() for file in files], reading)
    extent = pixels.extent(images, where, is_whole=is_whole)
    counts = {part: len(files) for part, files in found.files.items()}
    one = images[:1, ..., np.newaxis] if images.ndim == 3 else images[:1]
    stand_ins = {
        part: _raw(part, np.broadcast_to(one, (count, *one.shape[1:])), found)
        for part, count in counts.items()
    }
    classes = assembly.classes(stand_ins, where, found.class_names)
    return Outline(
        images=splitting.sizes(counts),
        image_shape=resizing.shape(one.shape[1:], reading),
        class_names=classes.names,
        novel=classes.novel,
        notes=(
            pixels.told([extent], pixels.scale({where: extent}, reading)),
            *assembly.changes(stand_ins, reading),
            *found.notes,
        ),
    )


def sha256(path: Path, reading: Reading = UNSAID) -> str:
    """Return the fingerprint of a folder without holding its images: that of the loaded data set."""
    found = layout.listing(path)

    def digest_like(first: pictures.Picture) -> str:
        digest = hashlib.sha256()
        for part, files in found.files.items():
            digest.update(assembly.heading(first.pixels.dtype, (len(files), *first.pixels.shape)))
            for one in _alike(files, first, reading):
                digest.update(np.ascontiguousarray(one.pixels).data)
            if (labels := found.labels.get(part)) is not None:
                digest.update(assembly.heading(labels.dtype, labels.shape) + labels.tobytes())
        digest.update(str(reading).encode())
        return digest.hexdigest()

    return _like_first(found.files["train"], reading, digest_like)


def _raw(part: str, images: np.ndarray, found: layout.Listing) -> assembly.RawPart:
    return assembly.RawPart(images=images, labels=found.labels.get(part), x=f"x_{part}", y=f"y_{part}")


class _ColourAfterAllError(Exception):
    """Pictures with palettes are not all grey, as the first is."""


def _like_first(files: Sequence[Path], reading: Reading, use: Callable[[pictures.Picture], Found]) -> Found:
    """Use pictures in the size and colours of the first; where a palette is grey by chance, in colour."""
    first = pictures.read(files[0], reading)
    try:
        return use(first)
    except _ColourAfterAllError:
        return use(first.in_colour())


def _alike(files: Sequence[Path], first: pictures.Picture, reading: Reading) -> Iterator[pictures.Picture]:
    for file in files:
        one = pictures.read(file, reading)
        if first.is_indexed and one.is_colour and not first.is_colour:
            raise _ColourAfterAllError
        if first.is_colour and one.is_indexed:
            one = one.in_colour()
        if (one.pixels.shape, one.pixels.dtype) != (first.pixels.shape, first.pixels.dtype):
            raise problem(
                shown(file),
                expected=f"{first} like {shown(first.file)}",
                received=str(one),
                remedy=_remedy(one, first),
            )
        yield one


def _remedy(one: pictures.Picture, first: pictures.Picture) -> str:
    if one.pixels.dtype != first.pixels.dtype:
        return "save all images with 8 bits, or all of them with 16"
    if one.is_colour != first.is_colour:
        return "bring all images to one with --colours grey or --colours rgb (in a grid file @colours=rgb)"
    return (
        "bring all images to one size, with --resize 64 say, and --crop if nothing may be squeezed "
        "(in a grid file @resize=64@crop=middle)"
    )


def _first(files: Sequence[Path], labels: np.ndarray | None) -> list[Path]:
    """The first files of each class."""
    starts = [0] if labels is None else np.searchsorted(labels, np.unique(labels))
    positions = sorted({int(start) + k for start in starts for k in range(LOOKED_AT)})
    return [files[position] for position in positions if position < len(files)][: MOST_LOOKED_AT // 2]
