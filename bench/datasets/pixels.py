"""Images as they came from somewhere -> images that can be relied on, or one clear line.

How pixel values are read, decided by dtype and by the largest value of an array:

| dtype | values | read as |
|---|---|---|
| bool | False, True | 0, 1 |
| integers | 0..255, the largest above 1 | divided by 255 |
| floats | 0..1 | as they are |
| floats | 0..255, the largest 128 or more | divided by 255 |

All else is an error. In particular integers of 0 and 1 alone (binary images would turn black) and
floats whose largest value lies between 1 and 128 (is 1.02 an overshoot of 1, or nearly black?
is 16 the white of 0..16?): a guess could go wrong without anybody noticing.
"""

import numpy as np

from bench.datasets.messages import problem

_BRIGHT = 128


def checked_images(array: np.ndarray, where: str) -> np.ndarray:
    """Return the images with a channel axis, values untouched.

    Parameters
    ----------
    array : ndarray of shape (n, height, width) or (n, height, width, channels)
        Any bool, integer or real dtype.
    where : str
        Begins the message of an error.

    Returns
    -------
    ndarray of shape (n, height, width, channels), same dtype, a view

    Raises
    ------
    DataError
        For another rank, an empty array, or a dtype that holds no pixel values.
    """
    if array.ndim not in (3, 4) or 0 in array.shape:
        raise problem(
            where,
            expected="at least one image, shape (n, height, width) or (n, height, width, channels)",
            received=f"shape {array.shape}",
            remedy="reshape or fill the array",
        )
    if array.dtype.kind not in "buif":
        raise problem(
            where,
            expected="pixel values of a bool, integer or float dtype",
            received=f"dtype {array.dtype}",
            remedy="save the images as uint8 in 0..255 or as float32 in 0..1",
        )
    return array if array.ndim == 4 else array[..., np.newaxis]


def white_level(images: np.ndarray, where: str) -> float:
    """Return the value that stands for white, 1 or 255; the module's table is the rule.

    Parameters
    ----------
    images : ndarray of any shape, bool, integer or real
    where : str
        Begins the message of an error.

    Returns
    -------
    float
        Dividing the images by it brings them into [0, 1].

    Raises
    ------
    DataError
        For NaN, infinite, negative or too large values, and where the level is ambiguous.
    """
    if images.dtype.kind == "b":
        return 1.0
    # Minimum and maximum carry NaN and infinity along, without a mask as large as the images.
    low, high = float(images.min()), float(images.max())
    integers = images.dtype.kind in "ui"
    if low >= 0 and high <= 1 and not integers:
        return 1.0
    unmistakable = high > 1 if integers else high >= _BRIGHT
    if low >= 0 and high <= 255 and unmistakable:
        return 255.0
    allowed = (
        "integers in 0..255 with some above 1"
        if integers
        else f"finite values in 0..1, or in 0..255 with the largest {_BRIGHT} or more"
    )
    raise problem(
        where,
        expected=allowed,
        received=f"{images.dtype} from {low:g} to {high:g}",
        remedy="rescale the images and save them as uint8 in 0..255 or as float32 in 0..1",
    )
