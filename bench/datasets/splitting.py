"""Which training images are set aside for validation, and for testing where there is no test part.

A set without a test part is split as scikit-learn's digits are: a stratified fifth of all images is for
testing, and as many of the rest for validation, unless there are some of its own. Images without labels are
one group.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np

# What indexes an array: a slice where that will do, because it copies nothing.
Selection = slice | np.ndarray
# Labels of all training images, or zeros where there are none -> (those to train on, those to validate on).
Splitter = Callable[[np.ndarray], tuple[Selection, Selection]]

ALL = slice(None)
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


def divided(
    labels: np.ndarray | None, count: int, given: Collection[str], splitter: Splitter
) -> dict[str, Selection]:
    """Return which of the training images are for which part.

    Parameters
    ----------
    labels : ndarray of shape (n,), integer
        Of all training images; None where there are none.
    count : int
        Of training images.
    given : collection of str
        The parts that there are: `train`, and perhaps `validation` and `test`.
    splitter : callable
        Sets validation images aside where there are test images.

    Returns
    -------
    dict of str to Selection
        One for `train`, and one for each part that is not given.
    """
    groups = np.zeros(count, np.int64) if labels is None else labels
    if "test" in given:
        if "validation" in given:
            return {"train": ALL}
        training, validation = splitter(groups)
        return {"train": training, "validation": validation}
    rest, test = stratified(groups, fifth(count))
    if "validation" in given:
        return {"train": rest, "test": test}
    training, validation = stratified(groups[rest], fifth(count))
    return {"train": rest[training], "validation": rest[validation], "test": test}


def sizes(given: Mapping[str, int]) -> dict[str, int]:
    """Return how many images each part will have, by how many there are in those that are given.

    Examples
    --------
    >>> sizes({"train": 100, "test": 30})
    {'train': 80, 'validation': 20, 'test': 30}
    >>> sizes({"train": 100})
    {'train': 60, 'validation': 20, 'test': 20}
    """
    count = fifth(given["train"])
    drawn = {part: given.get(part, count) for part in ("validation", "test")}
    taken = count * sum(part not in given for part in drawn)
    return {"train": given["train"] - taken, **drawn}


def told(given: Collection[str], *, is_labelled: bool = True) -> str:
    """Return what is split off, in words; empty where that is a stratified fifth for validation, as usual."""
    drawn, kind = f"drawn with the seed {_RANDOM_STATE}", "a stratified fifth" if is_labelled else "a fifth"
    if "test" in given:
        if "validation" in given:
            return "validation images as they are given"
        return "" if is_labelled else f"{kind} of the training images is for validation, {drawn}"
    more = "" if "validation" in given else ", and as many for validation"
    return f"no test part: {kind} is set aside for it{more}, {drawn}"


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
