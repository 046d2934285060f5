"""A data set of a user's own: a folder of pictures, a file of arrays, or a folder of such files."""

from pathlib import Path

from bench import errors, foreign
from bench.datasets import cache
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.messages import counted, named, problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import folder, formats, layout, stored, tabled

_OF_ARRAYS = ("channels", "shape", "images", "labels")
_OF_PICTURES = ("colours", "background")
MOST_TOLD = 20  # arrays


def is_taken(path: Path) -> bool:
    """Whether a file has the name of one that holds arrays."""
    return formats.opener(path.name) is not None


def load(path: Path, reading: Reading, tell: cache.Told = cache.nobody) -> Dataset:
    """Load it; raises `DataError` in one line."""
    if not _is_of_arrays(path, reading):
        return folder.load(path, reading, tell)
    with formats.opened(path, reading) as store:
        return tabled.load(tabled.table(store, shown(path), reading), foreign.visible(path.resolve().stem))


def outline(path: Path, reading: Reading) -> Outline:
    """Return what it will be taken for, as far as headers, labels and first images tell."""
    if not _is_of_arrays(path, reading):
        return folder.outline(path, reading)
    with formats.opened(path, reading) as store:
        return tabled.outline(tabled.table(store, shown(path), reading))


def sha256(path: Path, reading: Reading) -> str:
    """Return the fingerprint that it has once loaded."""
    if not _is_of_arrays(path, reading):
        return folder.sha256(path, reading)
    with formats.opened(path, reading) as store:
        return tabled.sha256(tabled.table(store, shown(path), reading))


def described(path: Path, reading: Reading) -> list[str]:
    """Return what is there, data set or not: arrays with their axes, or numbers of files."""
    if _is_of_arrays(path, reading):
        with formats.opened(path, reading) as store:
            return [_of_array(store, name) for name in store.names[:MOST_TOLD]]
    found = layout.listing(path)
    classes = f" of {counted(len(found.classes), 'class')}" if found.classes else " without classes"
    return [f"{part}: {counted(len(files), 'picture')}{classes}" for part, files in found.files.items()]


def _of_array(store: stored.Store, name: str) -> str:
    try:
        about = store.header(name)
    except errors.DataError:
        return f"{named(name)}: not opened, as it is no array of numbers"
    return f"{named(name)}: {about.dtype} of shape {about.shape}"


def _is_of_arrays(path: Path, reading: Reading) -> bool:
    """Whether it holds arrays; refused where what is said does not fit."""
    found = not path.is_dir() or layout.holds_arrays(path)
    for key in _OF_PICTURES if found else _OF_ARRAYS:
        if key in reading.texts():
            kind = "a folder of pictures" if found else "a file of arrays"
            raise problem(
                shown(path),
                expected=f"{kind}, where --{key} is said",
                received="arrays, which are read as they are"
                if found
                else "a folder, whose files say themselves where their channels are",
                remedy=f"leave out --{key} (in a grid file @{key})",
            )
    return found
