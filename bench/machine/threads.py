"""How many threads a process may use: BLAS, torch, jax and TensorFlow each have a switch of their own."""

import contextlib
import os
from collections.abc import Iterator

import numpy as np

FEW_VALUES = 2**20
"""Arrays of fewer values keep BLAS busy for a millisecond a call at most: waiting for a second thread costs
as much where the machine is idle, and a hundred times that where it is busy."""

# Read when the library is first imported, so they have to be set before the process begins.
_SWITCHES = (
    "OMP_NUM_THREADS",  # torch, scikit-learn, and BLAS where it is built on OpenMP
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NPROC",  # XLA's pool on a CPU: jax
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def available() -> int:
    """Cores that this process may use: those it is bound to, or as many as a container's quota is worth."""
    import dask.system

    count: int = dask.system.cpu_count()
    return count


def environment(count: int) -> dict[str, str]:
    """Environment variables that bound every library to `count` threads."""
    return {name: str(count) for name in _SWITCHES}


def chosen(default: int) -> int:
    """Threads for a process: `OMP_NUM_THREADS` where it is a number over 0, else the default, at least 1."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) > 0 else max(1, default)


@contextlib.contextmanager
def as_worth(*arrays: np.ndarray) -> Iterator[None]:
    """Inside, BLAS and OpenMP keep to one thread where arrays have fewer than `FEW_VALUES` values in all.

    Numbers may move in their last digits with the count of threads; one is what workers of a full machine
    have anyway. Where there is more to compute nothing changes.
    """
    import threadpoolctl

    is_little = sum(array.size for array in arrays) < FEW_VALUES
    with threadpoolctl.threadpool_limits(1) if is_little else contextlib.nullcontext():
        yield
