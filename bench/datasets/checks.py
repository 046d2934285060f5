"""Labels as they came from somewhere -> the numbers of classes, or one clear line."""

from collections.abc import Mapping, Sequence

import numpy as np

from bench.datasets.messages import listed, named, problem

# A fifth of five images is one: with fewer, a class would be missing from the validation images.
MINIMUM_PER_CLASS = 5
_NUMBER_THEM = "number the classes: numpy.unique(y, return_inverse=True)[1] does"


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
        For another shape or number, or labels that are not integers or beyond int64.
    """
    if array.ndim not in (1, 2) or array.shape[1:] not in ((), (1,)):
        raise problem(
            where,
            expected="one label an image, shape (n,) or (n, 1)",
            received=f"shape {array.shape}",
            remedy=_remedy_of_rows(array, count),
        )
    if array.dtype.kind not in "ui":
        raise problem(
            where,
            expected="class numbers of an integer dtype",
            received=f"dtype {array.dtype}",
            remedy=_remedy_of_dtype(array),
        )
    if len(array) != count:
        raise problem(
            where,
            expected=f"{count} labels, one for each image",
            received=f"{len(array)}",
            remedy="save images and labels of the same samples, in the same order",
        )
    if array.dtype.kind == "u" and len(array) and array.max() > np.iinfo(np.int64).max:
        raise problem(
            where,
            expected="class numbers that an int64 can hold",
            received=f"{array.max()} of dtype {array.dtype}",
            remedy=_NUMBER_THEM,
        )
    return array.reshape(-1).astype(np.int64, copy=False)


def _remedy_of_rows(array: np.ndarray, count: int) -> str:
    """What can be done about labels that are rows: one-hot ones have one 1 each, others name several."""
    if array.size == count:
        return "save the same labels along a single axis, as y.ravel()"
    is_binary = array.ndim == 2 and array.dtype.kind in "buif" and bool(np.isin(array, (0, 1)).all())
    if not is_binary or not array.any():
        return "save one class number for each image"
    ones = array.sum(axis=1)
    if (ones == 1).all():
        return "turn these one-hot rows into class numbers with argmax(axis=1)"
    return (
        f"these rows name {ones.min():g} to {ones.max():g} of {array.shape[1]} labels at a time, which "
        "are no classes: save one class number for each image, such as one of these columns"
    )


def _remedy_of_dtype(array: np.ndarray) -> str:
    if array.dtype.kind in "US":
        return _NUMBER_THEM
    if array.dtype.kind == "b" or (array.dtype.kind == "f" and bool((array == np.round(array)).all())):
        return "save these class numbers as y.astype('int64')"
    return "number the classes and save the labels as int64"


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
            received=f"only class {listed(map(named, counts))}",
            remedy="add images of another class",
        )
    scarce = {name: count for name, count in counts.items() if count < MINIMUM_PER_CLASS}
    if scarce:
        raise problem(
            where,
            expected=f"at least {MINIMUM_PER_CLASS} training images of every class, one for validation",
            received=listed(f"{count} of class {named(name)}" for name, count in scarce.items()),
            remedy="add images, or leave these classes out of train and test",
        )


def _numbered(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    return np.searchsorted(classes, labels).astype(np.int64, copy=False)
