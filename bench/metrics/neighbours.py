"""Exact nearest neighbours by brute force, through BLAS."""

import numpy as np

BLOCK = 2_000_000  # distances at once: 8 MB
MOST_VALUES = 2**23  # of points that are searched at a time: 32 MB more, not a copy of all
GROUPS = 1024


def nearest(points: np.ndarray, queries: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` points that lie nearest to each query, by Euclidean distance, nearest first.

    The search is exact but for rounding: distances are compared in float32, those returned are computed
    anew. Two to three times as fast as scikit-learn's brute force, which works in float64.

    Parameters
    ----------
    points, queries
        Shapes `(n, k)` and `(m, k)`, finite floats, `n >= count`; columns of similar scale.

    Returns
    -------
    Indices of points, and distances in float64, `(m, count)` each.
    """
    centre = points.mean(axis=0, dtype=np.float64)  # squares lose the digits of what all have in common
    rows = max(count, MOST_VALUES // points.shape[1])
    found = [
        _within(points, slice(start, start + rows), queries, count, centre)
        for start in range(0, len(points), rows)
    ]
    indices, distances = (np.concatenate(each, axis=1) for each in zip(*found, strict=True))
    order = np.argsort(distances, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _within(
    points: np.ndarray, searched: slice, queries: np.ndarray, count: int, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Indices and distances of the nearest among some of the points, all of them if they are fewer."""
    known = points[searched]
    compared = _compared(known, centre)
    indices = np.empty((len(queries), min(count, len(known))), dtype=np.intp)
    distances = np.empty(indices.shape)
    step = max(1, BLOCK // compared.shape[1])
    for start in range(0, len(queries), step):
        rows = slice(start, start + step)
        block = np.subtract(queries[rows], centre, dtype=np.float64).astype(np.float32)
        products = np.column_stack([block, np.ones(len(block), np.float32)]) @ compared
        indices[rows] = _smallest(products, indices.shape[1])
        differences = np.subtract(known[indices[rows]], queries[rows, np.newaxis], dtype=np.float64)
        distances[rows] = np.linalg.norm(differences, axis=2)
    return indices + searched.start, distances


def _compared(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """What `(query, 1)` is multiplied by for `|p|^2 - 2 p q`, which orders points as their distances do.

    Padded with points at infinity to a multiple of `GROUPS`: `(k + 1, columns)`, float32.
    """
    count, dimensions = points.shape
    compared = np.zeros((dimensions + 1, -(-count // GROUPS) * GROUPS), np.float32)
    compared[-1, count:] = np.inf
    for start in range(0, count, GROUPS):  # no copy of all points
        columns = slice(start, min(start + GROUPS, count))
        block = np.subtract(points[columns], centre, dtype=np.float64)
        compared[:-1, columns] = -2 * block.T
        compared[-1, columns] = np.einsum("ij,ij->i", block, block)
    return compared


def _smallest(values: np.ndarray, count: int) -> np.ndarray:
    """Columns of the `count` smallest values of each row, in any order.

    They lie within the `count` groups of columns whose smallest values are smallest; to find those takes one
    fast pass over the values, and leaves few to sort.
    """
    grouped = values.reshape(len(values), -1, GROUPS)  # group g holds columns g, g + GROUPS, ...
    kept = min(count, GROUPS)
    groups = np.argpartition(grouped.min(axis=1), kept - 1, axis=1)[:, :kept]
    few = np.take_along_axis(grouped, groups[:, np.newaxis], axis=2).reshape(len(values), -1)
    found = np.argpartition(few, count - 1, axis=1)[:, :count]
    return found // kept * GROUPS + np.take_along_axis(groups, found % kept, axis=1)
