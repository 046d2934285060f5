"""Two numbers of each of many things -> do they put these in the same order."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import scipy.stats

FEWEST = 3  # two things are always in the same order, or in the opposite one


@dataclasses.dataclass(frozen=True, kw_only=True)
class Agreement:
    """Rank correlations of `n` pairs of numbers, each in [-1, 1]: Spearman's rho and Kendall's tau-b."""

    spearman: float
    kendall: float
    n: int


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement | None:
    """How alike two lists of the same length order their entries; equal numbers share a rank.

    None for fewer than three entries, or where all numbers of a list are the same.

    Raises
    ------
    ValueError
        If the lists differ in length.
    """
    if len(first) != len(second):
        raise ValueError(f"expected lists of one length, received {len(first)} and {len(second)}")
    if len(first) < FEWEST or not (np.ptp(first) and np.ptp(second)):
        return None
    return Agreement(
        spearman=float(scipy.stats.spearmanr(first, second).statistic),
        kendall=float(scipy.stats.kendalltau(first, second).statistic),
        n=len(first),
    )
