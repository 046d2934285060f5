"""Labels as they came from somewhere -> the numbers of classes, or one clear line."""

from collections.abc import Mapping, Sequence

import numpy as np

from bench.datasets.messages import listed, problem

# A fifth of five images is one: with fewer, a class would be missing from the validation images.
MINIMUM_PER_CLASS = 5


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
