"""Arrays that may be larger than memory: they lie in a file without a name, which ends with them."""

import errno
import math
import mmap
import os
import tempfile
from pathlib import Path

import numpy as np

from bench import errors
from bench.datasets.messages import problem, shown

LEAST = 2**26  # bytes: smaller arrays lie in memory
ALIGNMENT = 64  # bytes: where TensorFlow can compute with an array
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def folder() -> Path:
    """Where converted data sets are kept: below `XDG_CACHE_HOME`, or else `~/.cache`."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "autoencoder-bench" / "data"


def empty(shape: tuple[int, ...], dtype: np.dtype | type) -> np.ndarray:
    """An array of any values, at a place where TensorFlow can use it instead of a copy.

    Raises
    ------
    DataError
        If it is large, and the disk has no room for it.
    """
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    if not size:
        return np.empty(shape, kind)
    memory = _in_file(size) if size >= LEAST else None
    if memory is None:
        room = np.empty(size + ALIGNMENT, np.uint8)  # NumPy's own begins at 16 bytes past such a place
        start = -room.ctypes.data % ALIGNMENT
        memory = room[start : start + size]
    return memory.view(kind).reshape(shape)


def _in_file(size: int) -> np.ndarray | None:
    """So many bytes of a file that has no name any more; None where no file can be written at all."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder()) as file:
            os.posix_fallocate(file.fileno(), 0, size)  # else a full disk would end the process
            return np.frombuffer(mmap.mmap(file.fileno(), size), np.uint8)
    except OSError as error:
        if is_full(error):
            raise no_room(size) from None
        return None


def is_full(error: OSError) -> bool:
    """Whether it says that a disk, or what a user may have of it, is full."""
    return error.errno in _FULL


def no_room(size: int) -> errors.DataError:
    """The error for a disk that has no room for so many bytes."""
    return problem(
        f"the cache of data sets in {shown(folder())}",
        expected=f"room for {told(size)}",
        received="a full disk",
        remedy="make room there (`python -m bench data --clear` removes what is converted), or choose "
        "another place with XDG_CACHE_HOME",
    )


def told(size: int) -> str:
    """Return a number of bytes for people.

    Examples
    --------
    >>> told(3 * 2**30)
    '3.0 GiB'
    """
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.1f} MiB"
