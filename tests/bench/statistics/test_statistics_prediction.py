"""The interval in which the mean of more seeds lies."""

import numpy as np
import pytest
from scipy import stats

from bench import statistics


@pytest.mark.parametrize(("n", "k"), [(2, 1), (3, 1), (3, 3), (5, 2)])
def test_as_often_as_it_says_the_mean_of_more_is_foreseen(n, k):
    generator = np.random.default_rng(n + 10 * k)
    draws = generator.standard_normal((4000, n + k))
    share = np.mean([statistics.is_foreseen(one[:n].tolist(), one[n:].tolist()) for one in draws])
    assert share == pytest.approx(0.95, abs=0.015)


def test_the_edge_is_that_of_the_prediction_interval():
    seen, reach = [1.0, 2.0, 4.0], stats.t.ppf(0.975, 2) * np.std([1, 2, 4], ddof=1) * np.sqrt(1 / 3 + 1 / 2)
    for sign in (-1, 1):
        edge = np.mean(seen) + sign * reach
        assert statistics.is_foreseen(seen, [edge - sign * 1e-6] * 2)
        assert not statistics.is_foreseen(seen, [edge + sign * 1e-6] * 2)
    one = statistics.one_more(seen, float(np.mean(seen) + reach * np.sqrt((4 / 3) / (5 / 6))))
    assert one.p == pytest.approx(0.05)


def test_of_one_seed_or_of_seeds_that_are_all_alike_nothing_is_foreseen():
    assert statistics.is_foreseen([1.0], [1.0]) is None
    assert statistics.is_foreseen([1.0, 1.0], [1.0]) is None
    assert statistics.is_foreseen([1.0, 2.0], []) is None
