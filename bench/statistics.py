"""Seeds -> how sure we are."""

import dataclasses
import functools
import math
from collections.abc import Sequence

from scipy import stats

CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True, kw_only=True)
class Interval:
    """A mean over seeds with its 95 % interval; `low` and `high` are None where none can be given."""

    mean: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether there is an interval and 0 lies outside it."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def mean_interval(values: Sequence[float]) -> Interval:
    """Mean and 95 % interval by Student's t; one value gives no interval, none gives no mean.

    The interval is about the expected value over seeds (initial weights, order of images, noise), for
    values that are roughly normal; it says nothing of other data sets.
    """
    n = len(values)
    if n == 0:
        return Interval(mean=None, low=None, high=None, n=0)
    mean = math.fsum(values) / n
    if n == 1:
        return Interval(mean=mean, low=None, high=None, n=1)
    margin = _student(n - 1) * math.sqrt(_variance_of_mean(values))
    return Interval(mean=mean, low=mean - margin, high=mean + margin, n=n)


def difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Mean of `first` less mean of `second`, with Welch's 95 % interval.

    There is no interval unless both have two values or more. It holds for one comparison at a time:
    of twenty comparisons of things that are equal, one will look different.
    """
    n = min(len(first), len(second))
    if n == 0:
        return Interval(mean=None, low=None, high=None, n=0)
    mean = math.fsum(first) / len(first) - math.fsum(second) / len(second)
    if n == 1:
        return Interval(mean=mean, low=None, high=None, n=1)
    parts = [_variance_of_mean(values) for values in (first, second)]
    total = sum(parts)
    if total == 0:
        return Interval(mean=mean, low=mean, high=mean, n=n)
    sizes = (len(first), len(second))
    freedom = total**2 / sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    margin = _student(freedom) * math.sqrt(total)
    return Interval(mean=mean, low=mean - margin, high=mean + margin, n=n)


@functools.lru_cache(maxsize=1000)
def _student(freedom: float) -> float:
    """How many standard errors the interval reaches to either side."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))


def _variance_of_mean(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)
