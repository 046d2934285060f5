import numpy as np
import pytest
from scipy import stats

from bench import statistics
from bench.statistics import moderation


def pairs(m: int, seeds: int = 3, scale: float = 1.0) -> list[statistics.Sides]:
    values = np.random.default_rng(0).normal(scale=scale, size=(2, m, seeds)).tolist()
    return [(dict(enumerate(a)), dict(enumerate(b))) for a, b in zip(*values, strict=True)]


def apart(pair: statistics.Sides) -> np.ndarray:
    return np.array([pair[0][seed] - pair[1][seed] for seed in pair[0]])


def test_few_are_welchs_in_scipy():
    for pair, found in zip(pairs(7), statistics.differences([[pair] for pair in pairs(7)]), strict=True):
        expected = stats.ttest_ind([*pair[0].values()], [*pair[1].values()], equal_var=False)
        assert found.p == pytest.approx(expected.pvalue)
        assert found.difference.low == pytest.approx(expected.confidence_interval().low)


def test_many_are_students_of_differences_by_seed_with_moderated_variances():
    given = pairs(12)
    variances = np.array([apart(pair).var(ddof=1) for pair in given])
    moderated, gained = moderation.moderated(variances, np.full(12, 2.0))
    for pair, variance, found in zip(
        given, moderated, statistics.differences([[pair] for pair in given]), strict=True
    ):
        mean, error = apart(pair).mean(), np.sqrt(variance / 3)
        assert found.p == pytest.approx(2 * stats.t.sf(abs(mean) / error, 2 + gained))
        low, high = stats.t.interval(0.95, 2 + gained, mean, error)
        assert (found.difference.low, found.difference.high) == pytest.approx((low, high))


def test_mean_over_a_group_adds_variances_up():
    given = pairs(12)
    moderated, gained = moderation.moderated(
        np.array([apart(pair).var(ddof=1) for pair in given]), np.full(12, 2.0)
    )
    first, *_ = statistics.differences([given[:4], given[4:]])
    parts = moderated[:4] / 3
    error = np.sqrt(parts.sum()) / 4
    freedom = parts.sum() ** 2 / (parts**2 / (2 + gained)).sum()
    mean = np.mean([apart(pair).mean() for pair in given[:4]])
    assert first.difference.mean == pytest.approx(mean) and first.difference.n == 4
    assert first.p == pytest.approx(2 * stats.t.sf(abs(mean) / error, freedom))


def test_what_a_seed_does_to_both_sides_is_no_noise():
    shifted = [
        ({s: v + 100 * s for s, v in a.items()}, {s: v + 100 * s for s, v in b.items()}) for a, b in pairs(8)
    ]
    plain, blocked = (statistics.differences([[pair] for pair in each]) for each in (pairs(8), shifted))
    assert [one.p for one in blocked] == pytest.approx([one.p for one in plain])


def test_one_seed_has_a_mean_alone_and_other_seeds_are_welchs():
    others = ({0: 1.0, 1: 2.0, 2: 4.0}, {3: 7.0, 4: 9.0, 5: 8.0})
    *_, single, unlike = statistics.differences([*([p] for p in pairs(8)), [({0: 2.0}, {0: 1.0})], [others]])
    assert (single.difference.mean, single.difference.low, single.p) == (1, None, None)
    expected = stats.ttest_ind([1, 2, 4], [7, 9, 8], equal_var=False)
    assert unlike.p == pytest.approx(expected.pvalue)


def test_without_any_spread_nothing_is_told():
    same, other = {0: 0.1, 1: 0.1, 2: 0.1}, {0: 0.3, 1: 0.3, 2: 0.3}
    found = statistics.differences([[(same, same)], *([(same, other)] for _ in range(7))])
    assert (found[0].p, found[0].difference.low) == (1, 0)
    assert {one.p for one in found[1:]} == {None}
