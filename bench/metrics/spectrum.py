"""How many dimensions codes spread over."""

import numpy as np
import scipy.special

from bench.machine import threads

BLOCK_VALUES = 2**20
"""Values in float64 at once: 8 MB."""

MOST_CODES = 4096
"""Codes that are looked at, of more dimensions than that: else raw pixels of photographs take hours."""


def effective_rank(codes: np.ndarray) -> float:
    """Effective rank of the covariance of codes: `exp(-sum p_i log p_i)`, `p_i = e_i / sum e_j`.

    `e_i` are the eigenvalues of the covariance matrix, which are its singular values. Shifts, rotations and
    a common scale of the codes change nothing; the scale of one dimension against another does.

    Parameters
    ----------
    codes
        Shape `(n, k)`, any float; of more than 4,096 dimensions the first 4,096 codes.

    Returns
    -------
    From 1, where codes lie on a line, to `k` (or `n - 1`, if that is less), where they have the same
    variance in every direction. NaN if a code is not finite, or if codes do not vary.

    References
    ----------
    Roy and Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007.
    """
    if codes.size == 0 or not np.isfinite(codes).all():
        return float("nan")
    with threads.as_worth(codes), np.errstate(over="ignore", invalid="ignore"):
        scatter = _scatter(codes)
        if not np.isfinite(scatter).all() or not scatter.any():
            return float("nan")
        eigenvalues = np.clip(np.linalg.eigvalsh(scatter), 0, None)
    return float(np.exp(scipy.special.entr(eigenvalues / eigenvalues.sum()).sum()))


def _scatter(codes: np.ndarray) -> np.ndarray:
    """Sums of products of centred codes: the covariance but for a factor that cancels, `(k, k)`.

    Of fewer codes than dimensions it is `(n, n)`, with the same eigenvalues but for zeros.
    """
    if codes.shape[1] > MOST_CODES:
        codes = codes[:MOST_CODES]
    rows = max(1, BLOCK_VALUES // codes.shape[1])
    mean = codes.mean(axis=0, dtype=np.float64)
    # A constant column has a rounded mean, which would leave it a variance where it has none.
    mean = np.where((codes == codes[0]).all(axis=0), codes[0], mean)
    if len(codes) < codes.shape[1]:
        centred = codes - mean
        return centred @ centred.T
    total = np.zeros((codes.shape[1], codes.shape[1]))
    for start in range(0, len(codes), rows):
        centred = codes[start : start + rows] - mean
        total += centred.T @ centred
    return total
