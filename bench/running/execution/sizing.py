"""How many workers this machine carries."""

from collections.abc import Sequence

import distributed.system
import psutil

from bench import datasets
from bench.datasets import levels
from bench.machine import threads

MEMORY_OF_A_WORKER = 2 * 2**30  # bytes; on Fashion-MNIST the largest was TensorFlow with 1.4 GiB
MEMORY_WITHOUT_DATA = 2**30  # bytes, of a backend and what it has compiled
COPIES = 4  # of training images as floats that a worker may hold at once, as PCA and the measures do
VALUE = 4  # bytes
SHARED = 2  # bytes for each value of the training images, which all workers read in one place


def default_workers(devices: Sequence[str], names: Sequence[str]) -> int:
    """One a GPU where there are any, else one a core, as far as the free memory goes.

    Parameters
    ----------
    names
        Of the data sets that a worker holds.
    """
    if devices:
        return len(devices)
    free = min(psutil.virtual_memory().available, distributed.system.MEMORY_LIMIT)
    left = free - SHARED * sum(_values(names))
    return max(1, min(threads.available(), int(left // memory_of_a_worker(names))))


def memory_of_a_worker(names: Sequence[str]) -> int:
    """Bytes that a worker may take for itself, for these data sets."""
    sizes = [min(values, levels.MOST_AT_ONCE) * VALUE for values in _values(names)]
    return max(MEMORY_OF_A_WORKER, MEMORY_WITHOUT_DATA + COPIES * sum(sizes))


def _values(names: Sequence[str]) -> list[int]:
    """Of the training images of each data set."""
    return [images * values for images, values in map(datasets.train_size, names)]
