"""Learning rates that change, and options of optimisers: each backend's own loop against `model.fit`."""

import inspect
import math
from collections.abc import Callable

import keras
import numpy as np
import pytest

from bench import errors
from bench.ask import axes, optimizers, schedules
from bench.ask.trial import Trial
from bench.training import fit, loops, stage
from bench.training import optimizers as made
from bench.training.loops.keras_loop import KerasLoop
from tests.bench.test_loops import BATCH, double_precision, trial
from tests.bench.test_training_contract import TwoStages, catalogued, small

__all__ = ["catalogued", "double_precision", "small"]  # fixtures

EPOCHS = 3
IMAGES = 2 * BATCH + 3  # three steps an epoch, the last of them small
STEPS = 3


def cosine(step: int) -> float:
    """The rate of a step, as a share of the first."""
    return (1 + math.cos(math.pi * step / (EPOCHS * STEPS))) / 2


def stepped(step: int) -> float:
    return {0: 1.0, 1: 0.3, 2: 0.01}[step // STEPS]


SCHEDULES = [("cosine", cosine), ("0.3@1 0.01@2", stepped)]


def chosen(**changes: object) -> Trial:
    options = {name: changes.pop(name) for name in tuple(changes) if name in axes.TRAINING}
    return trial("ae", architecture="dense", epochs=EPOCHS, options=tuple(options.items()), **changes)


def parts(digits) -> list[np.ndarray]:
    kind = keras.config.floatx()
    return [digits.train.images[:IMAGES].astype(kind), digits.validation.images[:BATCH].astype(kind)]


def orders() -> list[np.ndarray]:
    shuffler = np.random.default_rng(0)
    return [shuffler.permutation(IMAGES) for _ in range(EPOCHS)]


def trained(unit: Trial, digits, kind: Callable[..., loops.Loop] = loops.create) -> list[np.ndarray]:
    """Weights after three epochs, by the backend's own loop or another."""
    model = fit.build(unit, digits.image_shape, STEPS)
    loop = kind(model, *parts(digits), BATCH)
    for order in orders():
        loop.train(order)
    return model.get_weights()


def assert_equal(ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=2e-7)


@pytest.mark.parametrize("schedule", [schedule for schedule, _ in SCHEDULES])
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.usefixtures("double_precision")
def test_three_epochs_of_a_schedule_give_the_weights_of_fit_in_keras(digits, optimizer, schedule):
    unit = chosen(optimizer=optimizer, schedule=schedule)
    ours = trained(unit, digits)
    assert_equal(ours, trained(unit, digits, KerasLoop))
    constant = trained(chosen(optimizer=optimizer), digits)
    assert max(np.abs(a - b).max() for a, b in zip(ours, constant, strict=True)) > 1e-5  # it matters


@pytest.mark.parametrize(("schedule", "rate"), SCHEDULES)
def test_the_rate_of_every_step_is_that_of_the_formula(schedule, rate):
    given = made.learning_rate(schedule, 0.5, EPOCHS, STEPS)
    for step in range(EPOCHS * STEPS):
        assert float(given(step)) == pytest.approx(0.5 * rate(step), rel=1e-5)


def test_the_schedule_of_burda_is_told_as_it_is_published():
    ends = np.cumsum([3**stage for stage in range(8)])
    rates = [1e-4 * round(10 ** (1 - stage / 7), 1) for stage in range(8)]
    told = " ".join(f"{rate / 1e-3:.2g}@{end}" for rate, end in zip(rates[1:], ends, strict=False))
    assert ends[-1] == 3280
    assert told in schedules.__doc__
    assert schedules.canonical(told) == told
    given = made.learning_rate(told, 1e-3, 3280, 2)
    for epoch in (0, 1, 3, 4, 39, 40, 1092, 1093, 3279):
        stage = int(np.searchsorted(ends, epoch, side="right"))
        assert float(given(2 * epoch)) == pytest.approx(rates[stage], rel=1e-5)


def test_a_constant_rate_is_a_number_as_it_was():
    assert made.learning_rate("constant", 1e-3, EPOCHS, STEPS) == 1e-3


def test_a_next_stage_has_the_whole_schedule_again(small, catalogued):
    """Where the rate is all but 0 after the first epoch of each stage, the second changes nothing."""
    catalogued(TwoStages)
    fitted = fit.fit(trial("ae", epochs=2, batch_size=BATCH, options=(("schedule", "1e-12@1"),)), small)
    first, second = fitted.history[2:]
    assert [row["stage"] for row in (first, second)] == [2, 2]
    assert second["val_loss"] == pytest.approx(first["val_loss"], rel=1e-6)
    untrained = TwoStages(image_shape=small.image_shape, latent_dim=8, seed=fitted.model.seed).second
    for before, after in zip(untrained.get_weights(), fitted.model.second.get_weights(), strict=True):
        assert np.abs(after - before).max() > 1e-4


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("adam", "beta_1=0.5 beta_2=0.99 epsilon=0.001"),
        ("adam", "weight_decay=0.1"),
        ("adam", "clipnorm=0.01"),
        ("adam", "amsgrad=true global_clipnorm=0.1"),
        ("adamnormgrad", "beta_1=0.5 epsilon=0.01"),
        ("adamnormgrad", "weight_decay=0.1"),
        ("adamnormgrad", "clipvalue=0.001"),
        ("adamw", "weight_decay=0"),
        ("adamw", "weight_decay=0.1 clipvalue=0.001"),
        ("rmsprop", "centered=true momentum=0.5"),
        ("sgd", "momentum=0.9 nesterov=true"),
    ],
)
@pytest.mark.usefixtures("double_precision")
def test_options_of_an_optimiser_do_what_they_do_in_keras(digits, optimizer, options):
    unit = chosen(optimizer=optimizer, optimizer_options=options)
    ours = trained(unit, digits)
    assert_equal(ours, trained(unit, digits, KerasLoop))
    plain = trained(chosen(optimizer=optimizer), digits)
    assert max(np.abs(a - b).max() for a, b in zip(ours, plain, strict=True)) > 1e-6  # they matter


