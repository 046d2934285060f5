"""What a trained network says to many images: some at a time, as few as large images need."""

import math

import keras
import numpy as np

INFERENCE_BATCH = 1000
MOST_VALUES = 2**22  # of images in a batch: the layers of a network make many times as many


def inference_batch(values: int, batch_size: int = INFERENCE_BATCH) -> int:
    """How many images of so many values are computed at once: `batch_size`, or fewer if they are large.

    Examples
    --------
    >>> inference_batch(28 * 28), inference_batch(128 * 128)
    (1000, 256)
    """
    return max(1, min(batch_size, MOST_VALUES // values))


def in_batches(network: keras.Model, arrays: np.ndarray, batch_size: int) -> np.ndarray:
    """What a network says to an array, without what `predict` does around it: 0.1 s a call on TensorFlow."""
    values = max(math.prod(each.shape[1:]) for each in (*network.inputs, *network.outputs))
    size = inference_batch(values, batch_size)
    starts = range(0, max(1, len(arrays)), size)
    return np.concatenate([network.predict_on_batch(arrays[start : start + size]) for start in starts])
