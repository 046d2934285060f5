"""How fast a trained model encodes and decodes."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from models.autoencoder import Autoencoder

REPEATS = 3


def images_per_second(call: Callable[[np.ndarray], np.ndarray], batch: np.ndarray) -> float:
    """Items of `batch` a second, from the median of three calls after one that warms up."""
    call(batch)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call(batch)
        seconds.append(time.perf_counter() - start)
    return len(batch) / statistics.median(seconds)


def inference(model: Autoencoder, images: np.ndarray, codes: np.ndarray) -> dict[str, float]:
    """Encoding and decoding of a whole test set in large batches, warm, images a second."""
    return {
        "encode_images_per_second": images_per_second(model.encode, images),
        "decode_images_per_second": images_per_second(model.decode, codes),
    }
