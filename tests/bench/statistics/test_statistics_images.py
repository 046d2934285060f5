import numpy as np
import pytest
from scipy import stats

from bench import statistics


def errors(n: int = 400, factor: float = 1.05) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    second = generator.gamma(2, size=n)
    return factor * second * np.exp(0.1 * generator.normal(size=n)), second


def test_interval_of_a_ratio_is_that_of_scipys_paired_bootstrap():
    first, second = errors()
    found = statistics.ratio_over_images(first, second)
    expected = stats.bootstrap(
        (first, second),
        lambda a, b: np.log(a.mean() / b.mean()),
        paired=True,
        vectorized=False,
        n_resamples=999,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = expected.high - expected.low
    assert found.is_ratio and found.difference.mean == pytest.approx(np.log(first.mean() / second.mean()))
    assert found.difference.low == pytest.approx(expected.low, abs=0.1 * width)
    assert found.difference.high == pytest.approx(expected.high, abs=0.1 * width)


def test_pairing_makes_it_narrower_than_two_samples_would_be():
    first, second = errors()
    found = statistics.ratio_over_images(first, second).difference
    unpaired = statistics.ratio_over_images(first, np.roll(second, 1)).difference
    assert found.high - found.low < 0.2 * (unpaired.high - unpaired.low)


def test_interval_of_a_ratio_covers_in_95_of_100_cases():
    generator, held = np.random.default_rng(2), 0
    for _ in range(150):
        second = generator.gamma(2, size=300)
        first = second * np.exp(0.2 * generator.normal(size=300) - 0.02)  # a mean ratio of 1
        interval = statistics.ratio_over_images(first, second).difference
        held += interval.low <= 0 <= interval.high
    assert held / 150 >= 0.91


def test_mcnemar_is_the_binomial_test_of_images_that_one_side_tells_alone():
    generator = np.random.default_rng(0)
    first, second = generator.random(500) < 0.8, generator.random(500) < 0.75
    alone, other = int((first & ~second).sum()), int((second & ~first).sum())
    found = statistics.accuracy_over_images(first, second)
    assert found.p == pytest.approx(stats.binomtest(alone, alone + other).pvalue)
    difference = first.astype(float) - second
    error = difference.std() / np.sqrt(500)
    assert found.difference.mean == pytest.approx(difference.mean())
    assert found.difference.high - found.difference.mean == pytest.approx(stats.norm.ppf(0.975) * error)


def test_equal_sides_and_none_at_all_say_nothing():
    same = np.array([True, False, True])
    assert statistics.accuracy_over_images(same, same).p == 1
    assert statistics.accuracy_over_images(same[:0], same[:0]).p is None
    assert statistics.ratio_over_images(np.zeros(3), np.ones(3)).difference.mean is None
    assert statistics.ratio_over_images(np.array([np.nan, 1]), np.ones(2)).difference.mean is None


def test_error_of_an_accuracy_is_that_of_draws():
    drawn = np.random.default_rng(0).binomial(10_000, 0.8, size=4000) / 10_000
    assert statistics.error_over_images(0.8, 10_000) == pytest.approx(drawn.std(), rel=0.05)
