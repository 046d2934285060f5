"""Converted data sets, once a machine: the images of all parts in one file that every process maps.

```
<folder>/<key>/images.npy    all images, those for training first, then validation, then test
<folder>/<key>/labels.npy    their labels
<folder>/<key>/about.json    how many there are of each part, and what the files have to look like
<folder>/<key>.json          what a file or a folder was read as: see `sources.converted`
```

Images lie there as `uint8` with the level that is white, if they came as whole numbers of which 0 is black;
else as the float32 that they are scaled to. An entry is written beside its place and renamed, so that nobody
reads half of one: of two processes that convert the same images one wins. One that does not look as it was
left is removed, and made again.
"""

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from bench.datasets import census, large
from bench.datasets.dataset import Dataset, Split
from bench.datasets.levels import LEAST, Levels

MOST_BYTES = 50 * 2**30  # of all entries: what was not used for longest goes first
VERSION = 1  # of this form, and of how images are split: others are not looked at
PARTS = ("train", "validation", "test")
_BLOCK = 2**24  # bytes that are written at a time
Told = Callable[[str, int, int], None]
"""Is told what is done, how much of it is, and how much there is."""


def nobody(what: str, done: int, count: int) -> None:
    """Nobody is told."""


def kept(dataset: Dataset, tell: Told = nobody, *, is_published: bool = False) -> Dataset:
    """Return a data set with its images in the cache, where they are put if they are not there.

    A small one, and any where the cache cannot be written, is returned as it is.

    Parameters
    ----------
    is_published : bool
        Whether it is one of the registry, of which nobody asks for duplicates.

    Raises
    ------
    DataError
        If the disk is full; then nothing is left behind.
    """
    if sum(part.images.size for part in _parts(dataset)) < LEAST:
        return dataset
    entry = key(dataset, is_published=is_published)
    found = opened(entry, dataset)
    if found is not None:
        return found
    try:
        _write(entry, dataset, tell, is_published)
    except OSError as error:
        if large.is_full(error):
            raise large.no_room(held(dataset)) from None
        return dataset
    return opened(entry, dataset) or dataset


def is_kept(dataset: Dataset) -> bool:
    """Whether its images lie in the cache."""
    return (large.folder() / key(dataset) / "about.json").exists()


def key(dataset: Dataset, *, is_published: bool = False) -> str:
    """Return what tells one entry from another: the source's contents, and by which rule they were split."""
    counts = [part.images.shape for part in _parts(dataset)]
    text = f"{VERSION} {dataset.sha256} {counts} {dataset.value_range} {is_published}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def opened(entry: str, about: Dataset) -> Dataset | None:
    """Return the data set of an entry, with what else is known of it; None if it is not there, or damaged."""
    place = large.folder() / entry
    if not place.exists():
        return None
    try:
        told = json.loads((place / "about.json").read_bytes())
        for name, expected in told["files"].items():
            if _look(place / name) != expected:
                raise ValueError(f"{name} has changed")
        images, labels = _mapped(place / "images.npy"), _labels(place, told["files"])
        ends = np.cumsum([told["images"][part] for part in PARTS]).tolist()
        if any(len(one) != ends[-1] for one in (images, labels) if one is not None):
            raise ValueError("other numbers of images")
        whole = Split(images=_shown(images, told["white"]), labels=labels)
        splits = [whole.rows(slice(start, end)) for start, end in zip([0, *ends], ends, strict=False)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError):
        shutil.rmtree(place, ignore_errors=True)
        return None
    with contextlib.suppress(OSError):
        os.utime(place / "about.json")  # what is used stays
    train, validation, test = splits
    return dataclasses.replace(about, train=train, validation=validation, test=test, checked=told["checked"])


def held(dataset: Dataset) -> int:
    """Return how many bytes its images take, once a machine."""
    return sum(
        part.images.size * (1 if isinstance(part.images, Levels) else part.images.itemsize)
        for part in _parts(dataset)
    )


def size() -> int:
    """Return how many bytes are in the cache."""
    return sum(_weights().values())


def clear() -> int:
    """Remove all that is in the cache; return how many bytes that was."""
    freed = size()
    shutil.rmtree(large.folder(), ignore_errors=True)
    return freed


