"""Labels in the forms that people keep them in -> one class number, or one name, for each image.

| form | read as |
|---|---|
| integers, whole floats, booleans, of shape (n,) or (n, 1) | class numbers |
| texts that are all whole numbers | class numbers |
| other texts | class names |
| rows of 0 and 1 with one 1 each | the position of the 1 |

Rows that name several labels at a time, or none, and rows of other numbers are no classes: they are left
aside, and the images have no labels then.
"""

import re

import numpy as np

from bench import foreign
from bench.datasets.messages import problem

_NUMBER_THEM = "number the classes: numpy.unique(y, return_inverse=True)[1] does"
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def is_one_hot(array: np.ndarray) -> bool:
    """Whether each row has a single 1, and else zeros."""
    is_rows = array.ndim == 2 and array.shape[1] > 1 and len(array) > 0 and array.dtype.kind in "buif"
    return is_rows and bool(np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all())


def are_no_classes(array: np.ndarray) -> bool:
    """Whether there are several numbers an image that are no one-hot row: what is said of it is no class."""
    is_rows = array.ndim == 2 and min(array.shape) > 1 and array.dtype.kind in "buif"
    return is_rows and not is_one_hot(array)


def plain(array: np.ndarray, where: str) -> np.ndarray:
    """Return one label an image.

    Parameters
    ----------
    array : ndarray of shape (n,), (n, 1) or (n, k)
    where : str
        Begins the message of an error.

    Returns
    -------
    ndarray of shape (n,), int64 or text

    Raises
    ------
    DataError
        For what is no class of an image.
    """
    if is_one_hot(array):
        return array.argmax(axis=1).astype(np.int64)
    if array.ndim not in (1, 2) or array.shape[1:] not in ((), (1,)):
        raise problem(
            where,
            expected="one label an image, shape (n,) or (n, 1), or one-hot rows",
            received=f"shape {array.shape}",
            remedy="save the same labels along a single axis, as y.ravel()"
            if array.ndim == 2 and 1 in array.shape
            else "save one class number for each image",
        )
    flat = array.reshape(-1)
    if flat.dtype.kind in "US":
        return _of_texts(flat)
    if flat.dtype.kind not in "buif" or not _is_whole(flat):
        raise problem(
            where,
            expected="class numbers or class names",
            received=f"dtype {array.dtype}{_first_fraction(flat)}",
            remedy="number the classes and save the labels as int64",
        )
    if flat.dtype.kind in "uf" and len(flat) and abs(flat).max() > np.iinfo(np.int64).max:
        raise problem(
            where,
            expected="class numbers that an int64 can hold",
            received=f"{flat.max()} of dtype {array.dtype}",
            remedy=_NUMBER_THEM,
        )
    return flat.astype(np.int64, copy=False)


def told(array: np.ndarray) -> str:
    """Return how labels were read where they are no integers, in words; empty if they are."""
    if are_no_classes(array):
        return f"labels left aside: {array.shape[1]} numbers an image are no class"
    if is_one_hot(array):
        return "one-hot rows read as class numbers"
    if array.dtype.kind == "f":
        return f"labels of {array.dtype} read as whole numbers"
    return ""


def _of_texts(flat: np.ndarray) -> np.ndarray:
    if flat.dtype.kind == "S":
        flat = np.char.decode(flat, "utf-8", "backslashreplace") if len(flat) else flat.astype(str)
    names, numbers = np.unique(flat, return_inverse=True)
    if all(map(_WHOLE.fullmatch, names.tolist())):
        return np.array([int(name) for name in names], np.int64)[numbers]
    return np.array([foreign.visible(name) for name in names.tolist()])[numbers]


def _is_whole(flat: np.ndarray) -> bool:
    return flat.dtype.kind != "f" or bool((flat == np.round(flat)).all() and np.isfinite(flat).all())


def _first_fraction(flat: np.ndarray) -> str:
    if flat.dtype.kind != "f":
        return ""
    return f" with {flat[~np.isfinite(flat) | (flat != np.round(flat))][0]:g}"
