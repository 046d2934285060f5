"""Decoded images that are too many to be held: made again wherever they are looked at."""

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from bench.datasets.levels import InBlocks
from bench.models.coder import Absent, Coder

MOST_VALUES = 2**26  # 256 MiB of images are held
_BLOCK = 1000  # codes: a batch of a network, so that each is decoded beside the same others

Decode = Callable[[np.ndarray], Any]


class Decoded(InBlocks):
    """Images `(n, h, w, c)` of codes, decoded in blocks of 1,000, of which the last is held."""

    def __init__(self, decode: Decode, codes: np.ndarray, image_shape: tuple[int, ...]) -> None:
        super().__init__((len(codes), *image_shape))
        self._decode, self._codes, self._image_shape = decode, codes, image_shape
        self._held: tuple[int, np.ndarray] | None = None

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            return self[key[0]][(slice(None), *key[1:])]
        if not isinstance(key, slice):
            rows = np.arange(len(self))[key]
            return self._decode(self._codes[rows.ravel()]).reshape(*rows.shape, *self._image_shape)
        start, stop, step = key.indices(len(self))
        if stop <= start:
            return np.empty((0, *self._image_shape), np.float32)
        first, last = start // _BLOCK, (stop - 1) // _BLOCK
        found = [self._block(number) for number in range(first, last + 1)]
        whole = found[0] if len(found) == 1 else np.concatenate(found)
        return whole[start - first * _BLOCK : stop - first * _BLOCK : step]

    def of(self, positions: Any) -> "Decoded":
        """As of `InBlocks`."""
        return Decoded(self._decode, self._codes[positions], self._image_shape)

    def _block(self, number: int) -> np.ndarray:
        if self._held is None or self._held[0] != number:
            self._held = number, self._decode(self._codes[number * _BLOCK : (number + 1) * _BLOCK])
        return self._held[1]


def of_coder(coder: Coder, codes: np.ndarray, image_shape: tuple[int, ...]) -> np.ndarray | Absent:
    """Images that a coder decodes: an array, or where they are too many what stands in the place of one."""
    if len(codes) * math.prod(image_shape) <= MOST_VALUES:
        return coder.decode(codes)
    first = coder.decode(codes[:1])
    return first if isinstance(first, Absent) else cast(np.ndarray, Decoded(coder.decode, codes, image_shape))
