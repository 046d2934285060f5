"""Arrays with names, wherever they lie: headers before values, and values in pieces: little is held."""

import abc
import contextlib
import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

import numpy as np

from bench.datasets import large

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


class Store(abc.ABC):
    """Arrays by name.

    Attributes
    ----------
    names : list of str
    notes : list of str
        What was done to reach them, in words.
    has_own_names : bool
        Whether somebody else has named the arrays, and may be asked which is which.
    """

    names: list[str]
    notes: Sequence[str] = ()
    has_own_names: bool = True

    @abc.abstractmethod
    def header(self, name: str) -> Header:
        """The header of an array, held against what is there."""

    @abc.abstractmethod
    def array(self, name: str) -> np.ndarray:
        """A whole array."""

    @abc.abstractmethod
    def first(self, name: str, most: int) -> np.ndarray:
        """The first rows of an array, as many as `most` bytes hold; none where rows do not lie together."""

    @abc.abstractmethod
    def blocks(self, name: str) -> Iterator[bytes]:
        """The values of an array in the order of their positions, in pieces."""

    def stand_in(self, name: str) -> np.ndarray:
        """An array of the shape and dtype of one of these, zero all over, that takes no memory."""
        header = self.header(name)
        return np.broadcast_to(np.zeros((), header.dtype), header.shape)


class Streamed(Store):
    """Arrays whose values stand in a stream of bytes, one behind the other."""

    @abc.abstractmethod
    def opened(self, name: str) -> contextlib.AbstractContextManager[tuple[IO[bytes], Header]]:
        """The values of an array, to be read from their beginning, and its header."""

    def header(self, name: str) -> Header:
        """As of a `Store`."""
        with self.opened(name) as (_, header):
            return header

    def array(self, name: str) -> np.ndarray:
        """As of a `Store`."""
        with self.opened(name) as (values, header):
            found = large.empty((math.prod(header.shape),), header.dtype)
            memory, start = found.view(np.uint8) if found.size else found, 0
            while start < header.bytes_:
                block = exactly(values, min(BLOCK, header.bytes_ - start))
                memory[start : start + len(block)] = np.frombuffer(block, np.uint8)
                start += len(block)
            require_end(values)
            if header.is_fortran:
                return found.reshape(header.shape[::-1]).transpose()
            return found.reshape(header.shape)

    def first(self, name: str, most: int) -> np.ndarray:
        """As of a `Store`."""
        with self.opened(name) as (values, header):
            row = max(1, header.bytes_ // max(1, header.shape[0])) if header.shape else 0
            count = 0 if header.is_fortran or not row else min(header.shape[0], most // row)
            block = exactly(values, count * row)
            return np.frombuffer(block, header.dtype).reshape((count, *header.shape[1:]))

    def blocks(self, name: str) -> Iterator[bytes]:
        """As of a `Store`."""
        with self.opened(name) as (values, header):
            if not header.is_fortran:
                for start in range(0, header.bytes_, BLOCK):
                    yield exactly(values, min(BLOCK, header.bytes_ - start))
                require_end(values)
                return
        yield np.ascontiguousarray(self.array(name)).tobytes()


class Held(Store):
    """Arrays that are in memory already: formats that cannot be read in pieces."""

    def __init__(
        self, arrays: Mapping[str, np.ndarray], notes: Sequence[str] = (), *, has_own_names: bool = True
    ) -> None:
        self._arrays, self.names, self.notes = arrays, list(arrays), notes
        self.has_own_names = has_own_names

    def header(self, name: str) -> Header:
        """As of a `Store`."""
        array = self._arrays[name]
        return Header(shape=array.shape, is_fortran=False, dtype=array.dtype)

    def array(self, name: str) -> np.ndarray:
        """As of a `Store`."""
        return self._arrays[name]

    def first(self, name: str, most: int) -> np.ndarray:
        """As of a `Store`; all of it, as it costs nothing."""
        return self._arrays[name]

    def blocks(self, name: str) -> Iterator[bytes]:
        """As of a `Store`."""
        yield np.ascontiguousarray(self._arrays[name]).tobytes()


class Several(Store):
    """The arrays of several stores, each under the name of its store."""

    def __init__(self, stores: Mapping[str, Store]) -> None:
        self._places = {
            f"{label}/{name}": (store, name) for label, store in stores.items() for name in store.names
        }
        self.names = list(self._places)
        self.has_own_names = any(store.has_own_names for store in stores.values())
        self.notes = tuple(dict.fromkeys(note for store in stores.values() for note in store.notes))

    def header(self, name: str) -> Header:
        """As of a `Store`."""
        store, own = self._places[name]
        return store.header(own)

    def array(self, name: str) -> np.ndarray:
        """As of a `Store`."""
        store, own = self._places[name]
        return store.array(own)

    def first(self, name: str, most: int) -> np.ndarray:
        """As of a `Store`."""
        store, own = self._places[name]
        return store.first(own, most)

    def blocks(self, name: str) -> Iterator[bytes]:
        """As of a `Store`."""
        store, own = self._places[name]
        return store.blocks(own)


def exactly(values: IO[bytes], count: int) -> bytes:
    """So many bytes, or `EOFError`."""
    block = values.read(count)
    if len(block) != count:
        raise EOFError("the file ends in the middle of an array")
    return block


def require_end(values: IO[bytes]) -> None:
    """Read on to the end of a stream: only there is its checksum compared."""
    if values.read(1):
        raise ValueError("an array is followed by something else")
