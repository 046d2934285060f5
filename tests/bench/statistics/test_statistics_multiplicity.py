import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench import statistics

P = st.lists(st.floats(0, 1), min_size=1, max_size=6)


def test_adjusted_values_are_those_worked_out_by_hand():
    """Sorted, times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04; and the last not below the one before it."""
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_test_that_was_not_made_does_not_count():
    assert statistics.holm([0.02, None, 0.5]) == [0.04, None, 0.5]
    assert statistics.holm([None]) == [None]
    assert statistics.holm([]) == []


@given(P)
def test_adjusted_values_are_those_of_the_closed_test_of_bonferroni(p):
    """Holm is the shortcut of this: a hypothesis is rejected where every set that holds it is."""
    index = range(len(p))
    subsets = [s for size in range(1, len(p) + 1) for s in itertools.combinations(index, size)]
    closed = [max(min(1.0, len(s) * min(p[j] for j in s)) for s in subsets if i in s) for i in index]
    assert statistics.holm(p) == pytest.approx(closed)


@given(P)
def test_adjusted_values_lie_between_raw_and_bonferroni_and_keep_the_order(p):
    adjusted = np.array(statistics.holm(p))
    assert (adjusted >= np.array(p)).all() and (adjusted <= np.minimum(1, len(p) * np.array(p))).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


@given(P)
def test_adjusted_values_are_no_smaller_than_those_of_false_discovery(p):
    assert (np.array(statistics.holm(p)) >= stats.false_discovery_control(p) - 1e-12).all()


def test_any_false_rejection_happens_in_5_of_100_tables():
    tables = np.random.default_rng(0).uniform(size=(3000, 8))
    assert np.mean([min(statistics.holm(table.tolist())) < 0.05 for table in tables]) == pytest.approx(
        0.05, abs=0.012
    )
