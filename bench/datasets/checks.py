"""Arrays as they came from somewhere -> arrays that can be relied on, or one clear line.

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

from collections.abc import Mapping, Sequence

import numpy as np

from bench.datasets.messages import listed, problem

# A fifth of five images is one: with fewer, a class would be missing from the validation images.
MINIMUM_PER_CLASS = 5

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


def checked_labels(array: np.ndarray, count: int, where: str) -> np.ndarray:
    """Return one integer label an image.

    Parameters
    ----------
    array : ndarray of shape (n,) or (n, 1), integer
    count : int
        The number of images, which has to be n.
    where : str
        Begins the message of an error.

    Returns
    -------
    ndarray of shape (n,), int64

    Raises
    ------
    DataError
        For another shape or number, or labels that are not integers.
    """
    if array.ndim not in (1, 2) or array.shape[1:] not in ((), (1,)):
        raise problem(
            where,
            expected="one label an image, shape (n,) or (n, 1)",
            received=f"shape {array.shape}",
            remedy="turn one-hot rows into class numbers with argmax(axis=1)",
        )
    if array.dtype.kind not in "ui":
        raise problem(
            where,
            expected="class numbers of an integer dtype",
            received=f"dtype {array.dtype}",
            remedy="number the classes and save the labels as int64",
        )
    if len(array) != count:
        raise problem(
            where,
            expected=f"{count} labels, one for each image",
            received=f"{len(array)}",
            remedy="save images and labels of the same samples, in the same order",
        )
    return array.reshape(-1).astype(np.int64, copy=False)


def contiguous_labels(
    train: np.ndarray, test: np.ndarray, where: str, class_names: Sequence[str] | None = None
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Number the classes 0..K-1, in the order of their labels.

    Parameters
    ----------
    train, test : ndarray of shape (n,), int64
    where : str
        Begins the message of an error.
    class_names : sequence of str, optional
        The name of label k at position k; the labels themselves if not given.

    Returns
    -------
    names : tuple of K str
    train, test : ndarray of shape (n,), int64 in 0..K-1

    Raises
    ------
    DataError
        For a single class, a class with too few training images to set some aside, or a test
        label that no training image has.
    """
    classes, counts = np.unique(train, return_counts=True)
    names = tuple(class_names[label] if class_names else str(label) for label in classes)
    _require_enough(dict(zip(names, counts, strict=True)), where)
    strangers = np.setdiff1d(test, classes)
    if len(strangers):
        raise problem(
            f"{where}: y_test",
            expected=f"labels that y_train has: {listed(classes)}",
            received=listed(strangers),
            remedy="add training images of these classes, or leave their test images out",
        )
    return names, _numbered(train, classes), _numbered(test, classes)


def _require_enough(counts: Mapping[str, int], where: str) -> None:
    if len(counts) < 2:
        raise problem(
            where,
            expected="training images of at least two classes",
            received=f"only class {listed(map(repr, counts))}",
            remedy="add images of another class",
        )
    scarce = {name: count for name, count in counts.items() if count < MINIMUM_PER_CLASS}
    if scarce:
        raise problem(
            where,
            expected=f"at least {MINIMUM_PER_CLASS} training images of every class, one for validation",
            received=listed(f"{count} of class {name!r}" for name, count in scarce.items()),
            remedy="add images, or leave these classes out of train and test",
        )


def _numbered(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    return np.searchsorted(classes, labels).astype(np.int64, copy=False)
