import itertools

import numpy as np
import pytest
from scipy import stats

from bench import statistics


def grid(**levels):
    return [dict(zip(levels, values, strict=True)) for values in itertools.product(*levels.values())]


SETTINGS = grid(model=["ae", "vae"], size=[2, 4, 8], rate=[0.1, 0.2, 0.3], dataset=["digits"])


def measured(effect, scale: float, seeds: int = 3):
    generator = np.random.default_rng(0)
    return [{seed: effect(one) + scale * generator.normal() for seed in range(seeds)} for one in SETTINGS]


def test_shares_without_noise_are_those_of_the_closed_form():
    """z = a + 2 b + a b of independent a (-1, 1) and b (-1, 0, 1): variances 1, 8/3 and 2/3 of 13/3."""
    a, b = {"ae": -1.0, "vae": 1.0}, {2: -1.0, 4: 0.0, 8: 1.0}
    values = measured(lambda one: a[one["model"]] + 2 * b[one["size"]] + a[one["model"]] * b[one["size"]], 0)
    found = {part.names: part.share for part in statistics.anova(SETTINGS, values)}
    assert found[("size",)] == pytest.approx(8 / 13)
    assert found[("model",)] == pytest.approx(3 / 13)
    assert found[("model", "size")] == pytest.approx(2 / 13)
    assert [found[n] for n in found if "rate" in n] == pytest.approx([0, 0, 0], abs=1e-12)


def test_p_of_a_setting_of_two_values_is_that_of_a_two_way_regression():
    """By least squares on dummies of configurations and seeds, the F of one contrast."""
    values = measured(lambda one: 2 * (one["model"] == "ae"), 1.0)
    found = {part.names: part for part in statistics.anova(SETTINGS, values)}
    rows = np.array([[one[seed] for seed in range(3)] for one in values])
    rest = rows - rows.mean(axis=1, keepdims=True) - rows.mean(axis=0) + rows.mean()
    noise = (rest**2).sum() / (17 * 2)
    is_ae = np.array([one["model"] == "ae" for one in SETTINGS])
    gap = rows[is_ae].mean() - rows[~is_ae].mean()
    p = stats.f.sf(gap**2 / (noise * 4 / rows.size), 1, 34)
    raw = 6 * p  # the smallest of six, as it is here
    assert found[("model",)].p == pytest.approx(raw)


def test_of_noise_alone_no_setting_has_a_share():
    generator, told, shares = np.random.default_rng(1), [], []
    for _ in range(100):
        values = [dict(enumerate(generator.normal(size=3))) for _ in SETTINGS]
        found = statistics.anova(SETTINGS, values)
        told.append(any(statistics.is_told(part.p) for part in found))
    for _ in range(40):
        noisy = [{seed: float(one["size"]) + generator.normal() for seed in range(3)} for one in SETTINGS]
        shares.append({part.names: part.share for part in statistics.anova(SETTINGS, noisy)}[("model",)])
    assert np.mean(told) <= 0.1
    assert np.mean(shares) == pytest.approx(0, abs=0.01)


def test_one_seed_has_shares_and_no_test():
    found = statistics.anova(SETTINGS, measured(lambda one: one["size"], 0.1, seeds=1))
    assert found[0].names == ("size",) and {part.p for part in found} == {None}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SETTINGS, True),
        (SETTINGS[:-1], False),
        ([*SETTINGS, SETTINGS[0]], False),
        (SETTINGS[:3], False),
        ([], False),
    ],
    ids=["all", "one is missing", "one is there twice", "one setting", "none"],
)
def test_only_all_combinations_of_two_settings_are_factorial(settings, expected):
    assert statistics.is_factorial(settings) is expected