@pytest.mark.parametrize("optimizer", axes.OPTIMIZERS)
def test_the_known_options_are_the_arguments_of_keras_but_for_those_left_out(optimizer):
    of_keras = "adam" if optimizer == "adamnormgrad" else optimizer
    arguments = set(inspect.signature(made.kind(of_keras).__init__).parameters) - {"self"}
    assert set(optimizers.OPTIONS[optimizer]) == arguments - optimizers.LEFT_OUT


@pytest.mark.parametrize("optimizer", axes.OPTIMIZERS)
def test_keras_takes_every_option_with_a_value_and_a_schedule(optimizer):
    values = {"amsgrad": "true", "centered": "true", "nesterov": "true", "relative_step": "false"}
    values |= {"ns_steps": "3", "warmup_steps": "3", "learning_rate_power": "-0.5"}
    for option in optimizers.OPTIONS[optimizer]:
        text = f"{option}={values.get(option, '0.5')}"
        optimizers.check(optimizer, text)
        unit = chosen(optimizer=optimizer, optimizer_options=text, schedule="cosine")
        built = made.make(unit, STEPS)
        assert getattr(built, option) == optimizers.parse(text)[option]
        assert float(built.learning_rate) == pytest.approx(unit.learning_rate)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("constant", "constant"),
        ("cosine", "cosine"),
        ("1e-1@30   .010@60", "0.1@30 0.01@60"),
        ("1@1 0.72@4", "1@1 0.72@4"),
    ],
)
def test_a_schedule_is_written_in_one_way(text, canonical):
    assert schedules.canonical(text) == schedules.canonical(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            "linear",
            "schedule takes constant, cosine or factors after epochs, as 0.1@30 0.01@60, not 'linear'",
        ),
        (" ", "schedule takes constant"),
        ("0.1@60 0.01@30", "epochs that rise"),
        ("0.1@30 0.01@30", "epochs that rise"),
        ("0.1", "not '0.1'"),
        ("0.1@2.5", "not '0.1@2.5'"),
        ("0@30", "factors above 0 and epochs from 1, not '0@30'"),
        ("nan@30", "factors above 0"),
        ("0.1@0", "epochs from 1"),
        ("0.1@\u0663", "epochs from 1"),
    ],
)
def test_a_wrong_schedule_is_refused_in_one_line(text, phrase):
    with pytest.raises(errors.GridError) as caught:
        axes.TRAINING["schedule"].check(text)
    assert phrase in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("default", "default"),
        ("epsilon=1e-4  beta_2=.990", "beta_2=0.99 epsilon=0.0001"),
        ("nesterov=true momentum=0.9", "momentum=0.9 nesterov=true"),
    ],
)
def test_options_of_an_optimiser_are_written_in_one_way(text, canonical):
    assert optimizers.canonical(text) == optimizers.canonical(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("epsilom=1", "did you mean 'epsilon'"),
        ("epsilon", "NAME=VALUE with spaces between"),
        ("epsilon=1e-4;beta_2=0.9", "epsilon takes a number, 0 or more, not '1e-4;beta_2=0.9'"),
        (" ", "takes default or NAME=VALUE"),
        ("beta_1=1", "beta_1 takes a number from 0 to below 1, not '1'"),
        ("weight_decay=-1", "weight_decay takes a number, 0 or more"),
        ("clipnorm=0", "clipnorm takes a number above 0"),
        ("clipnorm=nan", "clipnorm takes a number above 0"),
        ("nesterov=1", "nesterov takes true or false"),
        ("warmup_steps=1.5", "warmup_steps takes a whole number, 0 or more"),
        ("clipnorm=1 clipvalue=1", "one of clipnorm, clipvalue"),
        ("epsilon=1 epsilon=2", "epsilon twice"),
    ],
)
def test_wrong_options_of_an_optimiser_are_refused_in_one_line(text, phrase):
    with pytest.raises(errors.GridError) as caught:
        axes.TRAINING["optimizer_options"].check(text)
    assert phrase in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_epoch_has_a_step_for_the_images_that_are_left_over():
    assert [stage.steps(count, 128) for count in (1, 128, 129)] == [1, 1, 2]
