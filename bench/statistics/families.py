"""Many comparisons of one measure: seeds as blocks, and variances that learn from one another.

Two trials of one seed share their initial weights and the order of their images, so that their difference
varies less than trials of two seeds let one expect: where both sides have the same seeds, it is taken seed by
seed. That costs half of the degrees of freedom, which a single comparison of three seeds cannot spare; a
table gets them back, since the variances of its comparisons are moderated (`bench.statistics.moderation`). A
table of fewer than eight takes Welch's test for each, for which common seeds only mean that fewer are told
than could be.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special

from bench.statistics import intervals
from bench.statistics.intervals import Comparison, Interval
from bench.statistics.moderation import FEWEST, moderated

Values = Mapping[int, float]
"""Of one configuration, by seed."""
Sides = tuple[Values, Values]


def differences(groups: Sequence[Sequence[Sides]]) -> list[Comparison]:
    """Of each group the mean over its pairs of the first side less the second, with interval and test.

    A group is one question, often of one pair. Its pairs are held fixed: the answer is about other seeds for
    these very settings. Intervals and p-values are of one question at a time; for all use `holm`.

    Where a group has pairs with two seeds or more on both sides, its others are left out; where it has none,
    there is a mean alone. Nor is there more where nothing varies.
    """
    used = [_repeated(group) for group in groups]
    spread = [_seed_by_seed(group) for group in used]
    every = [one for group in spread for one in group or ()]
    if len(every) < FEWEST:
        return [intervals.mean_difference(map(_plain, group)) for group in groups]
    variances, gained = moderated(
        np.array([one.variance for one in every]), np.array([one.seeds - 1.0 for one in every])
    )
    left = iter(variances.tolist())
    return [
        intervals.mean_difference(map(_plain, group))
        if found is None
        else _moderated([dataclasses.replace(one, variance=next(left)) for one in found], gained)
        for group, found in zip(groups, spread, strict=True)
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Pair:
    """A difference over seeds."""

    mean: float
    variance: float
    seeds: int


def _plain(pair: Sides) -> tuple[list[float], list[float]]:
    return [*pair[0].values()], [*pair[1].values()]


def _repeated(group: Sequence[Sides]) -> list[Sides]:
    return [pair for pair in group if min(map(len, pair)) > 1]


def _seed_by_seed(group: Sequence[Sides]) -> list[_Pair] | None:
    """None where not all have the same seeds on both sides."""
    if not group or any(first.keys() != second.keys() for first, second in group):
        return None
    apart = [np.array([first[seed] - second[seed] for seed in first]) for first, second in group]
    return [
        _Pair(mean=math.fsum(each) / len(each), variance=_variance(each), seeds=len(each)) for each in apart
    ]


def _variance(values: np.ndarray) -> float:
    """Not by rounding alone, where all are alike."""
    rounding = 1e-12 * float(np.abs(values).max())
    return float(values.var(ddof=1)) if np.ptp(values) > rounding else 0.0


def _moderated(group: Sequence[_Pair], gained: float) -> Comparison:
    n = len(group)
    mean = math.fsum(one.mean for one in group) / n
    parts = [one.variance / one.seeds for one in group]
    total = math.fsum(parts)
    if total == 0:
        edge = 0.0 if mean == 0 else None
        interval = Interval(mean=mean, low=edge, high=edge, n=n)
        return Comparison(difference=interval, p=1.0 if mean == 0 else None)
    freedom = 1 / math.fsum(
        (part / total) ** 2 / (one.seeds - 1 + gained) for part, one in zip(parts, group, strict=True)
    )
    error = math.sqrt(total) / n
    margin = intervals.student(freedom) * error
    p = 2 * float(special.stdtr(freedom, -abs(mean) / error))
    return Comparison(difference=Interval(mean=mean, low=mean - margin, high=mean + margin, n=n), p=p)
