"""Pictures of a trial as trackers show them: images side by side in one PNG."""

import io
import math
from collections.abc import Mapping

import numpy as np
import PIL.Image

SHOWN = ("originals", "reconstructions", "samples", "mixture_samples")
MOST = 64


def of(images: Mapping[str, np.ndarray]) -> dict[str, bytes]:
    """The PNG files of those arrays of a trial that are pictures, `(n, h, w, c)` uint8, by name."""
    return {name: png(images[name][:MOST]) for name in SHOWN if name in images and len(images[name])}


def png(images: np.ndarray) -> bytes:
    """Images `(n, h, w, c)`, uint8, in a square of rows; what is left over is black."""
    n, height, width, channels = images.shape
    columns = math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    tiles = np.zeros((rows * columns, height, width, channels), np.uint8)
    tiles[:n] = images
    grid = tiles.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    array = grid.reshape(rows * height, columns * width, channels)
    shown = array if channels == 3 else array[..., 0]  # of other channels the first
    buffer = io.BytesIO()
    PIL.Image.fromarray(shown).save(buffer, "png")
    return buffer.getvalue()
