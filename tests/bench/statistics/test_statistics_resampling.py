import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench import statistics

DIFFERENCES = st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=12)


def draws(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


# --- test -----------------------------------------------------------------------------------------------


def test_p_is_the_share_of_all_signs_by_hand():
    """1 + 2 + 4: of eight sums of signed values, two lie as far out as 7, four as far out as 5."""
    assert statistics.sign_flip_p([1.0, 2.0, 4.0]) == 2 / 8
    assert statistics.sign_flip_p([-1.0, 2.0, 4.0]) == 4 / 8
    assert statistics.sign_flip_p([2.0, -2.0]) == 1


@pytest.mark.parametrize("n", [2, 5, 10, 13])
def test_p_is_that_of_scipy(n):
    values = draws(n, n) + 0.5
    expected = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf
    ).pvalue
    assert statistics.sign_flip_p(values.tolist()) == pytest.approx(expected, abs=1e-12)


def test_ties_count_although_they_are_added_in_another_order():
    values = [0.1, 0.2, 0.3, -0.6, 0.7, 0.1]
    sums = [sum(round(10 * v) * s for v, s in zip(values, signs, strict=True)) for signs in all_signs(6)]
    assert statistics.sign_flip_p(values) == np.mean([abs(total) >= 8 for total in sums])


def all_signs(n):
    return itertools.product((1, -1), repeat=n)


def test_p_of_drawn_signs_is_near_that_of_all():
    values = draws(17, 3) + 0.7
    sums = np.array(list(all_signs(17))) @ values
    exact = np.mean(np.abs(sums) >= abs(values.sum()) - 1e-9)
    found = statistics.sign_flip_p(values.tolist())
    assert 0.01 < exact < 0.5
    assert found == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9_999))


@pytest.mark.parametrize("n", [6, 9, 20])
def test_p_is_below_5_percent_in_5_of_100_cases_at_most_where_sides_are_equal(n):
    """Pairs that vary very differently, as those of a grid do."""
    scales = np.geomspace(0.1, 10, n)
    p = np.array([statistics.sign_flip_p((row * scales).tolist()) for row in draws((1500, n), n)])
    for level in (0.05, 0.2):
        assert np.mean(p <= level) <= level + 3 * math.sqrt(level * (1 - level) / len(p))
    assert np.mean(p <= 0.2) > 0.12


def test_p_finds_a_difference():
    found = [statistics.sign_flip_p((row + 1).tolist()) for row in draws((300, 20), 5)]
    assert np.mean(np.array(found) < 0.05) > 0.95


@pytest.mark.parametrize("n", [1, 5, 6, 16, 40])
def test_smallest_p_is_reached_by_values_of_one_sign_far_from_zero(n):
    assert statistics.sign_flip_p([1.0 + i for i in range(n)]) == pytest.approx(statistics.smallest_p(n))
    assert (statistics.smallest_p(n) < 0.05) == (n >= statistics.FEWEST_PAIRS)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_values_that_are_not_finite_give_nothing(bad):
    values = [1.0, 2.0, 3.0, 4.0, 5.0, bad]
    assert statistics.sign_flip_p(values) is None
    assert statistics.bootstrap_interval(values).mean is None
    assert statistics.sign_flip_p([]) is None


# --- interval -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [6, 12, 40])
def test_interval_is_that_of_scipy_at_the_widened_level(n):
    values = draws(n, n)
    tail = stats.norm.cdf(math.sqrt(n / (n - 1)) * stats.t.ppf(0.025, n - 1))
    expected = stats.bootstrap(
        (values,),
        np.mean,
        confidence_level=1 - 2 * tail,
        method="percentile",
        n_resamples=200_000,
        batch=5_000,
    ).confidence_interval
    found = statistics.bootstrap_interval(values.tolist())
    assert (found.low, found.high) == pytest.approx(expected, abs=0.06 * values.std())


@pytest.mark.parametrize(("n", "least"), [(6, 0.925), (10, 0.93), (28, 0.935)])
def test_interval_covers_the_mean_of_normal_values(n, least):
    covered = [
        (i := statistics.bootstrap_interval(row.tolist())).low <= 0 <= i.high for row in draws((1000, n))
    ]
    assert least <= np.mean(covered) <= 0.975


def test_interval_covers_the_mean_of_skewed_values_less_often_as_the_report_says():
    drawn = np.random.default_rng(0).exponential(size=(1000, 10)) - 1
    covered = [(i := statistics.bootstrap_interval(row.tolist())).low <= 0 <= i.high for row in drawn]
    assert 0.88 <= np.mean(covered) <= 0.94


def test_fewer_than_six_pairs_give_a_mean_and_no_interval():
    found = statistics.bootstrap_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (found.mean, found.low, found.high, found.n) == (3.0, None, None, 5)


@given(DIFFERENCES)
def test_interval_lies_within_the_values_and_turns_with_their_sign(values):
    one = statistics.bootstrap_interval(values)
    other = statistics.bootstrap_interval([-value for value in values])
    scale = 1e-9 * (1 + max(map(abs, values)))
    assert min(values) - scale <= one.low <= one.high <= max(values) + scale
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=scale)
    assert statistics.sign_flip_p(values) == statistics.sign_flip_p([-value for value in values])


@given(DIFFERENCES)
def test_p_lies_between_the_smallest_and_one(values):
    assert statistics.smallest_p(len(values)) <= statistics.sign_flip_p(values) <= 1


# --- pairs ----------------------------------------------------------------------------------------------


def test_value_of_a_pair_is_the_mean_over_the_seeds_of_both():
    pairs = [({0: 3.0, 1: 5.0, 7: 100.0}, {1: 1.0, 0: 2.0}), ({0: 1.0, 1: 1.0}, {0: 1.0, 1: 0.0})]
    found = statistics.paired_difference(pairs)
    assert (found.difference.mean, found.difference.n) == (1.5, 2)
    assert found.p == 0.5


def test_pairs_without_two_matched_seeds_are_left_out_where_others_have_them():
    found = statistics.paired_difference([({0: 3.0, 1: 5.0}, {0: 1.0, 1: 1.0}), ({0: 9.0, 1: 1.0}, {1: 0.0})])
    assert (found.difference.mean, found.difference.n) == (3.0, 1)


def test_one_matched_seed_gives_a_mean_and_neither_interval_nor_test():
    found = statistics.paired_difference([({0: float(i), 1: 5.0}, {0: 0.0, 2: 0.0}) for i in range(9)])
    assert (found.difference.mean, found.difference.low, found.p) == (4.0, None, None)
    assert statistics.paired_difference([({0: 1.0}, {1: 1.0})]).difference.mean is None


def test_test_of_pairs_of_a_one_factor_grid_keeps_its_size():
    """Settings and seeds vary; given the setting, both sides are drawn from one distribution."""
    generator = np.random.default_rng(1)
    rejected = []
    for _ in range(600):
        level = generator.normal(size=14)[:, None]  # the setting: the same for both sides
        first, second = level + generator.normal(size=(2, 14, 3))
        pairs = [(dict(enumerate(a)), dict(enumerate(b))) for a, b in zip(first, second, strict=True)]
        rejected.append(statistics.paired_difference(pairs).p < 0.05)
    assert 0.02 < np.mean(rejected) < 0.08
