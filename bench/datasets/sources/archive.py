"""The arrays of a `.npz` file, read with care: headers before values, and never an object that runs code."""

import contextlib
import os
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from bench import errors, foreign
from bench.datasets.messages import one_line, problem, shown
from bench.datasets.sources.stored import Header, Streamed

MOST_UNPACKED = 2**30  # bytes of an array that may be packed to however few
MOST_PACKED = 200  # times; images are packed to a half or a tenth, a bomb to a thousandth


class Archive(Streamed):
    """An open `.npz` file; whatever is wrong with one of its arrays ends in a `DataError`."""

    def __init__(self, path: Path, content: zipfile.ZipFile, size: int) -> None:
        self._path, self._content, self._size = path, content, size
        self.names = [name.removesuffix(".npy") for name in content.namelist()]

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[tuple[IO[bytes], Header]]:
        """As of a `Streamed`."""
        with guarded(self._path), self._content.open(self._member(name)) as values:
            header = self._header(name, values)
            yield values, header

    def _member(self, name: str) -> zipfile.ZipInfo:
        """The entry of an array, as NumPy names it; refused where it is packed as no image is."""
        entries = {info.filename: info for info in self._content.infolist()}
        info = entries.get(f"{name}.npy") or entries[name]
        if info.compress_size > self._size:
            raise ValueError(
                f"{name} is said to have {info.compress_size:,} bytes, the file has {self._size:,}"
            )
        if info.file_size > MOST_UNPACKED and info.file_size > MOST_PACKED * info.compress_size:
            raise problem(
                f"{shown(self._path)}: {name}",
                expected=f"an array packed at most {MOST_PACKED}-fold, or of {MOST_UNPACKED:,} bytes at most",
                received=f"{info.file_size:,} bytes packed to {info.compress_size:,}",
                remedy="save it with numpy.savez, which does not pack",
            )
        return info

    def _header(self, name: str, values: IO[bytes]) -> Header:
        return npy_header(values, self._member(name).file_size, f"{shown(self._path)}: {name}", name)


def npy_header(values: IO[bytes], size: int, where: str, name: str) -> Header:
    """The header at the beginning of a `.npy` file, or of one in an archive, of so many bytes in all.

    Raises
    ------
    DataError
        For pickled objects.
    ValueError
        For anything else that it should not be.
    """
    version = np.lib.format.read_magic(values)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version} of the format of arrays, which no array of numbers needs")
    shape, is_fortran, dtype = read(values)
    header = Header(shape=shape, is_fortran=is_fortran and len(shape) > 1, dtype=dtype)
    if dtype.hasobject:
        raise problem(
            where,
            expected="an array of numbers",
            received="pickled Python objects, which are not opened because they can run code",
            remedy="stack the images into one array of numbers (labels as y.astype(str)) and save it again",
        )
    there = size - values.tell()
    if min(shape, default=0) < 0 or header.bytes_ != there:
        raise ValueError(f"{name} says shape {shape} of {dtype}, and {there:,} bytes are there")
    return header


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A `.npz` file, open to be read.

    Raises
    ------
    DataError
        If it cannot be read, is no regular file, or no zip archive.
    """
    with foreign_file(path) as file:
        with guarded(path):
            content = zipfile.ZipFile(file)
        with content:
            yield Archive(path, content, file.seek(0, os.SEEK_END))


@contextlib.contextmanager
def foreign_file(path: Path, kind: str = "a .npz file") -> Iterator[IO[bytes]]:
    """A regular file, or the error that says why it cannot be read."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(foreign.opened(path))
        except OSError as error:
            raise problem(
                shown(path),
                expected=f"{kind} that can be read",
                received=one_line(error.strerror or error),
                remedy="see to it that it is there, a file, and that you may read it",
            ) from error
        yield file


@contextlib.contextmanager
def guarded(
    path: Path, kind: str = ".npz file", again: str = "or write it anew with numpy.savez_compressed"
) -> Iterator[None]:
    """Inside, a file is parsed: damage of whatever kind is one error, and never a warning."""

    def refusal(reason: str) -> errors.DataError:
        return problem(
            shown(path),
            expected=f"a readable {kind}",
            received=reason,
            remedy=f"copy or download the file again, {again}",
        )

    with warnings.catch_warnings(), foreign.guarded(refusal):
        warnings.simplefilter("ignore")
        yield
