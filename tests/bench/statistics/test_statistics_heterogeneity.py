import numpy as np
import pytest
from scipy import stats

from bench import statistics
from bench.statistics import moderation


def pairs(rows: np.ndarray) -> list[statistics.Sides]:
    return [(dict(enumerate(row)), dict.fromkeys(range(len(row)), 0.0)) for row in rows.tolist()]


def test_p_is_welchs_of_1951_with_moderated_variances():
    rows = np.random.default_rng(0).normal(size=(8, 3)) + np.linspace(0, 2, 8)[:, None]
    variances, _ = moderation.moderated(moderation.blocked_variances(rows), np.full(8, 2.0))
    weights = 3 / variances
    centre = (weights * rows.mean(axis=1)).sum() / weights.sum()
    above = (weights * (rows.mean(axis=1) - centre) ** 2).sum() / 7
    tail = sum((1 - w / weights.sum()) ** 2 / 2 for w in weights)
    expected = stats.f.sf(above / (1 + 2 * 6 / 63 * tail), 7, 63 / (3 * tail))
    assert statistics.heterogeneity_p(pairs(rows)) == pytest.approx(expected)


def test_what_a_seed_does_to_all_pairs_is_no_part_of_it():
    rows = np.random.default_rng(0).normal(size=(8, 3))
    shifted = rows + np.array([10.0, -20, 5]) + 3
    assert statistics.heterogeneity_p(pairs(shifted)) == pytest.approx(
        statistics.heterogeneity_p(pairs(rows))
    )


def test_few_pairs_one_seed_or_no_spread_give_no_p():
    rows = np.random.default_rng(0).normal(size=(8, 3))
    assert statistics.heterogeneity_p(pairs(rows[:7])) is None
    assert statistics.heterogeneity_p(pairs(rows[:, :1])) is None
    assert statistics.heterogeneity_p(pairs(np.full((8, 3), 0.1))) is None


def test_the_setting_that_turns_it_is_named_with_its_groups():
    generator = np.random.default_rng(0)
    model = ["ae", "vae"] * 8
    differences = np.where(np.array(model) == "ae", -1.0, 2.0) + 0.1 * generator.normal(size=16)
    labels = {"latent_dim": list(generator.permutation(16) % 4), "model": model, "seedless": ["x"] * 16}
    found = statistics.cause(differences.tolist(), labels)
    assert found is not None and found.name == "model" and found.share > 0.95
    assert [value for value, _ in found.groups] == ["ae", "vae"]
    assert [mean for _, mean in found.groups] == pytest.approx([-1, 2], abs=0.1)


def test_of_labels_without_meaning_one_is_named_in_five_of_a_hundred_cases_at_most():
    generator = np.random.default_rng(0)
    labels = {str(groups): [i % groups for i in range(24)] for groups in (2, 3, 4, 6)}
    named = [statistics.cause(generator.normal(size=24).tolist(), labels) is not None for _ in range(150)]
    assert np.mean(named) <= 0.06


def test_settings_of_one_value_or_of_another_in_each_pair_explain_nothing():
    differences = [-1.0, 1, 2, -2, 3, -3]
    assert statistics.cause(differences, {"one": [1] * 6, "each": [1, 2, 3, 4, 5, 6]}) is None
