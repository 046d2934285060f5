"""Seeds -> means and differences with intervals, the settings held fixed."""

import dataclasses
import functools
import math
from collections.abc import Iterable, Sequence

from scipy import special, stats

CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True, kw_only=True)
class Interval:
    """A mean with its 95 % interval; `low` and `high` are None where none can be given.

    `n` counts what the mean is over: seeds, those of the side with fewer, or pairs.
    """

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """A mean difference, first less second, and a test of there being none.

    `p` is two-sided and lies in [0, 1]; it is None where no test can be given. Where `is_ratio`, the
    difference is one of logarithms.
    """

    difference: Interval
    p: float | None
    is_ratio: bool = False


def is_told(p: float | None) -> bool:
    """Whether a p-value, of one test or adjusted for several, is beyond chance; without a test it is not."""
    return p is not None and p < 1 - CONFIDENCE


def mean_interval(values: Sequence[float]) -> Interval:
    """Mean and 95 % interval by Student's t; one value gives no interval, none gives no mean.

    The interval is about the expected value over seeds (initial weights, order of images, noise), for
    values that are roughly normal; it says nothing of other data sets.
    """
    n = len(values)
    if n == 0:
        return Interval(mean=None, low=None, high=None, n=0)
    mean = _mean(values)
    if n == 1:
        return Interval(mean=mean, low=None, high=None, n=1)
    margin = student(n - 1) * math.sqrt(_variance_of_mean(values))
    return Interval(mean=mean, low=mean - margin, high=mean + margin, n=n)


def difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Mean of `first` less mean of `second`, with Welch's 95 % interval.

    There is no interval unless both have two values or more. It holds for one comparison at a time:
    of twenty comparisons of things that are equal, one will look different.
    """
    found = mean_difference([(first, second)]).difference
    return dataclasses.replace(found, n=min(len(first), len(second)))


def mean_difference(pairs: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Comparison:
    """Mean over pairs of the first side's mean less the second's, with an interval and a test after Welch.

    A side is one configuration's values over seeds. The variances of all means add up, and the degrees of
    freedom are those of Welch and Satterthwaite, so that no two configurations need vary alike; one pair is
    Welch's test. The pairs are held fixed: the answer is about other seeds for these very settings, and
    says nothing of other settings. Trials are taken to vary independently. Those of one seed do not quite,
    since they share weights and order of images: their difference varies less than is said here, so that
    fewer are told than could be, not more. Of many differences at once `families` takes it seed by seed.

    Where some pairs have two values or more on both sides, the others are left out; where none has, or where
    no side varies at all and they differ, there is a mean and neither interval nor test.

    References
    ----------
    Welch 1947, "The generalization of Student's problem when several different population variances are
    involved", Biometrika 34.
    """
    complete = [pair for pair in pairs if all(pair)]
    repeated = [pair for pair in complete if min(map(len, pair)) > 1]
    used = repeated or complete
    n = len(used)
    if not used:
        return Comparison(difference=Interval(mean=None, low=None, high=None, n=0), p=None)
    mean = math.fsum(_mean(first) - _mean(second) for first, second in used) / n
    if not repeated:
        return Comparison(difference=Interval(mean=mean, low=None, high=None, n=n), p=None)
    error, freedom = _error([side for pair in used for side in pair])
    if error == 0:
        return Comparison(difference=_without_spread(mean, n), p=1.0 if mean == 0 else None)
    margin = student(freedom) * error / n
    p = 2 * float(special.stdtr(freedom, -abs(mean) * n / error))
    return Comparison(difference=Interval(mean=mean, low=mean - margin, high=mean + margin, n=n), p=p)


def one_more(others: Sequence[float], value: float) -> Comparison:
    """A value less the mean of others, with the 95 % interval in which one more would lie, and a test.

    The interval is Student's prediction interval, around the difference: it leaves out 0 where the value is
    unlike the others. Of fewer than two others, or of others that are all alike, there is neither.

    References
    ----------
    Whitmore 1986, "Prediction limits for a univariate normal observation", The American Statistician 40.
    """
    n = len(others)
    change = value - _mean(others)
    if n < 2:
        return Comparison(difference=Interval(mean=change, low=None, high=None, n=1), p=None)
    error = math.sqrt(_variance_of_mean(others) * (n + 1))
    if error == 0:
        return Comparison(difference=_without_spread(change, 1), p=1.0 if change == 0 else None)
    margin = student(n - 1) * error
    p = 2 * float(special.stdtr(n - 1, -abs(change) / error))
    return Comparison(difference=Interval(mean=change, low=change - margin, high=change + margin, n=1), p=p)


def _without_spread(mean: float, n: int) -> Interval:
    """Of values that are all alike, as accuracies of few images can be: they do not show that none varies."""
    edge = 0.0 if mean == 0 else None
    return Interval(mean=mean, low=edge, high=edge, n=n)


def _error(samples: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Standard error of a sum or difference of means, and its degrees of freedom."""
    parts = [_variance_of_mean(sample) for sample in samples]
    total = math.fsum(parts)
    if total == 0:
        return 0.0, math.inf
    squares = ((part / total) ** 2 / (len(s) - 1) for part, s in zip(parts, samples, strict=True))
    return math.sqrt(total), 1 / math.fsum(squares)


@functools.lru_cache(maxsize=1000)
def student(freedom: float) -> float:
    """How many standard errors the interval reaches to either side."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _variance_of_mean(values: Sequence[float]) -> float:
    mean = _mean(values)
    if min(values) == max(values):
        return 0.0  # the mean of three times 0.1 is not quite 0.1
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)
