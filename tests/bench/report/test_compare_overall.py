"""`bench compare` over all configurations together: a shift that no single one shows."""

import dataclasses

import numpy as np

from bench.compare import formats, reading, verdicts
from bench.report.evidence.naming import settings_of

from .conftest import trial

KEYS = [tuple(settings_of(trial(latent_dim=size)).items()) for size in range(2, 22)]
NAMES = ("test_mse", "test_ssim")


def side(generator: np.random.Generator, factor: float = 1.0, count: int = 20) -> reading.Side:
    """Configurations with an error of 0.01 times their number, three seeds that scatter by 2 % of it."""
    values = {
        key: {
            name: dict(enumerate(0.01 * (i + 1) * (factor + 0.02 * generator.standard_normal(3))))
            for name in NAMES
        }
        for i, key in enumerate(KEYS[:count])
    }
    return reading.Side(name="", protocol=1, data={}, features={}, values=values, failed={})


def test_a_little_more_everywhere_is_told_though_no_single_configuration_shows_it():
    generator = np.random.default_rng(0)
    found = verdicts.compare(side(generator), side(generator, factor=1.015))
    alone = {one.verdict for one in found.changes if one.measure == "test_mse"}
    assert alone <= {"no difference shown", "consistent"}
    mse, _ = found.overall
    assert (mse.configuration, mse.verdict) == ("all 20 together", "worse")
    assert mse.difference.low < mse.after - mse.before < mse.difference.high
    assert found.is_worse(0.0) and found.is_worse(0.005) and not found.is_worse(0.05)
    assert formats.summary(found, 0.0).endswith("1 got worse, MSE over all configurations together.")
    assert "all 20 together" in formats.text(found, 0.0)


def test_of_runs_that_differ_by_chance_it_tells_of_few():
    generator = np.random.default_rng(1)
    told = [
        {one.verdict for one in verdicts.compare(side(generator), side(generator)).overall}
        != {"no difference shown"}
        for _ in range(100)
    ]
    assert np.mean(told) <= 0.1


def test_a_difference_that_turns_with_a_setting_is_said_to_depend_on_it():
    generator = np.random.default_rng(6)

    def run(turn: float) -> reading.Side:
        values = {}
        for key in KEYS:
            for rate, factor in ((0.001, 1 + turn), (0.003, 1 - turn)):
                settings = tuple({**dict(key), "learning_rate": rate}.items())
                drawn = 0.01 * (factor + 0.01 * generator.standard_normal(3))
                values[settings] = {"test_mse": dict(enumerate(drawn))}
        return reading.Side(name="", protocol=1, data={}, features={}, values=values, failed={})

    found = verdicts.compare(run(0.0), run(0.1))
    (mse,) = found.overall
    assert (mse.verdict, mse.cause) == ("depends on", "learning rate")
    assert "depends on learning rate" in formats.text(found, 0.0).replace("\N{NO-BREAK SPACE}", " ")
    assert verdicts.compare(run(0.0), run(0.0)).overall[0].verdict == "no difference shown"


def test_too_few_configurations_for_a_verdict_have_none():
    generator = np.random.default_rng(2)
    assert verdicts.compare(side(generator, count=5), side(generator, factor=2, count=5)).overall == ()


def test_one_seed_that_both_have_is_no_ground_for_a_verdict():
    generator = np.random.default_rng(4)
    before, after = side(generator), side(generator, factor=2)
    alone = {
        key: {name: {0: seeds[0]} for name, seeds in measures.items()}
        for key, measures in after.values.items()
    }
    assert verdicts.compare(before, dataclasses.replace(after, values=alone)).overall == ()


def test_data_sets_stand_apart_and_backends_together():
    generator = np.random.default_rng(5)

    def both(factor: float) -> reading.Side:
        values = {
            tuple({**dict(key), "dataset": name, "backend": backend}.items()): measures
            for name, shift in (("digits", factor), ("mnist", 1 / factor))
            for backend in ("torch", "jax")
            for key, measures in side(generator, factor=shift).values.items()
        }
        return dataclasses.replace(side(generator), values=values)

    found = verdicts.compare(both(1.0), both(1.1))
    told = [(one.configuration, one.measure, one.verdict) for one in found.overall]
    assert told == [
        ("all 20 together, digits", "test_mse", "worse"),
        ("all 20 together, MNIST", "test_mse", "better"),
        ("all 20 together, digits", "test_ssim", "better"),
        ("all 20 together, MNIST", "test_ssim", "worse"),
    ]
    low, high = found.overall[0].difference.low, found.overall[0].difference.high
    assert f"({low:.5f} to {high:.5f})" in formats.text(found, 0.0).replace("\N{NO-BREAK SPACE}", " ")


def test_a_run_held_against_itself_is_the_same():
    one = side(np.random.default_rng(3))
    found = verdicts.compare(one, one)
    assert {change.verdict for change in (*found.overall, *found.changes)} == {"same"}
    assert "-0" not in formats.text(found, 0.0).replace("\N{MINUS SIGN}", "-")
