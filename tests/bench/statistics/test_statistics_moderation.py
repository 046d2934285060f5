import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from bench.statistics import moderation

VARIANCES = st.lists(st.floats(0, 1e6), min_size=1, max_size=20)


def drawn(prior: float, k: int, freedom: int = 2) -> np.ndarray:
    generator = np.random.default_rng(0)
    truth = prior / generator.chisquare(prior, size=k) if prior < np.inf else np.ones(k)
    return truth * generator.chisquare(freedom, size=k) / freedom


@pytest.mark.parametrize("prior", [3, 8])
def test_of_many_the_prior_is_smyths(prior):
    """Solved here by bisection, with the half standard error that the prior is taken to be weaker by."""
    variances, freedom = drawn(prior, 100_000), np.full(100_000, 2.0)
    found, gained = moderation.moderated(variances, freedom)
    logs = np.log(variances) - special.digamma(1) + np.log(1)
    kurtosis = special.polygamma(3, 1) / special.polygamma(1, 1) ** 2 + 3
    doubt = 0.5 * special.polygamma(1, 1) * np.sqrt((kurtosis - 1) / 100_000)
    excess = logs.var(ddof=1) - special.polygamma(1, 1) + doubt
    solved = 2 * optimize.brentq(lambda x: special.polygamma(1, x) - excess, 0.1, 100)
    assert 2 * gained == pytest.approx(solved, rel=0.01)
    assert solved == pytest.approx(prior, rel=0.1)
    centre = np.exp(logs.mean() + special.digamma(solved / 2) - np.log(solved / 2))
    expected = (solved * centre + 2 * variances) / (solved + 2)
    np.testing.assert_allclose(found, np.maximum(expected, variances), rtol=0.01)


def test_those_that_are_alike_become_nearly_one():
    variances = drawn(np.inf, 300)
    found, gained = moderation.moderated(variances, np.full(300, 2.0))
    assert np.median(found) == pytest.approx(1, abs=0.15)
    assert found[variances < 1].std() < 0.2 * variances[variances < 1].std()
    assert gained > 4


def test_few_stand_for_themselves():
    variances = np.array([1.0, 4, 9, 1, 2, 3, 1])
    found, gained = moderation.moderated(variances, np.full(7, 2.0))
    assert found.tolist() == variances.tolist() and gained == 0


@given(VARIANCES)
def test_none_becomes_smaller_and_none_gains_more_than_all_others_have(values):
    variances = np.array(values)
    found, gained = moderation.moderated(variances, np.full(len(values), 2.0))
    assert (found >= variances).all() and np.isfinite(found).all()
    assert 0 <= gained <= len(values) - 1


def test_blocks_take_away_what_a_seed_does_to_all():
    rows = np.random.default_rng(0).normal(size=(4, 3))
    found = moderation.blocked_variances(rows + np.array([5.0, -7, 2]))
    np.testing.assert_allclose(found, moderation.blocked_variances(rows))
    whole = rows - rows.mean(axis=1, keepdims=True) - rows.mean(axis=0) + rows.mean()
    assert found.mean() == pytest.approx((whole**2).sum() / (3 * 2))  # that of a two-way table


def test_rows_that_do_not_vary_have_no_variance_though_rounding_says_so():
    assert moderation.blocked_variances(np.full((6, 3), 0.1)).tolist() == [0] * 6
