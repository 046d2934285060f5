"""Variances of few seeds each, drawn towards what all of them say together.

Three seeds do not know their own deviation: of samples that vary alike, one has a tenth of the variance of
another in one case of five. Where a table has many configurations, they know it together. How far each is
drawn depends on how much they truly differ: not at all alike, and each keeps its own; alike, and all have
one.

Why not simply one variance for all: on logarithms those of the published run are alike in test MSE (Bartlett
over 60 configurations p = 0.13, d0 = 12) and in Frechet distance (p = 0.17 from the mixture, 0.02 from the
prior), not in accuracies (5-NN p = 0.0003, d0 = 3.4). Simulated with 60 equal configurations of three seeds,
of which half vary twice as much as the others, one variance for all told some two apart in 16 of 100 tables,
and variances as Smyth draws them in 5 to 9. Three things keep it below 5 in all that was tried
(`docs/power.md`): the prior counts for less, by half a standard error of what it is estimated from; no
variance becomes smaller than a configuration's own; and a difference has the degrees of freedom of one
variance, not of two.
"""

import math

import numpy as np
from scipy import special

FEWEST = 8
"""Variances below which each stands for itself: of fewer it cannot be told how much they differ."""
_DOUBT = 0.5  # standard errors
_SMALLEST = 1e-5  # of the median: accuracies of few images may be the same for all seeds


def moderated(variances: np.ndarray, freedom: np.ndarray) -> tuple[np.ndarray, float]:
    """Variances drawn towards one another, and how many degrees of freedom each has gained.

    Parameters
    ----------
    variances : (k,) floats
        Each of a sample of its own, unbiased.
    freedom : (k,) floats
        Their degrees of freedom, 1 or more: seeds less 1.

    Returns
    -------
    variances : (k,) floats
        None below the one given.
    gained : float
        Half of what the prior is worth, and of what all others have together at most; 0 for fewer than eight
        variances, or where most are 0.

    References
    ----------
    Smyth 2004, "Linear models and empirical Bayes methods for assessing differential expression in microarray
    experiments", Stat. Appl. Genet. Mol. Biol. 3, section 6.2 for the estimate of the prior.
    """
    median = float(np.median(variances)) if len(variances) else 0.0
    if len(variances) < FEWEST or median == 0:
        return variances, 0.0
    half = freedom / 2
    logs = np.log(np.maximum(variances, _SMALLEST * median)) - special.digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - special.polygamma(1, half).mean() + _DOUBT * _error(half))
    prior = 2 * _trigamma_inverse(excess) if excess > 0 else math.inf
    gained = min(prior, float(freedom.sum() - freedom.max())) / 2
    correction = special.digamma(prior / 2) - math.log(prior / 2) if prior < math.inf else 0.0
    centre = math.exp(float(logs.mean()) + correction)
    weight = 1.0 if prior == math.inf else prior / (prior + freedom)
    return np.maximum(weight * centre + (1 - weight) * variances, variances), gained


def blocked_variances(rows: np.ndarray) -> np.ndarray:
    """Variance (k,) of each row of (k, seeds) values, less what a seed does to all rows alike; k from 2."""
    k, seeds = rows.shape
    rest = rows - rows.mean(axis=1, keepdims=True)
    rest -= rest.mean(axis=0)
    rest[np.abs(rest) < 1e-12 * np.abs(rows).max()] = 0  # rounding, where all are alike
    return np.asarray((rest**2).sum(axis=1) / (seeds - 1) * k / (k - 1))


def _error(half: np.ndarray) -> float:
    """Standard error of the variance of logarithms of variances that are truly equal."""
    trigamma = special.polygamma(1, half)
    kurtosis = special.polygamma(3, half) / trigamma**2 + 3
    return float((trigamma * np.sqrt((kurtosis - 1) / len(half))).mean())


def _trigamma_inverse(value: float) -> float:
    """The x above 0 with trigamma(x) = value, by Newton's method on 1 / trigamma, which is convex."""
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(special.polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(special.polygamma(2, x))
        x += step
        if -step < 1e-10 * x:
            break
    return x
