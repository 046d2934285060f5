"""One model, from its first epoch to its last: which of its weights come back, and when it ends."""

import dataclasses
import math
import time
from collections.abc import Callable

import numpy as np

from bench.ask.trial import Trial
from bench.keeping.result import History
from bench.models.autoencoder import Autoencoder
from bench.training import loops


class DivergenceError(Exception):
    """The loss became NaN or infinite."""


@dataclasses.dataclass(kw_only=True)
class Course:
    """How far the training of a model has come.

    Attributes
    ----------
    history
        As of `Fitted`, so far.
    best, best_value, best_weights
        The epoch with the lowest validation value of what the model selects (0 before the first), that
        value, and the weights that come back.
    """

    best_weights: list[np.ndarray]
    history: History = dataclasses.field(default_factory=list)
    best: int = 0
    best_value: float = math.inf


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fitted:
    """How the training of one model went; its weights are those of the epoch that is kept.

    Attributes
    ----------
    history
        One dictionary an epoch: `epoch` (from 1), `seconds`, the loss and its terms on training images,
        and the same on validation images with the prefix `val_`; in units of the loss, a mean over images.
        Without the last where no validation image is unseen.
    best_epoch
        Of the lowest validation value that the model selects; None where there is none.
    validation_loss
        In the epoch that is kept; None where there is none.
    """

    history: History
    best_epoch: int | None
    validation_loss: float | None


def fit(
    loop: loops.Loop,
    model: Autoencoder,
    trial: Trial,
    count: int,
    shuffler: np.random.Generator,
    course: Course | None = None,
    keep: Callable[[Course], None] = lambda course: None,
) -> Fitted:
    """Train until the epochs are over or `patience` is, and bring back the weights that the trial keeps.

    Parameters
    ----------
    count
        Training images, `count > 0`.
    shuffler
        What draws their order in each epoch.
    course
        How far it had come, where it goes on.
    keep
        Told how far it has come, after each epoch.

    Raises
    ------
    DivergenceError
        If a loss is NaN or infinite after an epoch.
    """
    watches = trial.train_on != "all"
    keeps_best = watches and trial.keep == "best"
    warm = math.ceil(model.warmup_steps / steps(count, trial.batch_size))
    course = course or Course(best_weights=model.get_weights())
    while not _is_over(course, trial, warm):
        epoch = len(course.history) + 1
        row = _run_epoch(loop, epoch, shuffler.permutation(count), watches=watches)
        course.history.append(row)
        if watches and (value := row[f"val_{model.selects}"]) < course.best_value:
            course.best, course.best_value = epoch, value
            course.best_weights = model.get_weights() if keeps_best else course.best_weights
        keep(course)
    if keeps_best:
        model.set_weights(course.best_weights)
    kept = course.history[course.best - 1] if keeps_best else course.history[-1]
    return Fitted(
        history=course.history, best_epoch=course.best or None, validation_loss=kept.get("val_loss")
    )


def _is_over(course: Course, trial: Trial, warm: int) -> bool:
    """Whether its epochs are over, or its patience, which begins at the end of a warm-up."""
    done = len(course.history)
    has_waited = trial.patience and done - max(course.best, warm) >= trial.patience
    return done >= trial.epochs or bool(done and has_waited)


def steps(count: int, batch_size: int) -> int:
    """Of an epoch of so many images; the last batch counts, however small it is."""
    return math.ceil(count / batch_size)


def _run_epoch(loop: loops.Loop, epoch: int, order: np.ndarray, *, watches: bool) -> dict[str, float]:
    start = time.perf_counter()
    train, validation = loop.train(order), loop.evaluate() if watches else {}
    row = {"epoch": float(epoch), **dict(sorted(train.items()))}
    row |= {f"val_{name}": value for name, value in sorted(validation.items())}
    for name, value in row.items():
        if not math.isfinite(value):
            raise DivergenceError(f"{name} became {value} in epoch {epoch}")
    return {**row, "seconds": time.perf_counter() - start}
