"""What a user hands to a trained model -> the arrays its networks were trained on, or a `ValueError`."""

from typing import Any

import keras
import numpy as np

ImageShape = tuple[int, int, int]
WHITE = 255
HAIR = 1e-6  # that rounding may leave outside [0, 1]


def images(given: Any, shape: ImageShape) -> np.ndarray:
    """Images as a network takes them.

    Parameters
    ----------
    given
        An array or nested lists: `(n, h, w, c)`; grey ones also without a channel axis; a single image also
        without a batch axis. `uint8` in 0..255, bool, or floats in [0, 1].
    shape
        `(h, w, c)` of the model.

    Returns
    -------
    `(n, h, w, c)`, floats in [0, 1]: uint8 divided by 255, anything else as it came. What makes images where
    they are looked at, `bench.datasets.levels.InBlocks`, is left to do so.

    Raises
    ------
    ValueError
        For another shape or range, saying what was expected, what came and what to do.
    """
    if getattr(given, "in_blocks", False):  # they are floats in [0, 1], made where they are looked at
        return _in_shape(given, shape)
    array = _in_shape(_numbers(given), shape)
    if array.dtype == np.uint8:
        return _scaled(array)
    if array.dtype.kind == "b":
        return array.astype(np.float32)
    if array.dtype.kind != "f":
        raise ValueError(
            f"expected images as uint8 in 0..{WHITE} or as floats in [0, 1], received {array.dtype}; "
            f"give images.astype('uint8') if {WHITE} is white, else divide them by what is white"
        )
    low, high = float(array.min()), float(array.max())  # NaN, too, comes out here
    if not -HAIR <= low <= high <= 1 + HAIR:
        raise ValueError(
            f"expected floats in [0, 1], received {array.dtype} from {low:.9g} to {high:.9g}; "
            f"{_remedy(low, high)}"
        )
    return array


def codes(given: Any, size: int) -> np.ndarray:
    """Codes as a decoder takes them: `(n, size)`, or one of them as `(size,)`, any real numbers.

    Raises
    ------
    ValueError
        For another shape, or for what are no numbers.
    """
    array = _numbers(given)
    if array.dtype.kind in "bui":
        array = array.astype(np.float32)
    batch = array[np.newaxis] if array.shape == (size,) else array
    if batch.ndim != 2 or batch.shape[1] != size or not len(batch) or batch.dtype.kind != "f":
        raise ValueError(
            f"expected codes of shape (n, {size}), floats, n at least 1, received {array.dtype} of shape "
            f"{array.shape}; give what encode returns, a row for each image"
        )
    return batch


def _numbers(given: Any) -> np.ndarray:
    if keras.ops.is_tensor(given):
        return keras.ops.convert_to_numpy(given)
    try:
        array = np.asarray(given)
    except ValueError:  # lists within lists, of several lengths
        raise ValueError(
            "expected an array of numbers, received lists of several lengths; bring all images to one size"
        ) from None
    if array.dtype.kind not in "buif":
        raise ValueError(
            f"expected an array of numbers, received {type(given).__name__} of {array.dtype}; "
            "read the images with Pillow or NumPy first"
        )
    return array


def _in_shape(array: np.ndarray, shape: ImageShape) -> np.ndarray:
    """With batch and channel axes, which one image and grey ones may lack."""
    if array.shape == shape or (shape[2] == 1 and array.shape == shape[:2]):
        return array.reshape(1, *shape)
    if shape[2] == 1 and array.ndim == 3 and array.shape[1:] == shape[:2]:
        array = array[..., np.newaxis]
    if array.ndim != 4 or array.shape[1:] != shape or not len(array):
        expected = f"(n, {', '.join(map(str, shape))})"
        raise ValueError(
            f"expected images of shape {expected}, n at least 1, received shape {array.shape}; "
            f"{_remedy_of_shape(array, shape)}"
        )
    return array


def _remedy_of_shape(array: np.ndarray, shape: ImageShape) -> str:
    height, width, channels = shape
    if array.ndim == 4 and array.shape[1:] == (channels, height, width):
        return "the channels come first there: numpy.moveaxis(images, 1, -1) puts them last"
    if 0 in array.shape:
        return "give at least one image"
    if array.ndim == 4 and array.shape[1:3] == (height, width):
        return f"the model was trained on images of {channels} channel{'s' * (channels > 1)}: convert them"
    return f"the model was trained on images of {height}x{width} (height x width): resize them"


def _remedy(low: float, high: float) -> str:
    if not np.isfinite(low) or not np.isfinite(high):
        return "leave out images with NaN or infinite values, or replace these"
    if low >= 0 and high > 1:
        return (
            f"divide them by the value that is white, such as images / {255 if high <= 255 else f'{high:g}'}"
        )
    return "bring them to that range as the training images were"


def _scaled(array: np.ndarray) -> np.ndarray:
    if array.max() == 1:
        raise ValueError(
            f"expected uint8 in 0..{WHITE}, received uint8 from {array.min()} to 1, which is nearly black; "
            "if 1 is white, give images.astype('float32')"
        )
    # As the images that a model is trained on are divided: the same codes to the last bit.
    return np.divide(array, WHITE, dtype=np.float32, casting="unsafe")
