"""The arrays of an HDF5 file (`.h5`, `.hdf5`), read with care.

Nothing in it is followed out of it: links to other names and files, values kept in other files, and arrays
put together from others are passed over. h5py comes with Keras.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.datasets import large
from bench.datasets.messages import named, problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import archive
from bench.datasets.sources.stored import BLOCK, Header, Store

if TYPE_CHECKING:
    import h5py

MOST_OBJECTS = 1000  # arrays and groups that are looked at
_DEEPEST = 4  # groups in groups
_AGAIN = "or save its arrays with numpy.savez_compressed"


class Hdf5(Store):
    """An open file; whatever is wrong with one of its arrays ends in a `DataError`."""

    def __init__(self, path: Path, content: "h5py.File") -> None:
        self._path = path
        self._found: dict[str, Any] = {}
        with self._guarded():
            self._walk(content, "", 0)
        self.names = list(self._found)

    def header(self, name: str) -> Header:
        """As of a `Store`."""
        with self._guarded():
            found = self._checked(name)
            if _is_text(found):  # whose lengths only the texts themselves tell
                found = self._values(name, slice(None))
            return Header(shape=found.shape, is_fortran=False, dtype=found.dtype)

    def array(self, name: str) -> np.ndarray:
        """As of a `Store`; texts as NumPy keeps them."""
        with self._guarded():
            found = self._checked(name)
            if _is_text(found):
                return self._values(name, slice(None))
            whole = large.empty(found.shape, found.dtype)
            for rows in _steps(found):
                whole[rows] = found[rows]
            return whole

    def first(self, name: str, most: int) -> np.ndarray:
        """As of a `Store`."""
        with self._guarded():
            found = self._checked(name)
            row = max(1, found.nbytes // max(1, found.shape[0]))
            return self._values(name, slice(0, most // row))

    def blocks(self, name: str) -> Iterator[bytes]:
        """As of a `Store`."""
        with self._guarded():
            found = self._checked(name)
            if _is_text(found):
                yield np.ascontiguousarray(self._values(name, slice(None))).tobytes()
                return
            for rows in _steps(found):
                yield np.ascontiguousarray(found[rows]).tobytes()

    def _guarded(self) -> contextlib.AbstractContextManager[None]:
        return archive.guarded(self._path, "HDF5 file", _AGAIN)

    def _walk(self, group: Any, prefix: str, depth: int) -> None:
        import h5py

        for key in group:
            if len(self._found) >= MOST_OBJECTS or not isinstance(
                group.get(key, getlink=True), h5py.HardLink
            ):
                continue
            found = group[key]
            if isinstance(found, h5py.Group) and depth < _DEEPEST:
                self._walk(found, f"{prefix}{key}/", depth + 1)
            elif isinstance(found, h5py.Dataset) and found.shape and not (found.external or found.is_virtual):
                self._found[f"{prefix}{key}"] = found

    def _values(self, name: str, rows: slice) -> np.ndarray:
        found = self._checked(name)
        return found.asstr()[rows].astype(str) if _is_text(found) else found[rows]

    def _checked(self, name: str) -> Any:
        """An array that holds numbers or texts, and not more of them than the file has bytes for."""
        found = self._found[name]
        if found.dtype.hasobject and not _is_text(found):
            raise self._refused(
                name, "an array of numbers", f"dtype {found.dtype}", "save the array as numbers"
            )
        stored = found.id.get_storage_size()
        if found.nbytes > archive.MOST_PACKED * stored and (
            found.nbytes > archive.MOST_UNPACKED or not stored
        ):
            raise self._refused(
                name,
                f"an array packed at most {archive.MOST_PACKED}-fold",
                f"{found.nbytes:,} bytes packed to {stored:,}",
                "save it without compression",
            )
        return found

    def _refused(self, name: str, expected: str, received: str, remedy: str) -> Exception:
        where = f"{shown(self._path)}: {named(name)}"
        return problem(where, expected=expected, received=received, remedy=remedy)


def _steps(found: Any) -> Iterator[slice]:
    """All rows, some at a time; whole chunks, each of which is unpacked once."""
    count, chunk = found.shape[0], found.chunks[0] if found.chunks else 1
    step = max(1, BLOCK // max(1, found.nbytes // max(1, count)))
    step = chunk * max(1, step // chunk)
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def _is_text(found: Any) -> bool:
    import h5py

    return h5py.check_string_dtype(found.dtype) is not None


@contextlib.contextmanager
def opened(path: Path, reading: Reading) -> Iterator[Store]:
    """An HDF5 file, open to be read.

    Raises
    ------
    DataError
        If it cannot be read, or is none.
    """
    import h5py  # here: the registry has to be light

    with archive.foreign_file(path, "an HDF5 file") as file, contextlib.ExitStack() as stack:
        with archive.guarded(path, "HDF5 file", _AGAIN):
            content = stack.enter_context(h5py.File(file, "r"))
        yield Hdf5(path, content)
