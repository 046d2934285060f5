"""How many workers this machine carries."""

import distributed.system
import psutil

from bench import threads

MEMORY_OF_A_WORKER = 2 * 2**30  # bytes; on Fashion-MNIST the largest was TensorFlow with 1.4 GiB


def default_workers(devices: list[str]) -> int:
    """One a GPU where there are any, else one a core, as far as the free memory goes."""
    if devices:
        return len(devices)
    free = min(psutil.virtual_memory().available, distributed.system.MEMORY_LIMIT)
    return max(1, min(threads.available(), int(free // MEMORY_OF_A_WORKER)))
