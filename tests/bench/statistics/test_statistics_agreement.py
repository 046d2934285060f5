"""Rank correlations against their definitions in loops."""

import itertools

import numpy as np
import pytest

from bench import statistics


def test_they_are_those_of_their_definitions():
    generator = np.random.default_rng(0)
    first = generator.permutation(12).astype(float)
    second = first + generator.normal(0, 3, 12)
    found = statistics.agreement(first, second)
    ranks = [np.array([(each < one).sum() for one in each]) for each in (first, second)]
    squares = ((ranks[0] - ranks[1]) ** 2).sum()
    assert found.spearman == pytest.approx(1 - 6 * squares / (12 * (12**2 - 1)))
    signs = [
        np.sign((first[i] - first[j]) * (second[i] - second[j]))
        for i, j in itertools.combinations(range(12), 2)
    ]
    assert found.kendall == pytest.approx(np.mean(signs))
    assert found.n == 12


def test_one_order_and_its_reverse_are_the_ends():
    same, reverse = (statistics.agreement([1, 2, 3, 4], each) for each in ([1, 4, 9, 16], [4, 3, 2, 1]))
    assert (same.spearman, same.kendall) == pytest.approx((1, 1))
    assert (reverse.spearman, reverse.kendall) == pytest.approx((-1, -1))


@pytest.mark.parametrize(("first", "second"), [([1, 2], [1, 2]), ([1, 1, 1], [1, 2, 3])])
def test_of_too_few_or_of_equals_there_is_none(first, second):
    assert statistics.agreement(first, second) is None


def test_lists_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="one length, received 3 and 2"):
        statistics.agreement([1, 2, 3], [1, 2])
