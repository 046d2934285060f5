"""What the report says of each setting: its main effect, and how far its values move a measure."""

from bench.keeping.result import Result
from bench.report import words
from bench.report.evidence import comparisons, gather
from bench.report.findings import about_settings, influence

from .conftest import NBSP, MakeRun, ok, texts, trial

FARTHEST = "What moves the MSE after 10 epochs farthest: "


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
    assert (
        table is not None
        and table.caption == f"Main effect against latent{NBSP}8 after 10 epochs, all else equal"
    )
    row = texts(table)[0]
    assert (row[0], row[1].split()[0], row[2], row[3]) == ("2", "+53", "2", "< 0.001")


def test_main_effect_of_one_seed_has_no_interval(make_run: MakeRun) -> None:
    found = gather(make_run(crossed(seeds=1)))
    table = influence.effect_table(comparisons.sweeps(found)[0], found.base)
    assert texts(table)[0][1:4] == [f"{words.MINUS}35 %", "2", words.NONE]
    assert table is not None and table.note == "One seed: no interval can be given."


def test_a_range_goes_from_the_lowest_change_to_the_highest(make_run: MakeRun) -> None:
    """Sizes 2, 8 and 16 of a line, against 8, which most lines have."""
    more = [ok(trial(latent_dim=16, seed=seed), test_mse=0.01) for seed in range(3)]
    other = [ok(trial(latent_dim=8, optimizer="adamw", seed=seed), test_mse=0.021) for seed in range(3)]
    found = influence.ranges(gather(make_run([*crossed(), *more, *other])), "test_mse")
    assert list(found) == ["latent_dim", "activation", "optimizer"]
    minus = words.MINUS
    assert str(found["latent_dim"]).replace(NBSP, " ") == (
        f"{minus}50 % ({minus}50 % to {minus}50 %) at 16 to +53 % (+53 % to +53 %) at 2"
    )
    assert str(found["activation"]).replace(NBSP, " ").startswith(f"{minus}8.3 % ({minus}8.")
    assert str(found["optimizer"]).replace(NBSP, " ").startswith("+5.0 % (")
    accuracy = influence.ranges(gather(make_run([*crossed(), *more, *other])), "latent_knn_accuracy")
    assert str(accuracy["activation"]).replace(NBSP, " ").startswith("+0.0 points")


def test_models_and_architectures_are_settings_too(make_run: MakeRun) -> None:
    results = [
        ok(trial(model=model, architecture=architecture, seed=seed), test_mse=0.02 + extra + 1e-6 * seed)
        for model, more in (("ae", 0.0), ("vae", 0.01))
        for architecture, extra in (("dense", more), ("conv", more + 0.001))
        for seed in range(2)
    ]
    table = influence.range_table(gather(make_run(results)), "digits")
    assert [row[0] for row in texts(table)] == ["Model", "Architecture"]
    assert [row[1:3] for row in texts(table)] == [["AE", "2"], ["dense", "2"]]
    assert table is not None and "hangs on which values the grid tries" in table.note


def test_setting_that_moves_most_is_named_with_its_range_and_what_it_hangs_on(make_run: MakeRun) -> None:
    found = about_settings.largest_effect(gather(make_run(crossed())), "digits")
    minus = words.MINUS
    ranges = (
        f"latent size {minus}35 % ({minus}35 % to {minus}34 %) at 8; "
        f"activation {minus}8.3 % ({minus}8.4 % to {minus}8.3 %) with tanh."
    )
    assert found is not None and found.lead.replace(NBSP, " ") == FARTHEST.replace(NBSP, " ") + ranges
    assert "hangs on which values the grid tries" in found.text
    assert "share" not in (found.lead + found.text).lower() and "interval" not in found.text


def test_settings_that_seeds_explain_are_no_answer(make_run: MakeRun) -> None:
    found = about_settings.largest_effect(gather(make_run(crossed(wobble=0.05))), "digits")
    assert found is not None
    assert found.lead == "Which setting moves the MSE after 10 epochs farthest cannot be told."


def test_what_a_setting_does_is_said_with_the_epochs_that_it_had(make_run: MakeRun) -> None:
    long = [
        ok(trial(latent_dim=2, activation="tanh", epochs=40)),
        ok(trial(latent_dim=8, activation="tanh", epochs=40)),
    ]
    evidence = gather(make_run([*crossed(), *long]))
    (sweep, *_) = comparisons.sweeps(evidence)
    found = about_settings.along_axis(sweep)
    assert found is not None and found.text.startswith("MSE after 10 to 40 epochs with all else equal.")
    (epochs,) = (sweep for sweep in comparisons.sweeps(evidence) if sweep.axis == "epochs")
    found = about_settings.along_axis(epochs)
    assert found is not None and found.text.startswith("MSE with all else equal.")


def test_settings_of_one_seed_are_told_with_a_warning(make_run: MakeRun) -> None:
    found = about_settings.largest_effect(gather(make_run(crossed(seeds=1))), "digits")
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
    (found,) = (about_settings.along_axis(sweep) for sweep in sweeps if sweep.axis == "activation")
    assert found is not None
    return found.lead


def test_best_value_depends_on_other_settings_only_where_intervals_reverse_it(make_run: MakeRun) -> None:
    reversed_by_size = {2: (0.03, 0.02), 8: (0.01, 0.02)}
    depends = "Which activation has the lowest error depends on the other settings."
    assert best_of_activations(make_run, reversed_by_size, 1e-4) == depends
    chance = "No difference between relu and tanh is told."
    assert best_of_activations(make_run, reversed_by_size, 0.02) == chance
    one_is_sure = {2: (0.03, 0.02), 8: (0.01, 0.01001)}
    told = "Tanh is never worse; relu is, on some lines."
    assert best_of_activations(make_run, one_is_sure, 1e-4) == told


def along_sizes(make_run: MakeRun, by_model: dict[str, tuple[float, ...]], wobble: float = 1e-5) -> str:
    """What is said of the latent size, with the test MSE of each model at 2, 4, 8 and 16."""
    results = [
        ok(trial(model=model, latent_dim=2 ** (place + 1), seed=seed), test_mse=mse + wobble * (seed - 1))
        for model, errors in by_model.items()
        for place, mse in enumerate(errors)
        for seed in range(3)
    ]
    (found,) = (
        about_settings.along_axis(sweep)
        for sweep in comparisons.sweeps(gather(make_run(results)))
        if sweep.axis == "latent_dim"
    )
    assert found is not None
    return found.headline


def test_a_sweep_says_what_more_of_it_does_and_for_whom(make_run: MakeRun) -> None:
    falling, stopping = (0.08, 0.04, 0.02, 0.01), (0.08, 0.04, 0.02, 0.02)
    both = {"ae": falling, "vae": stopping}
    assert along_sizes(make_run, both) == "A larger code keeps helping the AE; the VAE stops at 8."
    assert along_sizes(make_run, {"ae": falling[::-1]}) == "A larger code hurts the AE."
    noisy = along_sizes(make_run, {"ae": (0.02, 0.0201, 0.0199, 0.02)}, wobble=5e-3)
    assert noisy == "A larger code changes nothing that is told for the AE."
