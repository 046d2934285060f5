import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import statistics

SIZES = {"a": (0.0, 1.0, 5.0), "b": (0.0, 2.0), "c": (0.0, 0.0, 0.0)}


def lines(axis, values):
    """Lines along one axis of a full grid: `values` of each setting is that of its seeds."""
    others = [name for name in SIZES if name != axis]
    groups = itertools.product(*(range(len(SIZES[name])) for name in others))
    for fixed in groups:
        chosen = dict(zip(others, fixed, strict=True))
        yield [values[tuple({**chosen, axis: i}[name] for name in SIZES)] for i in range(len(SIZES[axis]))]


def grid(noise=0.0, seeds=2, product=0.0, seed=0):
    generator = np.random.default_rng(seed)
    made = {}
    for index in itertools.product(*(range(len(values)) for values in SIZES.values())):
        parts = [SIZES[name][i] for name, i in zip(SIZES, index, strict=True)]
        made[index] = (
            sum(parts) + product * parts[0] * parts[1] + noise * generator.normal(size=seeds)
        ).tolist()
    return made


def test_without_noise_it_is_the_variance_of_the_effects():
    values = grid()
    for axis, effects in SIZES.items():
        assert statistics.setting_variance(list(lines(axis, values))) == pytest.approx(np.var(effects))


def test_variances_of_settings_that_add_up_add_up_to_that_of_the_grid():
    values = grid()
    parts = [statistics.setting_variance(list(lines(axis, values))) for axis in SIZES]
    assert sum(parts) == pytest.approx(np.var([np.mean(v) for v in values.values()]))


def test_with_an_interaction_it_is_the_total_effect_of_sobol():
    """Expected variance along the axis given all others, which is what is left when these are known."""
    values = grid(product=0.7)
    table = np.array([np.mean(v) for v in values.values()]).reshape([len(v) for v in SIZES.values()])
    for position, axis in enumerate(SIZES):
        expected = table.var(axis=position).mean()
        assert statistics.setting_variance(list(lines(axis, values))) == pytest.approx(expected)


def test_noise_of_seeds_is_taken_off():
    """On average over runs, the setting that does nothing has nothing and that of two values its variance."""
    runs = [grid(noise=1.0, seeds=3, seed=seed) for seed in range(300)]
    found = np.mean([statistics.setting_variance(list(lines("b", run))) for run in runs])
    assert found == pytest.approx(1.0, abs=0.08)
    idle = np.mean([statistics.setting_variance(list(lines("c", run))) for run in runs])
    raw = np.mean([np.mean([np.var(np.mean(line, axis=1)) for line in lines("c", run)]) for run in runs])
    assert idle < 0.25 * raw
    chance = [statistics.seed_variance(list(run.values())) for run in runs]
    assert np.mean(chance) == pytest.approx(1.0, abs=0.03)


def test_noise_that_is_taken_off_is_that_of_means():
    """Two points of two seeds: variance 1 of their means, less a quarter of 0.5 / 2 twice."""
    line = [[-0.5, -1.5], [0.5, 1.5]]
    assert statistics.setting_variance([line]) == pytest.approx(1 - (0.25 + 0.25) / 4)


def test_one_seed_leaves_chance_in_it_and_has_no_variance_of_its_own():
    assert statistics.setting_variance([[[0.0], [2.0]]]) == 1
    assert statistics.seed_variance([[0.0], [2.0]]) is None


def test_lines_with_one_seed_are_left_out_where_others_have_two():
    assert statistics.setting_variance([[[0.0], [20.0]], [[0.0, 0.0], [2.0, 2.0]]]) == 1


def test_no_line_has_no_variance():
    assert statistics.setting_variance([]) is None
    assert statistics.setting_variance([[[1.0, 2.0]], [[1.0], []]]) is None


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1e6), max_size=5))
def test_shares_add_up_to_one_and_come_largest_first(variances):
    found = statistics.shares(variances)
    if sum(variances.values()) > 0:
        assert sum(found.values()) == pytest.approx(1)
        assert list(found.values()) == sorted(found.values(), reverse=True)
        assert set(found) == set(variances)
    else:
        assert found == {}
