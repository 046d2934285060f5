"""Intervals and tests, against SciPy."""

import itertools

import numpy as np
import scipy.stats

from bench import statistics
from bench.metrics import reconstruction
from tests.deviations.material import Check, Material, absolute, relative


def _samples(m: Material) -> tuple[list[float], list[float]]:
    values = reconstruction.mse(m.images, m.reconstructed)
    return values[:5].tolist(), values[5:12].tolist()


def welch(m: Material) -> float:
    first, second = _samples(m)
    expected = scipy.stats.ttest_ind(first, second, equal_var=False)
    found = statistics.mean_difference([(first, second)])
    interval = expected.confidence_interval()
    return max(
        relative(found.p or 0.0, expected.pvalue),
        relative(found.difference.low or 0.0, interval.low),
        relative(found.difference.high or 0.0, interval.high),
    )


def student(m: Material) -> float:
    values, _ = _samples(m)
    found = statistics.mean_interval(values)
    expected = scipy.stats.t.interval(0.95, len(values) - 1, np.mean(values), scipy.stats.sem(values))
    return relative([found.low or 0.0, found.high or 0.0], expected)


def sign_flips(m: Material) -> float:
    values = (np.array(_samples(m)[1]) - 0.01).tolist()
    expected = scipy.stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf)
    return absolute(statistics.sign_flip_p(values) or 0.0, expected.pvalue)


def holm(m: Material) -> float:
    """The closed test of Bonferroni: a hypothesis is rejected where every set that holds it is."""
    p = (np.array(_samples(m)[1]) % 0.05).tolist()
    index = range(len(p))
    sets = [s for size in range(1, len(p) + 1) for s in itertools.combinations(index, size)]
    closed = [max(min(1.0, len(s) * min(p[j] for j in s)) for s in sets if i in s) for i in index]
    return absolute(np.array(statistics.holm(p), float), np.array(closed))


CHECKS = (
    Check(
        measure="Welch's interval and test",
        against="SciPy",
        bound=1e-9,
        unit="relative",
        on="5 and 7 values",
        deviation=welch,
    ),
    Check(
        measure="Interval over seeds",
        against="SciPy",
        bound=1e-9,
        unit="relative",
        on="5 values",
        deviation=student,
    ),
    Check(
        measure="Sign-flip test",
        against="SciPy's permutation test",
        bound=1e-9,
        unit="",
        on="7 values",
        deviation=sign_flips,
    ),
    Check(
        measure="Holm",
        against="the closed test of Bonferroni",
        bound=1e-9,
        unit="",
        on="7 values",
        deviation=holm,
    ),
)
