"""Raw arrays of any source -> a checked, scaled and split `Dataset`."""

import dataclasses
import hashlib
import math
from collections.abc import Sequence

import numpy as np

from bench.datasets import checks, pixels, shapes, splitting
from bench.datasets.dataset import Dataset, Split
from bench.datasets.messages import problem
from bench.datasets.reading import UNSAID, Reading

ALIGNMENT = 64  # bytes: where TensorFlow can compute with an array
_BLOCK = 2**20  # values that are scaled at a time where a copy of them has to have more digits
_FLOAT32_WHITES = (1e-30, 1e38)  # between these, float32 has all its digits for all levels of grey


@dataclasses.dataclass(frozen=True, kw_only=True)
class RawArrays:
    """Four arrays as Keras returns and writes them; nothing about them is certain yet.

    Attributes
    ----------
    x_train, x_test : ndarray of shape (n, height, width) or (n, height, width, channels)
    y_train, y_test : ndarray of shape (n,) or (n, 1)
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def assemble(
    raw: RawArrays,
    *,
    name: str,
    where: str,
    splitter: splitting.Splitter,
    class_names: Sequence[str] | None = None,
    reading: Reading = UNSAID,
    notes: Sequence[str] = (),
) -> Dataset:
    """Check, scale and split the arrays of a source that has a test set.

    Parameters
    ----------
    raw : RawArrays
    name : str
        The name of the data set.
    where : str
        Begins the message of an error: the data set as the user knows it.
    splitter : callable
        Chooses the validation images; given the labels of all training images.
    class_names : sequence of str, optional
        The name of label k at position k; the labels themselves if not given.
    reading : Reading
        What the user says of the pixels.
    notes : sequence of str
        What was done to the images before, in words.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        In one line, for anything that the modules `shapes`, `pixels` and `checks` do not let pass.
    """
    x_train, x_test = checked_pair(raw, where, reading)
    extents = [pixels.extent(x, f"{where}: {part}") for x, part in ((x_train, "x_train"), (x_test, "x_test"))]
    how = pixels.scale({f"{where}: x_train": extents[0], f"{where}: x_test": extents[1]}, reading)
    y_train = checks.checked_labels(raw.y_train, len(x_train), f"{where}: y_train")
    y_test = checks.checked_labels(raw.y_test, len(x_test), f"{where}: y_test")
    names, y_train, y_test = checks.contiguous_labels(y_train, y_test, where, class_names)
    training, validation = splitter(y_train)
    return Dataset(
        name=name,
        train=Split(images=scaled(x_train[training], how), labels=y_train[training]),
        validation=Split(images=scaled(x_train[validation], how), labels=y_train[validation]),
        test=Split(images=scaled(x_test, how), labels=y_test),
        class_names=names,
        sha256=fingerprint(raw.x_train, raw.y_train, raw.x_test, raw.y_test, reading=reading),
        notes=(pixels.told(extents, how), *notes),
        value_range=(float(how.black), float(how.white)),
    )


def checked_pair(raw: RawArrays, where: str, reading: Reading = UNSAID) -> tuple[np.ndarray, np.ndarray]:
    """Return training and test images of one size, with channels last, values untouched."""
    for part, images, labels in (("x_train", raw.x_train, raw.y_train), ("x_test", raw.x_test, raw.y_test)):
        shapes.require_images_first(images, labels, f"{where}: {part}")
    x_train = shapes.checked_images(raw.x_train, f"{where}: x_train", reading)
    x_test = shapes.checked_images(raw.x_test, f"{where}: x_test", reading)
    if x_train.shape[1:] != x_test.shape[1:]:
        raise problem(
            f"{where}: x_test",
            expected=f"images of the shape of x_train, {x_train.shape[1:]}",
            received=f"{x_test.shape[1:]}",
            remedy="resize the images to one size with the same channels",
        )
    return x_train, x_test


def scaled(images: np.ndarray, how: pixels.Scale) -> np.ndarray:
    """Return the images from `how.black`..`how.white` to 0..1, float32, C-contiguous; in one pass."""
    if how.black or not _FLOAT32_WHITES[0] <= how.white <= _FLOAT32_WHITES[1]:
        return _scaled_with_more_digits(images, how)
    if how.white == 1:
        found = np.ascontiguousarray(images.astype(np.float32, copy=False))
    else:
        found = _aligned(images.shape)
        np.divide(images, how.white, out=found, dtype=np.float32, casting="unsafe")
    return np.clip(found, 0, 1) if how.clips else found


def _scaled_with_more_digits(images: np.ndarray, how: pixels.Scale) -> np.ndarray:
    """The same where float32 cannot tell the values apart, or cannot hold them: a thousand million and 1."""
    kind = np.result_type(images.dtype, np.float64)
    black = kind.type(how.black)
    found = _aligned(images.shape)
    step = max(1, _BLOCK // math.prod(images.shape[1:]))
    for start in range(0, len(images), step):
        block = images[start : start + step].astype(kind)
        block -= black
        block /= kind.type(how.white) - black
        found[start : start + step] = np.clip(block, 0, 1)
    return found


def _aligned(shape: tuple[int, ...]) -> np.ndarray:
    """An empty float32 array that lies where TensorFlow can use it on a CPU, instead of a copy of it.

    NumPy's own begins at 16 bytes past such a place.
    """
    size = math.prod(shape) * np.dtype(np.float32).itemsize
    memory = np.empty(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].view(np.float32).reshape(shape)


def fingerprint(*arrays: np.ndarray, reading: Reading = UNSAID) -> str:
    """Return the SHA-256 of the dtypes, shapes and values of arrays, in hexadecimal digits.

    What the user says of the pixels is part of it: it makes other images of the same values.
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(heading(array.dtype, array.shape))
        digest.update(np.ascontiguousarray(array).data)
    digest.update(str(reading).encode())
    return digest.hexdigest()


def heading(dtype: np.dtype, shape: tuple[int, ...]) -> bytes:
    """Return what stands for an array before its values in a fingerprint."""
    return f"{dtype.str}{shape}".encode()
