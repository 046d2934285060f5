"""Images of any size -> images of the size that `--resize` says, by Pillow's bicubic filter.

When it reduces, Pillow's filter averages over all pixels that it leaves out, so that nothing aliases; others
do not, and give other images of the same name. With `--crop` the middle is cut out first, in the
proportions that are asked for, so that nothing is squeezed.
"""

from typing import TYPE_CHECKING

import numpy as np

from bench.datasets import large
from bench.datasets.reading import Reading

if TYPE_CHECKING:
    import PIL.Image


def box(height: int, width: int, reading: Reading) -> tuple[float, float, float, float]:
    """Return left, upper, right and lower edge of what is kept of an image before it is resized."""
    if not (reading.crop and reading.resize):
        return 0.0, 0.0, float(width), float(height)
    target = reading.resize[1] / reading.resize[0]
    kept_width, kept_height = min(width, height * target), min(height, width / target)
    left, upper = (width - kept_width) / 2, (height - kept_height) / 2
    return left, upper, left + kept_width, upper + kept_height


def picture(image: "PIL.Image.Image", reading: Reading) -> "PIL.Image.Image":
    """Return a picture in the size that was asked for; the same one if none was, or if it has it."""
    import PIL.Image  # here: the registry has to be light

    if reading.resize is None or image.size == reading.resize[::-1]:
        return image
    edges = box(image.height, image.width, reading)
    return image.resize(reading.resize[::-1], PIL.Image.Resampling.BICUBIC, box=edges)


def shape(of: tuple[int, ...], reading: Reading) -> tuple[int, int, int]:
    """Return height, width and channels that images of a shape (height, width, channels) will have."""
    height, width = reading.resize or of[:2]
    return height, width, of[2]


def is_needed(of: tuple[int, ...], reading: Reading) -> bool:
    """Whether images of a shape (n, height, width, channels) have another size than was asked for."""
    return reading.resize is not None and of[1:3] != reading.resize


def arrays(images: np.ndarray, reading: Reading, low: float, high: float) -> np.ndarray:
    """Return images in the size that was asked for.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels), bool, integer or real
    reading : Reading
    low, high : float
        Between which their values lie: what a filter overshoots is clipped.

    Returns
    -------
    ndarray of shape (n, new height, new width, channels)
        uint8 if it was, else float32; the same array where nothing has to change.
    """
    import PIL.Image

    if not is_needed(images.shape, reading):
        return images
    kind = np.uint8 if images.dtype == np.uint8 else np.float32
    found = large.empty((len(images), *shape(images.shape[1:], reading)), kind)
    for position, image in enumerate(images):
        for channel in range(images.shape[-1]):
            plane = PIL.Image.fromarray(np.ascontiguousarray(image[..., channel], dtype=kind))
            found[position, ..., channel] = picture(plane, reading)
    return np.clip(found, kind(low), kind(high), out=found)


def told(reading: Reading) -> str:
    """Return what is done to sizes, in words; empty if nothing is."""
    if reading.resize is None:
        return ""
    height, width = reading.resize
    first = "cut to their middle and " if reading.crop else ""
    return f"{first}resized to {height}x{width} (height x width) by Pillow's bicubic filter"
