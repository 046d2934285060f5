"""The arrays of a `.npz` file, read with care: headers before values, and never an object that runs code."""

import contextlib
import dataclasses
import math
import os
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from bench import errors, foreign
from bench.datasets.messages import listed, named, one_line, problem, shown

MOST_UNPACKED = 2**30  # bytes of an array that may be packed to however few
MOST_PACKED = 200  # times; images are packed to a half or a tenth, a bomb to a thousandth
BLOCK = 2**20  # bytes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Header:
    """What an array says of itself before its values."""

    shape: tuple[int, ...]
    is_fortran: bool
    dtype: np.dtype

    @property
    def bytes_(self) -> int:
        """How many its values take."""
        return math.prod(self.shape) * self.dtype.itemsize


class Archive:
    """An open `.npz` file; whatever is wrong with one of its arrays ends in a `DataError`."""

    def __init__(self, path: Path, content: zipfile.ZipFile, size: int) -> None:
        self._path, self._content, self._size = path, content, size
        self.names = [name.removesuffix(".npy") for name in content.namelist()]

    def header(self, name: str) -> Header:
        """The header of an array, held against what is there."""
        with self._opened(name) as (_, header):
            return header

    def stand_in(self, name: str) -> np.ndarray:
        """An array of the shape and dtype of one of the file, zero all over, that takes no memory."""
        with self._opened(name) as (_, header):
            return np.broadcast_to(np.zeros((), header.dtype), header.shape)

    def array(self, name: str) -> np.ndarray:
        """A whole array."""
        with self._opened(name) as (values, header):
            found = np.empty(math.prod(header.shape), header.dtype)
            memory, start = found.view(np.uint8) if found.size else found, 0
            while start < header.bytes_:
                block = _exactly(values, min(BLOCK, header.bytes_ - start))
                memory[start : start + len(block)] = np.frombuffer(block, np.uint8)
                start += len(block)
            _require_end(values)
            if header.is_fortran:
                return found.reshape(header.shape[::-1]).transpose()
            return found.reshape(header.shape)

    def first(self, name: str, most: int) -> np.ndarray:
        """The first rows of an array, as many as `most` bytes hold; none where rows do not lie together."""
        with self._opened(name) as (values, header):
            row = max(1, header.bytes_ // max(1, header.shape[0])) if header.shape else 0
            count = 0 if header.is_fortran or not row else min(header.shape[0], most // row)
            block = _exactly(values, count * row)
            return np.frombuffer(block, header.dtype).reshape((count, *header.shape[1:]))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The values of an array in the order of their positions, in pieces."""
        with self._opened(name) as (values, header):
            if not header.is_fortran:
                for start in range(0, header.bytes_, BLOCK):
                    yield _exactly(values, min(BLOCK, header.bytes_ - start))
                _require_end(values)
                return
        yield np.ascontiguousarray(self.array(name)).tobytes()

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[tuple[IO[bytes], Header]]:
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
        version = np.lib.format.read_magic(values)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"version {version} of the format of arrays, which no array of numbers needs")
        shape, is_fortran, dtype = read(values)
        header = Header(shape=shape, is_fortran=is_fortran and len(shape) > 1, dtype=dtype)
        if dtype.hasobject:
            raise problem(
                f"{shown(self._path)}: {name}",
                expected="an array of numbers",
                received="pickled Python objects, which are not opened because they can run code",
                remedy="stack the images into one array of numbers and save it again",
            )
        there = self._member(name).file_size - values.tell()
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
def foreign_file(path: Path) -> Iterator[IO[bytes]]:
    """A regular file, or the error that says why it cannot be read."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(foreign.opened(path))
        except OSError as error:
            raise problem(
                shown(path),
                expected="a .npz file that can be read",
                received=one_line(error.strerror or error),
                remedy="see to it that it is there, a file, and that you may read it",
            ) from error
        yield file


@contextlib.contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Inside, a `.npz` file is parsed: damage of whatever kind is one error, and never a warning."""

    def refusal(reason: str) -> errors.DataError:
        return problem(
            shown(path),
            expected="a readable .npz file",
            received=reason,
            remedy="copy or download the file again, or write it anew with numpy.savez_compressed",
        )

    with warnings.catch_warnings(), foreign.guarded(refusal):
        warnings.simplefilter("ignore")
        yield


def _exactly(values: IO[bytes], count: int) -> bytes:
    block = values.read(count)
    if len(block) != count:
        raise EOFError("the file ends in the middle of an array")
    return block


def _require_end(values: IO[bytes]) -> None:
    """Read on to the end of a member: only there is its checksum compared."""
    if values.read(1):
        raise ValueError("an array is followed by something else")


def require_names(archive: Archive, wanted: tuple[str, ...], path: Path) -> None:
    """Refuse a file that lacks one of the arrays."""
    missing = [name for name in wanted if name not in archive.names]
    if missing:
        raise problem(
            shown(path),
            expected=f"the arrays {listed(wanted)}",
            received=f"{listed(map(named, archive.names)) or 'none'}, without {listed(missing)}",
            remedy=_remedy(set(archive.names), missing),
        )


def _remedy(names: set[str], missing: list[str]) -> str:
    """What can be done about missing arrays, by which others are there."""
    if {"train_images", "train_labels", "test_images", "test_labels"} <= names:
        return "save train_images as x_train, train_labels as y_train, and those of test likewise"
    if missing == ["x_test", "y_test"]:
        return "set some images of every class aside, and save them as x_test and y_test"
    if missing == ["y_train", "y_test"]:
        return (
            "save the class number of each image as y_train and y_test: images without labels are not taken"
        )
    return "save the images and their class numbers with numpy.savez_compressed under these names"
