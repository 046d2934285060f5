"""Configurations -> ranks with intervals, and groups that cannot be told apart.

Two are told apart where p < 0.05 after Holm over all pairs of the table, so that in 95 of 100 such tables
nothing is told that is not so: all intervals of places hold at once, and so do all groups. Before, Holm was
taken over the others of one configuration and variances stood for themselves: with three seeds a difference
of ten deviations was told in half of all cases, and of a table of 60 equal configurations some two were told
apart in more than one of four (`docs/power.md` has both).
"""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from bench.statistics.families import Values
from bench.statistics.intervals import is_told
from bench.statistics.moderation import FEWEST, blocked_variances, moderated
from bench.statistics.multiplicity import holm


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a configuration stands among others.

    Attributes
    ----------
    rank
        Its place by mean, from 1; equal means share a place.
    low, high
        The 95 % interval of its place, which holds together with those of all others: `low - 1` others are
        told apart from it and better, and as many as come after `high` told apart and worse. None with one
        seed.
    group
        1 for those that may be the best: none is told apart from them and better, so `low` is 1. 2 for those
        of whom the same holds when group 1 is taken away, and so on. None with one seed.
    """

    rank: int
    low: int | None
    high: int | None
    group: int | None


def standings(samples: Sequence[Values]) -> list[Standing | None]:
    """Rank configurations by the mean of their values over seeds, lowest first; None for one without values.

    The variances are moderated, and where all have the same seeds these are blocks: what a seed does to all
    of them alike is no part of how they vary. It is about other seeds for these settings.

    References
    ----------
    Hsu 1984, "Constrained simultaneous confidence intervals for multiple comparisons with the best",
    Ann. Statist. 12, for the group of the best; Mogstad, Romano, Shaikh and Wilhelm 2024, "Inference for
    ranks with applications to mobility across neighbourhoods and academic achievement across countries",
    Rev. Econ. Stud. 91, for places.
    """
    found: list[Standing | None] = [None] * len(samples)
    ranked = [i for i, values in enumerate(samples) if len(values)]
    means = np.array([math.fsum(samples[i].values()) / len(samples[i]) for i in ranked])  # (k,)
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


def _told_apart(means: np.ndarray, samples: Sequence[Values]) -> np.ndarray:
    """(k, k) of bool, of all pairs; False wherever one of the two has a single value."""
    counts = np.array([len(values) for values in samples], dtype=float)
    repeated = np.flatnonzero(counts > 1).tolist()
    errors, freedom = np.full(len(samples), math.nan), np.ones(len(samples))
    variances, gained = moderated(_variances([samples[i] for i in repeated]), counts[repeated] - 1)
    errors[repeated], freedom[repeated] = variances / counts[repeated], counts[repeated] - 1 + gained
    total, gap = errors[:, None] + errors, np.abs(means[:, None] - means)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (errors[:, None] / total) ** 2 / freedom[:, None]
        p = 2 * special.stdtr(1 / (parts + parts.T), -gap / np.sqrt(total))
    p = np.where(total == 0, 1.0, p)  # neither varies at all, which does not show that none would
    above = np.triu_indices(len(samples), 1)
    adjusted = holm([None if math.isnan(value) else value for value in p[above].tolist()])
    apart = np.zeros(p.shape, dtype=bool)
    apart[above] = [is_told(value) for value in adjusted]
    return apart | apart.T


def _variances(samples: Sequence[Values]) -> np.ndarray:
    """Of each over its seeds, less what a seed does to all, where enough have the same seeds."""
    own = np.array([_variance([*values.values()]) for values in samples])
    if len(samples) < FEWEST or any(values.keys() != samples[0].keys() for values in samples):
        return own
    return blocked_variances(np.array([[values[seed] for seed in samples[0]] for values in samples]))


def _variance(values: Sequence[float]) -> float:
    """Not by rounding alone, where all are alike."""
    return float(np.var(values, ddof=1)) if min(values) < max(values) else 0.0


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
