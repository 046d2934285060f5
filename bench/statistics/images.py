"""Numbers of each test image -> does a difference hold for other images, the trained models held fixed?

Two configurations are measured on the same images, so that images are pairs: what is hard for one is hard for
the other. An interval over images says nothing of other seeds, and one over seeds nothing of other images.
"""

import functools

import numpy as np
from scipy import special

from bench.statistics.intervals import CONFIDENCE, Comparison, Interval

_RESAMPLES = 999
_SEED = 1_993


def ratio_over_images(first: np.ndarray, second: np.ndarray) -> Comparison:
    """Logarithm of the ratio of two means over the same images, with an interval by the paired bootstrap.

    Parameters
    ----------
    first, second : (n,) floats of 0 or more
        Of each image, in the same order; of several seeds their mean.

    Returns
    -------
    Comparison
        With the quantiles of the resampled ratios as its interval, and no p-value. Without images, with some
        that are no number, or with a mean of 0 there is nothing.

    References
    ----------
    Efron and Tibshirani 1993, "An introduction to the bootstrap", chapters 8 and 13.
    """
    n = len(first)
    both = np.stack([first, second], axis=1).astype(np.float64)  # (n, 2)
    is_usable = n > 0 and np.isfinite(both).all() and both.min() >= 0
    drawn = (
        _counts(n) @ both.astype(np.float32) if is_usable else both
    )  # (resamples, 2): sums, each image as often as drawn
    if not is_usable or drawn.min() == 0:
        return Comparison(difference=Interval(mean=None, low=None, high=None, n=n), p=None, is_ratio=True)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.log(drawn[:, 0] / drawn[:, 1]), (tail, 1 - tail))
    mean = float(np.log(both[:, 0].mean() / both[:, 1].mean()))
    interval = Interval(mean=mean, low=float(low), high=float(high), n=n)
    return Comparison(difference=interval, p=None, is_ratio=True)


@functools.lru_cache(maxsize=2)
def _counts(n: int) -> np.ndarray:
    """How often each of n images is drawn (resamples, n): the same for every comparison of a report."""
    generator = np.random.default_rng(_SEED)
    drawn = (np.bincount(generator.integers(n, size=n), minlength=n) for _ in range(_RESAMPLES))
    return np.array([*drawn], dtype=np.float32)


def accuracy_over_images(first: np.ndarray, second: np.ndarray) -> Comparison:
    """Difference of two accuracies on the same images, with an interval and McNemar's exact test.

    Only images count that one side tells and the other does not: where neither is better, each is as likely
    to be of one kind as of the other. The interval is Wald's for paired shares.

    Parameters
    ----------
    first, second : (n,) bools
        Whether the class of each image was told, in the same order.

    References
    ----------
    McNemar 1947, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12; Agresti 2013, "Categorical data analysis", section 11.1.
    """
    n = len(first)
    if n == 0:
        return Comparison(difference=Interval(mean=None, low=None, high=None, n=0), p=None)
    lone, other = int((first & ~second).sum()), int((second & ~first).sum())
    mean = (lone - other) / n
    error = np.sqrt(max(lone + other - (lone - other) ** 2 / n, 0.0)) / n
    margin = float(-special.ndtri((1 - CONFIDENCE) / 2) * error)
    p = min(1.0, 2 * float(special.bdtr(min(lone, other), lone + other, 0.5))) if lone + other else 1.0
    return Comparison(difference=Interval(mean=mean, low=mean - margin, high=mean + margin, n=n), p=p)


def error_over_images(accuracy: float, n: int) -> float:
    """Standard error of an accuracy on n images, as of n draws of one probability."""
    return float(np.sqrt(accuracy * (1 - accuracy) / n))
