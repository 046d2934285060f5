"""Labels of all parts of a data set -> the numbers of its classes, or one clear line."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from bench.datasets import labels
from bench.datasets.messages import listed, named, problem

# A fifth of five images is one: with fewer, a class would be missing from the validation images.
MINIMUM_PER_CLASS = 5


@dataclasses.dataclass(frozen=True, kw_only=True)
class Classes:
    """The classes of a data set.

    Attributes
    ----------
    names : tuple of str
        That of label k at position k; none where there are no labels.
    numbers : tuple of ndarray of shape (n,), int64 in 0..K-1
        Of each part; None where there are no labels.
    novel : int
        How many classes, the last ones, only test images have.
    """

    names: tuple[str, ...]
    numbers: tuple[np.ndarray | None, ...]
    novel: int = 0


def none(counts: Mapping[str, int], where: str) -> Classes:
    """Return the classes of images without labels.

    Parameters
    ----------
    counts : mapping of str to int
        How many images each part has, by what it is called in a message; that of training images first.
    where : str
        Begins the message of an error.

    Raises
    ------
    DataError
        For fewer training images than some can be set aside of.
    """
    first, count = next(iter(counts.items()))
    if count < MINIMUM_PER_CLASS:
        raise problem(
            f"{where}: {first}",
            expected=f"at least {MINIMUM_PER_CLASS} training images, one for validation",
            received=str(count),
            remedy="add more images of the same size",
        )
    return Classes(names=(), numbers=(None,) * len(counts))


def one_each(array: np.ndarray, count: int, where: str) -> np.ndarray:
    """Return labels, one an image; rows that are no classes as they are.

    Parameters
    ----------
    array : ndarray in one of the forms of the module `labels`
    count : int
        The number of images.
    where : str
        Begins the message of an error.

    Raises
    ------
    DataError
        For another number of them, or labels of another form.
    """
    found = array if labels.are_no_classes(array) else labels.plain(array, where)
    if len(found) != count:
        raise problem(
            where,
            expected=f"{count} labels, one for each image",
            received=f"{len(found)}",
            remedy="save images and labels of the same samples, in the same order",
        )
    return found


def contiguous_labels(
    parts: Mapping[str, np.ndarray],
    where: str,
    class_names: Sequence[str] | None = None,
    may_be_novel: str = "",
) -> Classes:
    """Number the classes 0..K-1, in the order of their labels; those that training images lack are the last.

    Parameters
    ----------
    parts : mapping of str to ndarray of shape (n,), int64 or text
        By what they are called in a message; those of training images first.
    where : str
        Begins the message of an error.
    class_names : sequence of str, optional
        The name of label k at position k; the labels themselves if not given.
    may_be_novel : str
        The part whose labels training images may lack; empty for none.

    Raises
    ------
    DataError
        For a class with too few training images to set some aside, or a label that no training image
        has, and may not lack.
    """
    (first, train), *others = parts.items()
    classes, counts = np.unique(train, return_counts=True)
    for part, values in others:
        _require_alike(values, classes, f"{where}: {part}", first)
    novel = np.setdiff1d(parts.get(may_be_novel, classes), classes)
    every = np.concatenate([classes, novel])
    if class_names:
        _require_named(every, class_names, f"{where}: {first}")
    names = tuple(class_names[label] if class_names else str(label) for label in every)
    _require_enough(dict(zip(names, counts, strict=False)), where)
    for part, values in others:
        _require_known(values, every if part == may_be_novel else classes, f"{where}: {part}", first)
    return Classes(
        names=names, numbers=tuple(_numbered(values, every) for values in parts.values()), novel=len(novel)
    )


def _require_alike(values: np.ndarray, classes: np.ndarray, where: str, first: str) -> None:
    if len(values) and (values.dtype.kind == "U") != (classes.dtype.kind == "U"):
        raise problem(
            where,
            expected=f"labels like those of {first}: {listed(classes)}",
            received=listed(np.unique(values)),
            remedy="save class numbers in all parts, or class names in all of them",
        )


def _require_known(values: np.ndarray, classes: np.ndarray, where: str, first: str) -> None:
    strangers = np.setdiff1d(values, classes)
    if len(strangers):
        raise problem(
            where,
            expected=f"labels that {first} has: {listed(classes)}",
            received=listed(strangers),
            remedy="add training images of these classes, or leave their images out here: only test images "
            "may be of others",
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
    scarce = {name: count for name, count in counts.items() if count < MINIMUM_PER_CLASS}
    if scarce:
        raise problem(
            where,
            expected=f"at least {MINIMUM_PER_CLASS} training images of every class, one for validation",
            received=listed(f"{count} of class {named(name)}" for name, count in scarce.items()),
            remedy="add images, or leave these classes out of train and test",
        )


def _numbered(values: np.ndarray, classes: np.ndarray) -> np.ndarray:
    order = np.argsort(classes, kind="stable")
    return order[np.searchsorted(classes, values, sorter=order)].astype(np.int64, copy=False)
