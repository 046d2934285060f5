"""Labels of all parts of a data set -> the numbers of its classes, or one clear line."""

from collections.abc import Mapping, Sequence

import numpy as np

from bench.datasets import labels
from bench.datasets.messages import listed, named, problem

# A fifth of five images is one: with fewer, a class would be missing from the validation images.
MINIMUM_PER_CLASS = 5


def checked_labels(array: np.ndarray | None, count: int, where: str) -> np.ndarray:
    """Return one label an image.

    Parameters
    ----------
    array : ndarray in one of the forms of the module `labels`
    count : int
        The number of images.
    where : str
        Begins the message of an error.

    Returns
    -------
    ndarray of shape (n,), int64 or text

    Raises
    ------
    DataError
        For another number of them, labels that are no classes, or none.
    """
    if array is None:
        raise problem(
            where,
            expected=f"a class for each of the {count:,} images",
            received="images without labels",
            remedy="sort the files into a folder for each class, or save the class numbers beside the images "
            "(y_train); images without any labels are not taken yet",
        )
    found = labels.plain(array, where)
    if len(found) != count:
        raise problem(
            where,
            expected=f"{count} labels, one for each image",
            received=f"{len(found)}",
            remedy="save images and labels of the same samples, in the same order",
        )
    return found


def contiguous_labels(
    parts: Mapping[str, np.ndarray], where: str, class_names: Sequence[str] | None = None
) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """Number the classes 0..K-1, in the order of their labels.

    Parameters
    ----------
    parts : mapping of str to ndarray of shape (n,), int64 or text
        By what they are called in a message; those of training images first.
    where : str
        Begins the message of an error.
    class_names : sequence of str, optional
        The name of label k at position k; the labels themselves if not given.

    Returns
    -------
    names : tuple of K str
    labels : list of ndarray of shape (n,), int64 in 0..K-1
        One for each part.

    Raises
    ------
    DataError
        For a single class, a class with too few training images to set some aside, or a label
        that no training image has.
    """
    (first, train), *others = parts.items()
    classes, counts = np.unique(train, return_counts=True)
    if class_names:
        _require_named(classes, class_names, f"{where}: {first}")
    names = tuple(class_names[label] if class_names else str(label) for label in classes)
    _require_enough(dict(zip(names, counts, strict=True)), where)
    for part, values in others:
        _require_known(values, classes, f"{where}: {part}", first)
    return names, [_numbered(values, classes) for values in parts.values()]


def _require_known(values: np.ndarray, classes: np.ndarray, where: str, first: str) -> None:
    if len(values) and (values.dtype.kind == "U") != (classes.dtype.kind == "U"):
        raise problem(
            where,
            expected=f"labels like those of {first}: {listed(classes)}",
            received=listed(np.unique(values)),
            remedy="save class numbers in all parts, or class names in all of them",
        )
    strangers = np.setdiff1d(values, classes)
    if len(strangers):
        raise problem(
            where,
            expected=f"labels that {first} has: {listed(classes)}",
            received=listed(strangers),
            remedy="add training images of these classes, or leave their images out here",
        )


def _require_named(classes: np.ndarray, class_names: Sequence[str], where: str) -> None:
    if classes.dtype.kind == "U" or classes.min() < 0 or classes.max() >= len(class_names):
        raise problem(
            where,
            expected=f"class numbers from 0 to {len(class_names) - 1}, as there are {len(class_names)} names",
            received=listed(classes),
            remedy="number the classes from 0, or give no names",
        )


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


def _numbered(values: np.ndarray, classes: np.ndarray) -> np.ndarray:
    return np.searchsorted(classes, values).astype(np.int64, copy=False)
