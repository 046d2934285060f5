"""The arrays of a MATLAB file (`.mat`): of version 5, and of version 7.3, which is HDF5.

MATLAB stacks images along the last axis. Where only that is as long as there are labels, it is moved to the
front, and that is said.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from bench import foreign
from bench.datasets.messages import listed, named, problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import archive, hdf5, matlab5, roles
from bench.datasets.sources.stored import Held, Store

MOST_BYTES = 2**32  # of a file, which is read as a whole
_HDF5 = b"\x89HDF"
_AGAIN = "or save its arrays with numpy.savez_compressed"


@contextlib.contextmanager
def opened(path: Path, reading: Reading) -> Iterator[Store]:
    """A MATLAB file, read.

    Raises
    ------
    DataError
        If it cannot be read, or is none.
    """
    with archive.foreign_file(path, "a .mat file") as file:
        start = file.read(1024)
    if _HDF5 in start:  # behind a text of 512 bytes
        with hdf5.opened(path, reading) as content:
            wanted = [name for name in content.names if roles.parsed(name, reading)[1]]
            arrays = {name: content.array(name).transpose() for name in wanted}
    else:
        arrays = _of_version_5(path, reading)
    yield _upright(arrays, reading)


def _of_version_5(path: Path, reading: Reading) -> dict[str, np.ndarray]:
    """The arrays of images and labels alone."""

    def bound(packed: int, size: int) -> int:
        if size > archive.MOST_UNPACKED and size > archive.MOST_PACKED * packed:
            raise problem(
                shown(path),
                expected=f"arrays packed at most {archive.MOST_PACKED}-fold",
                received=f"{size:,} bytes packed to {packed:,}",
                remedy="save the arrays with numpy.savez_compressed",
            )
        return size

    with archive.guarded(path, "MATLAB file", _AGAIN):
        content = foreign.read_bytes(path, most=MOST_BYTES)
        return matlab5.arrays(content, lambda name: bool(roles.parsed(name, reading)[1]), bound)


def _upright(arrays: Mapping[str, np.ndarray], reading: Reading) -> Held:
    """The arrays with images along the first axis, and rows of labels along their only one."""
    kinds = {name: roles.parsed(name, reading) for name in arrays}
    flat = {
        name: array.reshape(-1) if kinds[name][1] == "labels" and 1 in array.shape else array
        for name, array in arrays.items()
    }
    counts = {kinds[name][0]: len(array) for name, array in flat.items() if kinds[name][1] == "labels"}
    moved, found = [], {}
    for name, array in flat.items():
        part, kind = kinds[name]
        if kind == "images" and _is_stacked_last(array, counts.get(part)):
            array = np.ascontiguousarray(np.moveaxis(array, -1, 0))
            moved.append(name)
        found[name] = array
    notes = (
        [f"images along the last axis of {listed(map(named, moved))}, as MATLAB has them"] if moved else []
    )
    return Held(found, notes)


def _is_stacked_last(array: np.ndarray, count: int | None) -> bool:
    return array.ndim > 1 and array.shape[-1] == count != array.shape[0]
