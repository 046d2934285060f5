"""A user's own images, in one `.npz` file with the four arrays that Keras writes."""

import hashlib
from pathlib import Path

from bench import foreign
from bench.datasets import assembly, checks, pixels, splitting
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.messages import shown
from bench.datasets.reading import UNSAID, Reading
from bench.datasets.sources import archive

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
_IMAGES = ("x_train", "x_test")
LOOKED_AT = 8 * 2**20  # bytes of images whose values are looked at before the file is loaded


def load(path: Path, reading: Reading = UNSAID) -> Dataset:
    """Load a `.npz` file; a stratified fifth of its training images becomes the validation set.

    Parameters
    ----------
    path : Path
        A file with `x_train` and `x_test` of shape (n, height, width) or (n, height, width,
        channels), and `y_train` and `y_test` of shape (n,) or (n, 1), integer. The module
        `pixels` says which pixel values are taken, and how they are scaled.
    reading : Reading
        What the user says of the pixels.

    Returns
    -------
    Dataset
        Named after the file.

    Raises
    ------
    DataError
        If the file cannot be read, or holds something else.
    """
    return assembly.assemble(
        read(path),
        name=foreign.visible(path.stem),
        where=shown(path),
        splitter=splitting.stratified_fifth,
        reading=reading,
    )


def read(path: Path) -> assembly.RawArrays:
    """Read the four arrays, unchecked.

    Raises
    ------
    DataError
        For a file that is missing, damaged or no `.npz`, that lacks an array, or that holds pickled
        objects (which can run code when they are opened, and are never opened here).
    """
    with archive.opened(path) as content:
        archive.require_names(content, ARRAYS, path)
        return assembly.RawArrays(**{name: content.array(name) for name in ARRAYS})


def outline(path: Path, reading: Reading = UNSAID) -> Outline:
    """Return what a file will be taken for, from its headers, its labels and its first images.

    Raises
    ------
    DataError
        As `load`, as far as these tell.
    """
    where = shown(path)
    with archive.opened(path) as content:
        archive.require_names(content, ARRAYS, path)
        images = {name: content.stand_in(name) for name in _IMAGES}
        labels = {name: content.array(name) for name in ("y_train", "y_test")}
        raw = assembly.RawArrays(**images, **labels)
        x_train, x_test = assembly.checked_pair(raw, where, reading)
        first = {name: content.first(name, LOOKED_AT) for name in _IMAGES}
    found = {
        f"{where}: {name}": pixels.extent(
            values, f"{where}: {name}", is_whole=len(values) == len(images[name])
        )
        for name, values in first.items()
        if len(values)
    }
    notes = (pixels.told(list(found.values()), pixels.scale(found, reading)),) if found else ()
    y_train = checks.checked_labels(raw.y_train, len(x_train), f"{where}: y_train")
    y_test = checks.checked_labels(raw.y_test, len(x_test), f"{where}: y_test")
    names, y_train, y_test = checks.contiguous_labels(y_train, y_test, where)
    return Outline(
        images=splitting.sizes_with_a_fifth(len(y_train), len(y_test)),
        image_shape=tuple(x_train.shape[1:]),
        class_names=names,
        notes=notes,
    )


def sha256(path: Path, reading: Reading = UNSAID) -> str:
    """Return the fingerprint of a file without holding its images: that of the loaded data set."""
    digest = hashlib.sha256()
    with archive.opened(path) as content:
        archive.require_names(content, ARRAYS, path)
        for name in ARRAYS:
            about = content.header(name)
            digest.update(assembly.heading(about.dtype, about.shape))
            for block in content.blocks(name):
                digest.update(block)
    digest.update(str(reading).encode())
    return digest.hexdigest()
