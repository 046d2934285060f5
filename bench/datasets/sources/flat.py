"""One array in a file of its own: `.npy`, and IDX as MNIST was published in, packed with gzip or not.

The header of an IDX file is two zeros, a byte for the type of the values, one for the number of axes, and
the length of each axis; all numbers are big-endian. http://yann.lecun.com/exdb/mnist describes it.
"""

import contextlib
import gzip
import math
import os
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import numpy as np

from bench.datasets.messages import problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import archive
from bench.datasets.sources.stored import Header, Store, Streamed

_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
_ENDING = re.compile(r"(?:\.(?:npy|idx|gz|ubyte))+$", re.IGNORECASE)

Reader = Callable[[IO[bytes], int | None, str], Header]


class Flat(Streamed):
    """A file that is one header and the values of one array."""

    def __init__(self, path: Path, file: IO[bytes], kind: str, header: Reader, *, is_packed: bool) -> None:
        self._path, self._file, self._kind, self._header, self._is_packed = (
            path,
            file,
            kind,
            header,
            is_packed,
        )
        self._name = _ENDING.sub("", path.name)
        self.names = [self._name]

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[tuple[IO[bytes], Header]]:
        """As of a `Streamed`."""
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        with archive.guarded(self._path, self._kind, "or save the array with numpy.savez_compressed"):
            if not self._is_packed:
                yield self._file, self._header(self._file, size, shown(self._path))
                return
            with gzip.GzipFile(fileobj=self._file, mode="rb") as unpacked:
                values = cast(IO[bytes], unpacked)
                header = self._header(values, None, shown(self._path))
                self._require_packed_like_images(header, size)
                yield values, header

    def _require_packed_like_images(self, header: Header, size: int) -> None:
        if header.bytes_ > archive.MOST_UNPACKED and header.bytes_ > archive.MOST_PACKED * size:
            raise problem(
                shown(self._path),
                expected=f"an array packed at most {archive.MOST_PACKED}-fold",
                received=f"{header.bytes_:,} bytes packed to {size:,}",
                remedy="unpack it with gunzip, if it is what it should be",
            )


@contextlib.contextmanager
def npy(path: Path, reading: Reading) -> Iterator[Store]:
    """A `.npy` file, open to be read; its array is named after the file.

    Raises
    ------
    DataError
        If it cannot be read, or is damaged.
    """
    with archive.foreign_file(path, "a .npy file") as file:
        yield Flat(path, file, ".npy file", _npy_header, is_packed=False)


@contextlib.contextmanager
def idx(path: Path, reading: Reading) -> Iterator[Store]:
    """An IDX file, packed or not; raises as `npy`."""
    with archive.foreign_file(path, "an IDX file") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
        yield Flat(path, file, "IDX file", _idx_header, is_packed=is_packed)


def _npy_header(values: IO[bytes], size: int | None, where: str) -> Header:
    return archive.npy_header(values, size or 0, where, "it")


def _idx_header(values: IO[bytes], size: int | None, where: str) -> Header:
    """The header of an IDX file; raises `ValueError` where it is none, or is not followed by its values."""
    start = values.read(4)
    if (
        len(start) < 4
        or start[:2] != b"\0\0"
        or start[2] not in _IDX_TYPES
        or not 1 <= start[3] <= _MOST_AXES
    ):
        raise ValueError(
            f"it begins with {start.hex(' ') or 'nothing'}, which no IDX file of 1 to 4 axes does"
        )
    axes = values.read(4 * start[3])
    if len(axes) < 4 * start[3]:
        raise EOFError("the file ends in the middle of its header")
    shape = struct.unpack(f">{start[3]}I", axes)
    dtype = np.dtype(_IDX_TYPES[start[2]])
    there = None if size is None else size - values.tell()
    if there is not None and there != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"it says shape {shape} of {dtype}, and {there:,} bytes are there")
    return Header(shape=shape, is_fortran=False, dtype=dtype)
