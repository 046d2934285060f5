"""What the report says of each setting: its main effect, and how much of all differences it explains."""

import pytest

from bench.report import comparisons, findings_settings, influence, words
from bench.report.evidence import gather
from bench.result import Result

from .conftest import NBSP, MakeRun, ok, texts, trial

LARGEST = "Largest shares in all differences: "


def crossed(seeds: int = 3, wobble: float = 1e-5) -> list[Result]:
    """Latent size moves the test MSE by 0.01, the activation by 0.002, together they add up."""
    return [
        ok(
            trial(latent_dim=size, activation=activation, seed=seed),
            test_mse=0.03 - 0.01 * (size == 8) - 0.002 * (activation == "tanh") + wobble * (seed - 1),
        )
        for size in (2, 8)
        for activation in ("relu", "tanh")
        for seed in range(seeds)
    ]


def test_main_effect_is_the_mean_difference_from_the_most_common_value(make_run: MakeRun) -> None:
    found = gather(make_run([*crossed(), ok(trial(latent_dim=8, learning_rate=0.1))]))
    (sweep,) = (one for one in comparisons.sweeps(found) if one.axis == "latent_dim")
    table = influence.effect_table(sweep, found.base)
    assert table is not None and table.caption == f"Main effect against latent{NBSP}8, all else equal"
    row = texts(table)[0]
    assert (row[0], row[1].split()[0], row[2], row[3]) == ("2", "0.01000", "2", "< 0.001")


def test_main_effect_of_one_seed_has_no_interval(make_run: MakeRun) -> None:
    found = gather(make_run(crossed(seeds=1)))
    table = influence.effect_table(comparisons.sweeps(found)[0], found.base)
    assert texts(table)[0][1:4] == [f"{words.MINUS}0.01000", "2", words.NONE]
    assert table is not None and table.note == "One seed: no interval can be given."


def test_importance_is_the_share_of_the_variance(make_run: MakeRun) -> None:
    shares = influence.importance(gather(make_run(crossed())), "test_mse")
    assert list(shares) == ["latent_dim", "activation", "seed"]
    assert shares["latent_dim"] / shares["activation"] == pytest.approx(25, rel=1e-3)
    total = 0.005**2 + 0.001**2 + 1e-10
    assert shares["seed"] == pytest.approx(1e-10 / total, rel=1e-3)
    assert sum(shares.values()) == pytest.approx(1)


def test_models_and_architectures_are_settings_too(make_run: MakeRun) -> None:
    results = [
        ok(trial(model=model, architecture=architecture, seed=seed), test_mse=0.02 + extra + 1e-6 * seed)
        for model, more in (("ae", 0.0), ("vae", 0.01))
        for architecture, extra in (("dense", more), ("conv", more + 0.001))
        for seed in range(2)
    ]
    table = influence.importance_table(gather(make_run(results)), "digits")
    assert [row[0] for row in texts(table)] == ["Model", "Architecture", "Seed"]
    assert [row[1] for row in texts(table)] == ["2", "2", words.NONE]


def test_setting_that_matters_most_is_named_with_its_share(make_run: MakeRun) -> None:
    found = findings_settings.largest_effect(gather(make_run(crossed())), "digits")
    assert found is not None and found.lead == f"{LARGEST}latent size 96{NBSP}%, activation 3.8{NBSP}%."
    assert f"latent size 96{NBSP}%, activation 3.8{NBSP}%, seed 0.0{NBSP}%" in found.text


def test_settings_that_seeds_explain_are_no_answer(make_run: MakeRun) -> None:
    found = findings_settings.largest_effect(gather(make_run(crossed(wobble=0.05))), "digits")
    assert (
        found is not None
        and found.lead == "Which setting has the largest share in all differences cannot be told."
    )


def test_settings_of_one_seed_are_told_with_a_warning(make_run: MakeRun) -> None:
    found = findings_settings.largest_effect(gather(make_run(crossed(seeds=1))), "digits")
    assert found is not None and "With one seed, chance is part of them." in found.text


def best_of_activations(make_run: MakeRun, by_size: dict[int, tuple[float, float]], wobble: float) -> str:
    """What is said of the activation, with the test MSE of relu and tanh for each latent size."""
    results = [
        ok(trial(latent_dim=size, activation=name, seed=seed), test_mse=mse + wobble * (seed - 1))
        for size, pair in by_size.items()
        for name, mse in zip(("relu", "tanh"), pair, strict=True)
        for seed in range(3)
    ]
    sweeps = comparisons.sweeps(gather(make_run(results)))
    (found,) = (findings_settings.along_axis(sweep) for sweep in sweeps if sweep.axis == "activation")
    assert found is not None
    return found.lead


def test_best_value_depends_on_other_settings_only_where_intervals_reverse_it(make_run: MakeRun) -> None:
    reversed_by_size = {2: (0.03, 0.02), 8: (0.01, 0.02)}
    depends = "Activation: which value has the lowest MSE depends on the other settings."
    assert best_of_activations(make_run, reversed_by_size, 1e-4) == depends
    chance = (
        "Activation: lines differ in which value has the lowest MSE, but none contradicts another beyond "
        "chance."
    )
    assert best_of_activations(make_run, reversed_by_size, 0.02) == chance
    one_is_sure = {2: (0.03, 0.02), 8: (0.01, 0.01001)}
    assert best_of_activations(make_run, one_is_sure, 1e-4) == chance
