"""The optimiser of a trial, as Keras or this room has it, with its schedule of the learning rate."""

import keras

from bench.ask import optimizers, schedules
from bench.ask.trial import Trial
from bench.training.adam_norm_grad import AdamNormGrad


def make(trial: Trial, steps: int = 1) -> keras.optimizers.Optimizer:
    """The optimiser whose class has this name in lower case.

    Parameters
    ----------
    steps
        Of an epoch: the last batch counts, however small it is.
    """
    rate = learning_rate(trial.schedule, trial.learning_rate, trial.epochs, steps)
    made: keras.optimizers.Optimizer = kind(trial.optimizer)(
        learning_rate=rate, **optimizers.parse(trial.optimizer_options)
    )
    return made


def kind(name: str) -> type[keras.optimizers.Optimizer]:
    """The class of an optimiser, of those in `bench.ask.optimizers`; `keras.optimizers.get` misses some."""
    known = {public.lower(): getattr(keras.optimizers, public) for public in dir(keras.optimizers)}
    found: type[keras.optimizers.Optimizer] = {**known, "adamnormgrad": AdamNormGrad}[name]
    return found


def learning_rate(
    schedule: str, first: float, epochs: int, steps: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """What an optimiser takes as its learning rate: a number, or Keras's schedule of the same.

    Keras asks a schedule in every step for the rate of step `t = 0, 1, ...`, inside of what is compiled.

    Parameters
    ----------
    schedule
        As `bench.ask.schedules` has it.
    first
        The learning rate that it begins with, or that its factors are of.
    epochs, steps
        The most epochs, and the steps in each.
    """
    if schedule == schedules.COSINE:
        return keras.optimizers.schedules.CosineDecay(first, decay_steps=epochs * steps)
    if changes := schedules.changes(schedule):
        return keras.optimizers.schedules.PiecewiseConstantDecay(
            [change.epochs * steps - 1 for change in changes],  # the last step that has the rate before
            [first, *(change.factor * first for change in changes)],
        )
    return first
