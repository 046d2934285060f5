import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench import statistics

SAMPLES = st.lists(st.dictionaries(st.integers(0, 9), st.floats(-100, 100), max_size=4), max_size=9)


def by_seed(rows) -> list[statistics.Values]:
    return [dict(enumerate(map(float, row))) for row in rows]


def around(*means: float, seeds: int = 3, scale: float = 0.01) -> list[statistics.Values]:
    noise = np.random.default_rng(0).normal(scale=scale, size=(len(means), seeds))
    return by_seed(np.array(means)[:, None] + noise)


def test_places_far_apart_are_certain_and_groups_of_their_own():
    found = statistics.standings(around(30, 10, 20))
    assert [(s.rank, s.low, s.high, s.group) for s in found] == [(3, 3, 3, 3), (1, 1, 1, 1), (2, 2, 2, 2)]


def test_places_that_seeds_explain_are_one_group():
    found = statistics.standings(around(10, 10.001, 20, 20.001))
    assert [s.group for s in found] == [1, 1, 2, 2]
    assert [(s.low, s.high) for s in found] == [(1, 2), (1, 2), (3, 4), (3, 4)]


def test_of_few_told_apart_is_what_welch_in_scipy_says_after_holm_over_all_pairs():
    samples = around(1, 1.02, 1.05, 1.2, 2, scale=0.02)
    means = [float(np.mean([*values.values()])) for values in samples]
    pairs = [*itertools.combinations(range(5), 2)]
    raw = [stats.ttest_ind(*([*samples[i].values()] for i in pair), equal_var=False).pvalue for pair in pairs]
    told = {pair for pair, p in zip(pairs, statistics.holm(raw), strict=True) if p < 0.05}
    assert 0 < len(told) < 10
    for i, found in enumerate(statistics.standings(samples)):
        apart = [j for j in range(5) if tuple(sorted((i, j))) in told]
        assert found.low == 1 + sum(means[j] < means[i] for j in apart)
        assert found.high == 5 - sum(means[j] > means[i] for j in apart)


def test_what_a_seed_does_to_all_alike_hides_no_difference():
    samples = around(*range(8), scale=0.05)
    seeds = np.random.default_rng(1).normal(scale=10, size=3)
    shifted = [{seed: value + seeds[seed] for seed, value in values.items()} for values in samples]
    assert statistics.standings(shifted) == statistics.standings(samples)
    assert {place.high - place.low for place in statistics.standings(samples)} == {0}


def test_truly_best_is_in_the_first_group_in_95_of_100_runs_though_the_lowest_is_another():
    """Ten that are equal, or nearly: the lowest of them is chosen by the values it is then compared by."""
    for effects in (np.zeros(10), np.linspace(0, 1, 10)):
        draws = effects[:, None] + np.random.default_rng(0).normal(size=(700, 10, 5))
        found = [statistics.standings(by_seed(run))[0] for run in draws]
        assert np.mean([best.group == 1 for best in found]) >= 0.95
        assert np.mean([best.rank == 1 for best in found]) < 0.5


def test_all_intervals_of_ranks_hold_at_once_in_95_of_100_runs():
    truth = np.array([0.0, 1, 5, 20, 21, 40, 80])
    draws = truth[:, None] + np.random.default_rng(0).normal(size=(600, 7, 4))
    runs = [statistics.standings(by_seed(run)) for run in draws]
    held = [all(s.low <= i + 1 <= s.high for i, s in enumerate(run)) for run in runs]
    assert np.mean(held) >= 0.95
    assert np.mean([run[6].low == 7 for run in runs]) > 0.7


def test_group_one_is_of_those_that_may_come_first():
    samples = around(*np.linspace(1, 1.3, 20), scale=0.03)
    found = statistics.standings(samples)
    assert [s.group == 1 for s in found] == [s.low == 1 for s in found]
    assert {1, 2} <= {s.group for s in found}


def test_one_seed_gives_a_place_and_neither_interval_nor_group():
    found = statistics.standings(by_seed([[2.0], [1.0], []]))
    assert [s and (s.rank, s.low, s.high, s.group) for s in found] == [
        (2, None, None, None),
        (1, None, None, None),
        None,
    ]


def test_one_seed_beside_others_may_have_any_place():
    found = statistics.standings([*around(10, 20), {0: 15.0}])
    assert [(s.rank, s.low, s.high, s.group) for s in found] == [
        (1, 1, 2, 1),
        (3, 2, 3, 2),
        (2, None, None, None),
    ]


def test_values_that_do_not_vary_tell_nothing_apart():
    found = statistics.standings(by_seed([[0.1] * 3, [0.1] * 3, [1.1] * 3] * 3))
    assert [(s.rank, s.group) for s in found] == [(1, 1), (1, 1), (7, 1)] * 3


@given(SAMPLES)
def test_place_lies_within_its_interval_and_within_the_number_of_places(samples):
    found = statistics.standings(samples)
    count = sum(bool(values) for values in samples)
    assert [s is None for s in found] == [not values for values in samples]
    for s in found:
        if s is not None:
            assert 1 <= s.rank <= count
            assert s.low is None or 1 <= s.low <= s.rank <= s.high <= count


@given(SAMPLES)
def test_groups_are_numbered_without_gaps_from_the_best(samples):
    found = [s for s in statistics.standings(samples) if s is not None and s.group is not None]
    groups = {s.group for s in found}
    assert groups == set(range(1, len(groups) + 1))
    firsts = [min(s.rank for s in found if s.group == group) for group in sorted(groups)]
    assert firsts == sorted(firsts)
