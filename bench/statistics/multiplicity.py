"""Many tests in one table: p-values that hold for all of them together."""

import math
from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """P-values adjusted after Holm, in the order given: compare them with 0.05.

    The chance that any of the true hypotheses is rejected is 5 % at most, however the tests depend on each
    other. A test that was not made (None) has no adjusted value and does not count. The smallest of m is
    multiplied by m, the next by m - 1, and so on; none is smaller than the one before it, or above 1.

    References
    ----------
    Holm 1979, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6.
    """
    p = np.array([math.nan if value is None else value for value in p_values], dtype=float)
    order = np.argsort(p)[: np.count_nonzero(~np.isnan(p))]  # NaN is sorted to the end
    scaled = p[order] * np.arange(len(order), 0, -1)
    p[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [None if math.isnan(value) else value for value in p.tolist()]
