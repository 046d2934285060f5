"""One model, from its first epoch to its last: which of its weights come back, and when it ends."""

import dataclasses
import math
import time

import numpy as np

from bench.ask.trial import Trial
from bench.keeping.result import History
from bench.models.autoencoder import Autoencoder
from bench.training import loops


class DivergenceError(Exception):
    """The loss became NaN or infinite."""


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
    loop: loops.Loop, model: Autoencoder, trial: Trial, count: int, shuffler: np.random.Generator
) -> Fitted:
    """Train until the epochs are over or `patience` is, and bring back the weights that the trial keeps.

    Parameters
    ----------
    count
        Training images, `count > 0`.
    shuffler
        What draws their order in each epoch.

    Raises
    ------
    DivergenceError
        If a loss is NaN or infinite after an epoch.
    """
    watches = trial.train_on != "all"
    keeps_best = watches and trial.keep == "best"
    warm = math.ceil(model.warmup_steps / steps(count, trial.batch_size))
    history: History = []
    best, best_value, best_weights = 0, math.inf, model.get_weights()
    for epoch in range(1, trial.epochs + 1):
        history.append(_run_epoch(loop, epoch, shuffler.permutation(count), watches=watches))
        if watches and (value := history[-1][f"val_{model.selects}"]) < best_value:
            best, best_value = epoch, value
            best_weights = model.get_weights() if keeps_best else best_weights
        if trial.patience and epoch - max(best, warm) >= trial.patience:
            break
    if keeps_best:
        model.set_weights(best_weights)
    kept = history[best - 1] if keeps_best else history[-1]
    return Fitted(history=history, best_epoch=best or None, validation_loss=kept.get("val_loss"))


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
