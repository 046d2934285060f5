"""The optimiser of a trial, as Keras has it, with its schedule of the learning rate."""

import keras

from bench.ask import optimizers, schedules
from bench.ask.trial import Trial


def make(trial: Trial, steps: int = 1) -> keras.optimizers.Optimizer:
    """The Keras optimiser whose class has this name in lower case; `keras.optimizers.get` misses some.

    Parameters
    ----------
    steps
        Of an epoch: the last batch counts, however small it is.
    """
    classes = {public.lower(): public for public in dir(keras.optimizers)}
    rate = learning_rate(trial.schedule, trial.learning_rate, trial.epochs, steps)
    return getattr(keras.optimizers, classes[trial.optimizer])(
        learning_rate=rate, **optimizers.parse(trial.optimizer_options)
    )


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
