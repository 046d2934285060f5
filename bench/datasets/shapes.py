"""Arrays as they came from somewhere -> images with channels last, or one clear line.

The axes are not guessed where a guess could go wrong without anybody noticing: `(n, 3, 32, 32)` is 32
channels to Keras and 3 to torch.
"""

import math

import numpy as np

from bench.datasets.messages import counted, problem
from bench.datasets.reading import UNSAID, Reading

_MOST_CHANNELS = 4  # of the usual pictures: red, green, blue and transparency


def checked_images(array: np.ndarray, where: str, reading: Reading = UNSAID) -> np.ndarray:
    """Return the images with channels last, values untouched.

    Parameters
    ----------
    array : ndarray of shape (n, height, width), (n, height, width, channels), or with `--channels first`
        (n, channels, height, width)
        Any bool, integer or real dtype.
    where : str
        Begins the message of an error.
    reading : Reading
        What the user says of the axes.

    Returns
    -------
    ndarray of shape (n, height, width, channels), same dtype, a view

    Raises
    ------
    DataError
        For another rank, an empty array, a dtype that holds no pixel values, and where it is not certain
        which axis the channels are.
    """
    array = _unrolled(array, where, reading)
    if array.ndim not in (3, 4) or 0 in array.shape:
        raise problem(
            where,
            expected="at least one image, shape (n, height, width) or (n, height, width, channels)",
            received=f"shape {array.shape}",
            remedy=_remedy_of_shape(array.shape),
        )
    if array.dtype.kind not in "buif":
        raise problem(
            where,
            expected="pixel values of a bool, integer or float dtype",
            received=f"dtype {array.dtype}",
            remedy="save the images as uint8 in 0..255 or as float32 in 0..1",
        )
    return _channels_last(array, where, reading.channels)


def count(array: np.ndarray) -> int:
    """Return the number of images in an array, whatever its shape."""
    return len(array) if array.ndim else 0


def _unrolled(array: np.ndarray, where: str, reading: Reading) -> np.ndarray:
    """Rows of values as the images that `--shape` says they are; anything else as it is."""
    if not reading.shape:
        return array
    if array.ndim != 2 or array.shape[1] != math.prod(reading.shape):
        said = "x".join(map(str, reading.shape))
        raise problem(
            where,
            expected=f"rows of {math.prod(reading.shape):,} values, as --shape {said} says",
            received=f"shape {array.shape}",
            remedy="correct --shape, or leave it out",
        )
    height, width, *channels = reading.shape
    if not channels:
        return array.reshape(-1, height, width)
    if channels[0] > 1 and not reading.channels:
        raise problem(
            where,
            expected=f"to be told whether the {channels[0]} channels of a row come one after the other",
            received=f"rows of {array.shape[1]:,} values",
            remedy="add --channels first if they do (as in CIFAR's rows), or --channels last if each pixel "
            "has its own together",
        )
    if reading.channels == "first":
        return array.reshape(-1, channels[0], height, width)
    return array.reshape(-1, height, width, channels[0])


def require_images_first(images: np.ndarray, labels: np.ndarray, where: str) -> None:
    """Refuse images that are stacked along the last axis, as MATLAB does: there are as many as labels.

    Raises
    ------
    DataError
        If the last axis is as long as the labels are many, and the first is not.
    """
    if images.ndim in (3, 4) and images.shape[-1:] == labels.shape[:1] != images.shape[:1]:
        raise problem(
            where,
            expected=f"{counted(len(labels), 'image')} along the first axis, one for each label",
            received=f"shape {images.shape}",
            remedy="move the last axis to the front, with np.moveaxis(x, -1, 0)",
        )


def _remedy_of_shape(shape: tuple[int, ...]) -> str:
    if 0 in shape:
        return "put at least one image there"
    if len(shape) == 2:
        for channels in (1, 3):
            side = math.isqrt(shape[1] // channels)
            if side > 1 and side * side * channels == shape[1]:
                said = f"{side}x{side}" + ("x3" if channels == 3 else "")
                return f"say what shape the rows have: --shape {said} (in a grid file @shape={said})"
        return "say what shape the rows have, as --shape 28x20 (height x width)"
    return "reshape the array: images, then rows, then columns, then channels if there are any"


def _channels_last(array: np.ndarray, where: str, channels: str) -> np.ndarray:
    if array.ndim == 3:
        if channels:
            raise problem(
                where,
                expected=f"a channel axis, as --channels {channels} says",
                received=f"shape {array.shape}",
                remedy="leave out what is said of the channels: images without such an axis are grey",
            )
        return array[..., np.newaxis]
    if not channels and _is_ambiguous(array.shape):
        raise problem(
            where,
            expected=f"channels in the last axis, {_MOST_CHANNELS} at most",
            received=f"shape {array.shape}",
            remedy="say where they are with --channels first or --channels last "
            "(in a grid file @channels=first behind the path)",
        )
    return np.moveaxis(array, 1, -1) if channels == "first" else array


def _is_ambiguous(shape: tuple[int, ...]) -> bool:
    """Whether the last axis is longer than channels are, and nothing else says that it holds them.

    Two equal axes before it do, as those of square images, unless they are as short as channels.
    """
    _, rows, columns, channels = shape
    return channels > _MOST_CHANNELS and (rows != columns or rows <= _MOST_CHANNELS or rows == channels)