def _parts(dataset: Dataset) -> tuple[Split, Split, Split]:
    return dataset.train, dataset.validation, dataset.test


def _shown(images: np.ndarray, white: float | None) -> np.ndarray:
    return images if white is None else cast(np.ndarray, Levels(images, white))


def _mapped(path: Path) -> np.ndarray:
    """The array of a file, whose pages all processes share; a process may write to its own copy of one."""
    with open(path, "rb") as file:
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        if dtype.hasobject:
            raise ValueError("objects in place of numbers")
        return np.asarray(np.memmap(file, dtype, mode="c", offset=file.tell(), shape=shape))


def _labels(place: Path, files: Mapping[str, Any]) -> Any:
    """Those of all images; None of a set without any."""
    return np.load(place / "labels.npy", allow_pickle=False) if "labels.npy" in files else None


def _look(path: Path) -> list[int]:
    about = path.stat()
    return [about.st_size, about.st_mtime_ns]


def _write(entry: str, dataset: Dataset, tell: Told, is_published: bool) -> None:
    folder = large.folder()
    folder.mkdir(parents=True, exist_ok=True)
    _sweep()
    _make_room(size := held(dataset))
    part = folder / f".{entry}.{uuid.uuid4().hex[:12]}.part"
    part.mkdir()
    try:
        with open(part / "images.npy", "xb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # its writer lives
            os.posix_fallocate(file.fileno(), 0, size)  # a full disk is found out now, and not after an hour
            _write_images(file, dataset, tell)
            if dataset.train.labels is not None:
                np.save(part / "labels.npy", np.concatenate([one.labels for one in _parts(dataset)]))
            _write_about(part, dataset, is_published)
            with contextlib.suppress(OSError):  # another one was quicker
                os.rename(part, folder / entry)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_images(file: IO[bytes], dataset: Dataset, tell: Told) -> None:
    first, count = _some(dataset.train.images, slice(1)), sum(len(part.images) for part in _parts(dataset))
    about = {"descr": first.dtype.str, "fortran_order": False, "shape": (count, *first.shape[1:])}
    np.lib.format.write_array_header_1_0(file, about)
    step, done = max(1, _BLOCK // first.nbytes), 0
    for part in _parts(dataset):
        for start in range(0, len(part.images), step):
            block = _some(part.images, slice(start, start + step))
            file.write(np.ascontiguousarray(block).data)
            done += len(block)
            tell("images kept", done, count)
    file.truncate()
    file.flush()
    os.fsync(file.fileno())


def _write_about(part: Path, dataset: Dataset, is_published: bool) -> None:
    images = dataset.train.images
    about: dict[str, Any] = {
        "images": {name: len(getattr(dataset, name).images) for name in PARTS},
        "white": images.white if isinstance(images, Levels) else None,
        "checked": "" if is_published else str(census.taken(dataset)),
        "files": {file.name: _look(file) for file in part.glob("*.npy")},
    }
    (part / "about.json").write_text(json.dumps(about), encoding="utf-8")


def _some(images: Any, rows: slice) -> np.ndarray:
    return images.of(rows).levels() if isinstance(images, Levels) else images[rows]


def _weights() -> dict[Path, int]:
    """The bytes of each entry, and of what converters have left, those not used for longest first."""
    found: dict[Path, tuple[float, int]] = {}
    with contextlib.suppress(OSError):
        for place in large.folder().iterdir():
            with contextlib.suppress(OSError):
                files = list(place.iterdir()) if place.is_dir() else [place]
                used = max((file.stat().st_mtime for file in files), default=0.0)
                found[place] = used, sum(file.stat().st_size for file in files)
    return {place: weight for place, (_, weight) in sorted(found.items(), key=lambda one: one[1][0])}


def _make_room(size: int) -> None:
    weights = _weights()
    excess = sum(weights.values()) + size - MOST_BYTES
    for place, weight in weights.items():
        if excess > 0 and place.is_dir() and not place.name.startswith("."):
            shutil.rmtree(place, ignore_errors=True)
            excess -= weight


def _sweep() -> None:
    """Remove what converters have left that were killed: nobody holds their lock."""
    for part in large.folder().glob(".*.part"):
        with contextlib.suppress(OSError):
            with open(part / "images.npy", "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(part, ignore_errors=True)
