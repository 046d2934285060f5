import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from bench import statistics

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 3), (3, 9)])
def test_difference_and_its_p_are_those_of_welch_in_scipy(sizes):
    generator = np.random.default_rng(sum(sizes))
    first, second = (generator.normal(5, scale, n).tolist() for n, scale in zip(sizes, (1, 4), strict=True))
    expected = stats.ttest_ind(first, second, equal_var=False)
    low, high = expected.confidence_interval(0.95)
    found = statistics.mean_difference([(first, second)])
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high), rel=1e-9)
    interval = statistics.difference(first, second)
    assert (interval.low, interval.high, interval.n) == (
        found.difference.low,
        found.difference.high,
        min(sizes),
    )


def test_interval_over_lines_covers_in_95_of_100_cases_though_lines_differ_and_vary_unalike():
    """Four lines of three seeds: effects and standard deviations differ from line to line."""
    generator = np.random.default_rng(0)
    effects, scales = np.array([1.0, 2.0, 3.0, 10.0]), np.array([0.1, 1.0, 1.0, 3.0])
    covered = []
    for _ in range(3000):
        first = effects[:, None] + generator.normal(size=(4, 3)) * scales[:, None]
        second = generator.normal(size=(4, 3)) * scales[::-1, None]
        found = statistics.mean_difference(zip(first.tolist(), second.tolist(), strict=True)).difference
        covered.append(found.low <= effects.mean() <= found.high)
    assert 0.94 <= np.mean(covered) <= 0.97


def test_pairs_with_one_seed_are_left_out_where_others_have_two():
    found = statistics.mean_difference([([1.0, 1.2], [0.0, 0.1]), ([100.0], [0.0, 1.0])])
    assert found.difference.n == 1
    assert found.difference.mean == pytest.approx(1.05)


def test_one_seed_gives_a_mean_and_neither_interval_nor_test():
    found = statistics.mean_difference([([1.0], [0.0]), ([2.0], [0.0])])
    assert (found.difference.mean, found.difference.low, found.difference.high, found.p) == (
        1.5,
        None,
        None,
        None,
    )
    assert statistics.mean_difference([([], [1.0])]).difference.mean is None


def test_values_that_do_not_vary_are_equal_or_tell_nothing():
    """Accuracies of few images are often the same for two seeds, and not because seeds do not matter."""
    equal = statistics.mean_difference([([1.0, 1.0], [1.0, 1.0])])
    assert equal.p == 1 and (equal.difference.low, equal.difference.high) == (0, 0)
    different = statistics.mean_difference([([0.1] * 3, [1.1] * 3)])  # three times 0.1 is not quite 0.3
    assert different.p is None and different.difference.low is None
    assert different.difference.mean == pytest.approx(-1)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_exchanging_the_sides_changes_the_sign_and_nothing_else(pairs):
    one, other = statistics.mean_difference(pairs), statistics.mean_difference([(b, a) for a, b in pairs])
    assume(one.p is not None)
    assert one.p == pytest.approx(other.p)
    assert 0 <= one.p <= 1
    scale = 1e-9 * (1 + max(abs(value) for pair in pairs for side in pair for value in side))
    assert one.difference.mean == pytest.approx(-other.difference.mean, abs=scale)
    assert one.difference.low == pytest.approx(-other.difference.high, abs=scale)
    assert one.difference.low <= one.difference.mean <= one.difference.high


@given(VALUES, VALUES)
def test_interval_leaves_out_zero_where_p_is_below_5_percent(first, second):
    found = statistics.mean_difference([(first, second)])
    if found.p is not None and abs(found.p - 0.05) > 1e-6:
        assert found.difference.excludes_zero == (found.p < 0.05)


def test_one_more_is_students_prediction_interval_and_covers():
    generator = np.random.default_rng(3)
    others = generator.normal(5, 2, 4).tolist()
    scale = np.std(others, ddof=1) * math.sqrt(1 + 1 / 4)
    found = statistics.one_more(others, 6.5)
    change = 6.5 - np.mean(others)
    assert found.difference.mean == pytest.approx(change)
    margin = stats.t.ppf(0.975, 3) * scale
    assert (found.difference.low, found.difference.high) == pytest.approx((change - margin, change + margin))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(change) / scale, 3))
    drawn = generator.normal(size=(2000, 4))
    p = np.array([statistics.one_more(row[:3].tolist(), row[3]).p for row in drawn])
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.015)


def test_one_more_of_a_single_value_or_of_equal_ones_tells_nothing():
    assert statistics.one_more([1.0], 2.0).p is None
    assert statistics.one_more([1.0, 1.0], 2.0).p is None
    assert statistics.one_more([1.0, 1.0], 1.0).p == 1
