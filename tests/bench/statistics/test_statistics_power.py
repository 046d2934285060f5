"""What `docs/power.md` says, with fewer runs and wider bounds."""

import numpy as np
import pytest

from tests import power

ALIKE = power.SPREADS["all alike"]


@pytest.mark.parametrize("spread", power.SPREADS.values(), ids=power.SPREADS)
def test_of_60_equal_configurations_any_two_are_told_apart_in_5_of_100_tables_at_most(spread):
    generator = np.random.default_rng(1)
    wrong = [power.told_apart(power.drawn(generator, 60, 3, spread)).any() for _ in range(60)]
    assert np.mean(wrong) <= 0.1  # 6 of 60; of a method with 5 of 100, more than that in 3 of 100 tests


@pytest.mark.parametrize(("seeds", "runs"), [(3, 250), (5, 250)])
def test_of_28_equal_pairs_any_is_told_in_5_of_100_tables_at_most(seeds, runs):
    generator = np.random.default_rng(2)
    drawn = (tuple(power.drawn(generator, 28, seeds, ALIKE) for _ in range(2)) for _ in range(runs))
    assert np.mean([power.pairs_told(*both).any() for both in drawn]) <= 0.06


def test_before_some_two_of_60_equal_ones_were_told_apart_in_one_table_of_seven_or_more():
    generator = np.random.default_rng(3)
    wrong = [power.told_apart_before(power.drawn(generator, 60, 3, ALIKE)).any() for _ in range(60)]
    assert np.mean(wrong) > 0.14


@pytest.mark.parametrize(("seeds", "effect", "least"), [(3, 6, 0.4), (3, 10, 0.8), (5, 4, 0.6)])
def test_one_that_is_better_is_told_apart_from_59_as_often_as_is_said(seeds, effect, least):
    generator, found = np.random.default_rng(4), []
    for _ in range(25):
        rows = power.drawn(generator, 60, seeds, ALIKE)
        rows[0] -= effect
        found.append(power.told_apart(rows)[0] / 59)
    assert np.mean(found) > least


def test_a_pair_of_28_that_differs_is_told_four_times_as_often_as_before():
    generator = np.random.default_rng(5)
    sides = [tuple(power.drawn(generator, 28, 3, ALIKE) for _ in range(2)) for _ in range(25)]
    now, before = (
        np.mean([test(first + 4, second).mean() for first, second in sides])
        for test in (power.pairs_told, power.pairs_told_before)
    )
    assert now > 0.35 and now > 3 * before


@pytest.mark.parametrize("spread", power.SPREADS.values(), ids=power.SPREADS)
def test_pairs_that_are_alike_are_said_to_differ_in_5_of_100_cases_at_most(spread):
    generator = np.random.default_rng(6)
    assert np.mean([power.differs(generator, 12, 3, spread) for _ in range(150)]) <= 0.06


def test_pairs_that_differ_by_two_deviations_are_said_to():
    generator = np.random.default_rng(7)
    assert np.mean([power.differs(generator, 28, 3, ALIKE, effect=2) for _ in range(50)]) > 0.6
