"""Images as the whole numbers they came in, which become floats where somebody looks at them.

A byte a value instead of four, and one copy for all processes of a machine where they lie in a file. What is
taken of them is what dividing all of them at once would give, to the last bit.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np

from bench.datasets import large
from bench.datasets.pixels import Extent, Scale

LEAST = 2**22  # values: images of smaller sets are floats, in the memory of each process
MOST_AT_ONCE = 2**27
"""Values of images, 512 MiB as floats, that whoever needs all at once may take: of more, a fixed choice."""
_BLOCK = 2**22  # values that are scaled at a time where all are gone through
_WHITES = (1e-30, 1e38)  # between these, float32 has all its digits for all levels of grey
_EXACT = 2**21  # images whose sum float64 holds exactly: of a value divided by 255 it has 31 binary places


class InBlocks(np.lib.mixins.NDArrayOperatorsMixin):
    """Images `(n, h, w, c)` in [0, 1], float32, that are made where they are looked at.

    Stands in the place of an array: what is taken of it by `[...]` is one. Whatever else an array can do is
    asked of an array of all images, which takes the memory of that.
    """

    dtype = np.dtype(np.float32)
    in_blocks = True
    """Tells whoever can work through images block by block that it should."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """What an array of all images would take."""
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        raise NotImplementedError

    def of(self, positions: Any) -> Any:
        """Return some of these images, which are not made yet."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[np.ndarray]:
        for block in self.blocks():
            yield from block

    def blocks(self) -> Iterator[np.ndarray]:
        """All images in order, some at a time."""
        step = max(1, _BLOCK // max(1, math.prod(self.shape[1:])))
        for start in range(0, len(self), step):
            yield self[start : start + step]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        found: np.ndarray = self[:]
        return found if dtype is None else found.astype(dtype, copy=False)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        arrays = (np.asarray(one) if isinstance(one, InBlocks) else one for one in inputs)
        return getattr(ufunc, method)(*arrays, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)


class Levels(InBlocks):
    """Images that are kept as `uint8`, and divided by the level that is white.

    Parameters
    ----------
    values : ndarray of shape (N, height, width, channels), uint8
        Those of these images, and perhaps others.
    white : float
        Above 0; the level that becomes 1.
    rows : slice or ndarray of shape (n,), integer
        Which of them are these images.
    """

    def __init__(self, values: np.ndarray, white: float, rows: "slice | np.ndarray" = slice(None)) -> None:
        count = len(range(*rows.indices(len(values)))) if isinstance(rows, slice) else len(rows)
        super().__init__((count, *values.shape[1:]))
        self.values, self.white, self.rows = values, white, rows

    def __getitem__(self, key: Any) -> Any:
        if isinstance(self.rows, slice):
            return self._scaled(self.values[self.rows][key])
        if not isinstance(key, tuple):
            return self._scaled(self.values[self.rows[key]])
        return self[key[0]][(slice(None), *key[1:])] if isinstance(key[0], slice) else self[:][key]

    def levels(self) -> np.ndarray:
        """These images as they are kept, (n, height, width, channels): where they lie together, no copy."""
        return self.values[self.rows]

    def of(self, positions: Any) -> Self:
        """As of `InBlocks`; nothing is copied."""
        if isinstance(self.rows, slice):
            start, stop, step = self.rows.indices(len(self.values))
            rows = range(start, stop, step)
            if isinstance(positions, slice):
                found = rows[positions]
                return type(self)(self.values, self.white, slice(found.start, found.stop, found.step))
            return type(self)(self.values, self.white, np.asarray(rows)[positions])
        return type(self)(self.values, self.white, self.rows[positions])

    def followed_by(self, other: "Levels") -> "Levels":
        """Return these images with others behind them; not copied where they lie so."""
        mine, theirs = self.rows, other.rows
        if other.values is self.values and isinstance(mine, slice) and isinstance(theirs, slice):
            first, second = mine.indices(len(self.values)), theirs.indices(len(self.values))
            if first[1] == second[0] and first[2] == second[2] == 1:
                return Levels(self.values, self.white, slice(first[0], second[1]))
        return Levels(np.concatenate([self.levels(), other.levels()]), self.white)

    def reshape(self, *shape: Any) -> Any:
        """As of an array; with one axis for all values of an image, nothing is made."""
        if shape == (len(self), -1):
            return Levels(self.values.reshape(len(self.values), -1), self.white, self.rows)
        return self[:].reshape(*shape)

    def mean(self, axis: Any = None, dtype: Any = None, **options: Any) -> Any:
        """As of an array; the mean image in float64, block by block, is that of all at once."""
        if axis != 0 or np.dtype(dtype) != np.float64 or options or len(self) > _EXACT:
            return self[:].mean(axis=axis, dtype=dtype, **options)
        # Sums of these values are exact, so that their order does not matter.
        return sum(block.sum(axis=0, dtype=np.float64) for block in self.blocks()) / len(self)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.divide(values, self.white, dtype=np.float32, casting="unsafe")
        return found


def are_such(extents: Sequence[Extent], how: Scale) -> bool:
    """Whether images can be kept as `uint8` with nothing lost: whole numbers of which 0 is black."""
    return (
        all(one.dtype.kind in "bui" and one.low >= 0 and one.high <= 255 for one in extents)
        and how.black == 0
        and not how.clips
        and _WHITES[0] <= how.white <= _WHITES[1]
    )


def bytes_of(images: np.ndarray) -> np.ndarray:
    """Whole numbers up to 255 as `uint8`, without a copy if they are."""
    if images.dtype.itemsize == 1:
        return images.view(np.uint8)
    found = large.empty(images.shape, np.uint8)
    np.copyto(found, images, casting="unsafe")
    return found


def rows(images: Any, chosen: "slice | np.ndarray") -> Any:
    """Return some images of an array, or of `InBlocks` without making them."""
    return images.of(chosen) if isinstance(images, InBlocks) else images[chosen]


def joined(first: Any, second: Any) -> Any:
    """Return images with others behind them, as `Levels` if both are such of one white."""
    if isinstance(first, Levels) and isinstance(second, Levels) and first.white == second.white:
        return first.followed_by(second)
    return np.concatenate([np.asarray(first), np.asarray(second)])
