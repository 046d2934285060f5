"""Matched pairs of settings -> their mean difference, by resampling: does it hold from setting to setting?

The unit is the pair: two configurations that differ in one thing, and their difference, which is the mean
over the seeds that both have. Seeds of one pair are no units of their own, since they share its settings.

The test flips signs. If it made no difference which side is which, then each pair's difference would be as
likely to have the other sign, whatever its size: pairs need not be alike, nor drawn from anywhere. That holds
in a grid that changes one factor at a time, too, because each trial is in one pair only. What is not
accounted for: trials of one seed share the order of their images, and networks of one shape their initial
weights, which makes pairs somewhat alike.

The interval resamples pairs, as if those of the grid were drawn from all settings of their kind. A grid is
chosen, not drawn, and one that changes one factor at a time lies close around its base: the interval speaks
of settings near it, and is too short for settings far away. It is too short for few and skewed differences,
too: it covers the mean of ten exponential ones in 90 of 100 cases.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import special

from bench.statistics.intervals import CONFIDENCE, Comparison, Interval

RESAMPLES = 9_999
FEWEST_PAIRS = 6
"""Resampled means stay between the smallest and the largest of n values, which enclose the centre of a
symmetric distribution in 1 - 2^(1-n) of all samples: with five or fewer in less than 95 %."""
_EXACT = 16  # pairs up to which all 2^n signs are tried
_SEED = 1979


def paired_difference(pairs: Iterable[tuple[Mapping[int, float], Mapping[int, float]]]) -> Comparison:
    """Mean over pairs of the difference over matched seeds, first less second, with interval and test.

    A side is one configuration: seed to value. Where some pairs have two matched seeds or more, the others
    are left out. Where none has, the seed may be the reason for all that differs: there is a mean, and
    neither interval nor test. Nor are there where a value is not finite.
    """
    differences = [[first[s] - second[s] for s in first if s in second] for first, second in pairs]
    repeated = [values for values in differences if len(values) > 1]
    used = [math.fsum(values) / len(values) for values in repeated or differences if values]
    if not repeated:
        mean = math.fsum(used) / len(used) if used else None
        return Comparison(difference=Interval(mean=mean, low=None, high=None, n=len(used)), p=None)
    return Comparison(difference=bootstrap_interval(used), p=sign_flip_p(used))


def bootstrap_interval(values: Sequence[float]) -> Interval:
    """Mean of the values with a 95 % interval by the bootstrap: quantiles of the means of resamples.

    The quantiles lie further out than 2.5 % and 97.5 %, by as much as makes up for few values: as far as
    Student's interval reaches beyond one that takes the standard deviation of n values for the true one.
    Fewer than six values give no interval, and values that are not finite give no mean.

    References
    ----------
    Efron 1979, "Bootstrap methods: another look at the jackknife", Ann. Statist. 7; for the quantiles
    Hesterberg 2015, "What teachers should know about the bootstrap", The American Statistician 69.
    """
    n = len(values)
    if n == 0 or not np.isfinite(values).all():
        return Interval(mean=None, low=None, high=None, n=n)
    mean = math.fsum(values) / n
    if n < FEWEST_PAIRS:
        return Interval(mean=mean, low=None, high=None, n=n)
    drawn = np.random.default_rng(_SEED).integers(n, size=(RESAMPLES, n), dtype=np.int32)
    means = np.asarray(values, dtype=float)[drawn].mean(axis=1)  # (RESAMPLES,)
    low, high = np.quantile(means, _quantiles(n))
    return Interval(mean=mean, low=float(low), high=float(high), n=n)


def sign_flip_p(values: Sequence[float]) -> float | None:
    """Two-sided p-value of the values having a distribution symmetric about 0, by flipping their signs.

    The share of signs with which the mean lies at least as far from 0 as it does. All 2^n are tried for up
    to 16 values, else 9,999 drawn at random and those observed. Without values, or with values that are not
    finite, there is none.

    References
    ----------
    Fisher 1935, "The design of experiments", section 21; for the drawn ones Phipson and Smyth 2010,
    "Permutation p-values should never be zero".
    """
    observed = np.asarray(values, dtype=float)
    if observed.size == 0 or not np.isfinite(observed).all():
        return None
    sums = np.abs(_signs(observed.size) @ observed)
    rounding = 1e-12 * np.abs(observed).sum()  # sums that are equal but for the order of adding
    return float(np.mean(sums >= abs(observed.sum()) - rounding))


def smallest_p(n: int) -> float:
    """The smallest p-value that `sign_flip_p` can give for n values; 1 for none."""
    return min(1.0, 2.0 ** (1 - n)) if n <= _EXACT else 1 / (RESAMPLES + 1)


def _signs(n: int) -> np.ndarray:
    """Signs in rows, those observed first: all whose last is positive (the others mirror them), or some."""
    if n <= _EXACT:
        return 1.0 - 2.0 * (np.arange(2 ** (n - 1))[:, None] >> np.arange(n) & 1)
    drawn = np.random.default_rng(_SEED).integers(2, size=(RESAMPLES, n), dtype=np.int8)
    return np.vstack([np.ones(n), 1.0 - 2.0 * drawn])


def _quantiles(n: int) -> tuple[float, float]:
    wider = math.sqrt(n / (n - 1)) * special.stdtrit(n - 1, (1 - CONFIDENCE) / 2)
    tail = float(special.ndtr(wider))
    return tail, 1 - tail
