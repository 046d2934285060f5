"""Configurations -> ranks with intervals, and groups that cannot be told apart."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from bench.statistics.intervals import is_told
from bench.statistics.multiplicity import holm


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a configuration stands among others.

    Attributes
    ----------
    rank
        Its place by mean, from 1; equal means share a place.
    low, high
        The 95 % interval of its place: `low - 1` others are told apart from it and better, and as many as
        come after `high` told apart and worse. None with one seed.
    group
        1 for those that may be the best: none is told apart from them and better, so `low` is 1. 2 for those
        of whom the same holds when group 1 is taken away, and so on. None with one seed.
    """

    rank: int
    low: int | None
    high: int | None
    group: int | None


def standings(samples: Sequence[Sequence[float]]) -> list[Standing | None]:
    """Rank configurations by the mean of their values over seeds, lowest first; None for one without values.

    Another is told apart from a configuration where Welch's test has p < 0.05 after Holm over all others.
    So the interval of any one place holds in 95 % of runs, and group 1 contains the truly best in 95 % of
    runs; not so all intervals at once. Welch's p is a little small where seeds are few and one side varies
    far less: simulated with 60 equal configurations and three seeds, group 1 lacked a given one in 1 % of
    runs where all vary alike, in 2 % where it varies a third as much as the others, in 7 % at a tenth.

    A test against the best alone would promise less than it says, since
    which one is best is read off the same values. It is about other seeds for these settings.

    With three seeds and many configurations this tells little apart. Variances drawn towards one another
    (Smyth 2004) would tell more; but where they truly differ, as they do in the published run, one of 60
    that are equal was told apart from another in 14 of 100 simulations, not 5. More seeds help.

    References
    ----------
    Hsu 1984, "Constrained simultaneous confidence intervals for multiple comparisons with the best",
    Ann. Statist. 12, for the group of the best; Mogstad, Romano, Shaikh and Wilhelm 2024, "Inference for
    ranks with applications to mobility across neighbourhoods and academic achievement across countries",
    Rev. Econ. Stud. 91, for places; Smyth 2004, "Linear models and empirical Bayes methods for assessing
    differential expression in microarray experiments", Stat. Appl. Genet. Mol. Biol. 3.
    """
    found: list[Standing | None] = [None] * len(samples)
    ranked = [i for i, values in enumerate(samples) if len(values)]
    means = np.array([math.fsum(samples[i]) / len(samples[i]) for i in ranked])  # (k,)
    apart = _told_apart(means, [samples[i] for i in ranked])
    better = means[None, :] < means[:, None]  # (k, k): whether the column is better than the row
    lows = np.count_nonzero(apart & better, axis=1) + 1
    highs = len(ranked) - np.count_nonzero(apart & better.T, axis=1)
    groups = _groups(apart & better, [len(samples[i]) > 1 for i in ranked])
    for at, i in enumerate(ranked):
        is_sure = groups[at] is not None
        found[i] = Standing(
            rank=1 + int(np.count_nonzero(better[at])),
            low=int(lows[at]) if is_sure else None,
            high=int(highs[at]) if is_sure else None,
            group=groups[at],
        )
    return found


def _variance(values: Sequence[float]) -> float:
    """Not by rounding alone, where all are alike."""
    return float(np.var(values, ddof=1)) if min(values) < max(values) else 0.0


def _told_apart(means: np.ndarray, samples: Sequence[Sequence[float]]) -> np.ndarray:
    """(k, k) of bool: the column from the row, among all that are compared with the row.

    False wherever one of the two has a single value.
    """
    counts = np.array([len(values) for values in samples])
    errors = np.array([_variance(v) / len(v) if len(v) > 1 else math.nan for v in samples])
    total, gap = errors[:, None] + errors, np.abs(means[:, None] - means)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (errors[:, None] / total) ** 2 / (counts[:, None] - 1)
        p = 2 * special.stdtr(1 / (parts + parts.T), -gap / np.sqrt(total))
    p = np.where(total == 0, 1.0, p)  # neither varies at all, which does not show that none would
    np.fill_diagonal(p, math.nan)
    rows = (holm([None if math.isnan(value) else value for value in row]) for row in p.tolist())
    apart = [[is_told(value) for value in row] for row in rows]
    return np.array(apart, dtype=bool).reshape(p.shape)


def _groups(beaten: np.ndarray, repeated: Sequence[bool]) -> list[int | None]:
    """`beaten` (k, k): whether the column is told apart from the row and better."""
    groups: list[int | None] = [None] * len(repeated)
    left, number = np.flatnonzero(repeated), 0
    while len(left):
        number += 1
        is_beaten = beaten[np.ix_(left, left)].any(axis=1)
        for i in left[~is_beaten].tolist():
            groups[i] = number
        left = left[is_beaten]
    return groups
