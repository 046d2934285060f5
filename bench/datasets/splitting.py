"""Which training images are set aside for validation (or testing, where there is no test set)."""

from collections.abc import Callable

import numpy as np

# What indexes an array: a slice where that will do, because it copies nothing.
Selection = slice | np.ndarray
# Labels of all training images -> (those to train on, those to validate on).
Splitter = Callable[[np.ndarray], tuple[Selection, Selection]]

# Part of the protocol: every trial, whatever its seed, sees the same split.
_RANDOM_STATE = 0


def fifth(count: int) -> int:
    """Return a fifth of a number of images, rounded up.

    Examples
    --------
    >>> fifth(1797)
    360
    """
    return -(-count // 5)


def stratified(labels: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw `count` images with every class in proportion, the same ones each time.

    Parameters
    ----------
    labels : ndarray of shape (n,), integer
        At least two of every class.
    count : int
        At least one for every class.

    Returns
    -------
    rest, drawn : ndarray of shapes (n - count,) and (count,), int64
        Positions, in random order: a file sorted by class comes out mixed.
    """
    import sklearn.model_selection  # here: it takes a second, and the registry has to be light

    rest, drawn = sklearn.model_selection.train_test_split(
        np.arange(len(labels)), test_size=count, stratify=labels, random_state=_RANDOM_STATE
    )
    return rest, drawn


def stratified_fifth(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Set aside a stratified fifth: for a user's images, which are often sorted by class.

    Parameters
    ----------
    labels : ndarray of shape (n,), integer
        At least five of every class.

    Returns
    -------
    rest, drawn : ndarray of shape (4 n / 5,) and (n / 5,), int64
        Positions, in random order.
    """
    return stratified(labels, fifth(len(labels)))


def sizes_with_a_fifth(count: int, test: int) -> dict[str, int]:
    """Return how many images each part has where `stratified_fifth` splits `count` of them.

    Examples
    --------
    >>> sizes_with_a_fifth(100, 30)
    {'train': 80, 'validation': 20, 'test': 30}
    """
    return {"train": count - fifth(count), "validation": fifth(count), "test": test}


def last_ten_thousand(labels: np.ndarray) -> tuple[slice, slice]:
    """Set aside the last 10,000: for published sets, which are shuffled already.

    Parameters
    ----------
    labels : ndarray of shape (n,) with n > 10,000

    Returns
    -------
    rest, last : slice
        The first n - 10,000 and the last 10,000 positions.
    """
    start = len(labels) - 10_000
    return slice(0, start), slice(start, None)
