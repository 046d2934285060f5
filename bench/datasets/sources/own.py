"""A data set of a user's own: a folder of pictures, a file of arrays, or a folder of such files."""

from pathlib import Path

from bench import foreign
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.messages import problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import folder, formats, layout, tabled

_OF_ARRAYS = ("channels", "shape", "images", "labels")
_OF_PICTURES = ("colours", "background")


def is_taken(path: Path) -> bool:
    """Whether a file has the name of one that holds arrays."""
    return formats.opener(path.name) is not None


def load(path: Path, reading: Reading) -> Dataset:
    """Load it; raises `DataError` in one line."""
    if not _is_of_arrays(path, reading):
        return folder.load(path, reading)
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
