"""Fit one model: the epoch with the best validation loss is the one that is kept."""

import contextlib
import dataclasses
import math
import pathlib
import statistics
import tempfile
import time
from collections.abc import Iterator

import keras
import numpy as np

from bench import loops, models
from bench.datasets import Dataset, binarisation
from bench.models import streams
from bench.models.autoencoder import Autoencoder
from bench.result import History
from bench.trial import Trial


class DivergenceError(Exception):
    """The loss became NaN or infinite."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """A fitted model and how it went.

    Attributes
    ----------
    history
        One dictionary an epoch: `epoch` (from 1), `seconds`, the loss and its terms on training images,
        and the same on validation images with the prefix `val_`; in units of the loss, a mean over images.
    fit_seconds
        Wall time of all epochs, validation and compilation included.
    epoch_seconds
        Median wall time of an epoch, validation included, without the first one, which compiles.
    """

    model: Autoencoder
    history: History
    best_epoch: int
    validation_loss: float
    fit_seconds: float
    epoch_seconds: float


def build(trial: Trial, image_shape: tuple[int, int, int]) -> Autoencoder:
    """The trial's model, compiled, with the initial weights that its seed gives."""
    with _computing_in(trial.precision):
        model = models.create(
            trial.model,
            image_shape=image_shape,
            architecture=trial.architecture,
            latent_dim=trial.latent_dim,
            activation=trial.activation,
            loss=trial.loss,
            seed=trial.seed,
            **trial.model_options,
        )
    model.compile(optimizer=optimizer(trial.optimizer, trial.learning_rate))
    return model


@contextlib.contextmanager
def _computing_in(precision: str) -> Iterator[None]:
    """Layers made here compute in this precision; their weights stay in float32."""
    before = keras.config.dtype_policy()
    if precision != "float32":
        keras.config.set_dtype_policy(f"mixed_{precision}")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def optimizer(name: str, learning_rate: float) -> keras.optimizers.Optimizer:
    """The Keras optimiser whose class has this name in lower case; `keras.optimizers.get` misses some."""
    classes = {public.lower(): public for public in dir(keras.optimizers)}
    return getattr(keras.optimizers, classes[name])(learning_rate=learning_rate)


def fit(trial: Trial, dataset: Dataset) -> Training:
    """Train the trial's model on `dataset.train`, watch `dataset.validation`, keep the best epoch.

    The order of the images in each epoch is drawn by NumPy from the seed: the same on every backend. So are
    the images themselves where the trial binarises them, but for those of validation, which are
    `binarisation.applied`.

    Raises
    ------
    DivergenceError
        If a loss is NaN or infinite after an epoch.
    """
    model = build(trial, dataset.image_shape)
    loop = _loop(model, trial, dataset)
    shuffler = streams.on_host(trial.seed, streams.SHUFFLING)
    history: History = []
    best_loss, best_epoch, best_weights = math.inf, 0, model.get_weights()
    for epoch in range(1, trial.epochs + 1):
        history.append(_run_epoch(loop, epoch, shuffler.permutation(len(dataset.train.images))))
        if history[-1]["val_loss"] < best_loss:
            best_loss, best_epoch, best_weights = history[-1]["val_loss"], epoch, model.get_weights()
    model.set_weights(best_weights)
    seconds = [row["seconds"] for row in history]
    return Training(
        model=model if trial.precision == "float32" else _bare(model),  # measured in float32
        history=history,
        best_epoch=best_epoch,
        validation_loss=best_loss,
        fit_seconds=sum(seconds),
        epoch_seconds=statistics.median(seconds[1:] or seconds),
    )


def _loop(model: Autoencoder, trial: Trial, dataset: Dataset) -> loops.Loop:
    measured = binarisation.applied(dataset, trial.binarize)
    loop = loops.create(model, measured.train.images, measured.validation.images, trial.batch_size)
    if trial.binarize == "none":
        return loop
    generator = streams.on_host(trial.seed, streams.BINARISING)
    return loops.BinarisingLoop(loop, dataset.train.images, generator)


def to_bytes(model: Autoencoder) -> bytes:
    """A model as the content of a `.keras` file: weights and architecture, without the optimiser's state."""
    bare = _bare(model)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        bare.save(path)
        return path.read_bytes()


def _bare(model: Autoencoder) -> Autoencoder:
    """A copy in float32 that was not compiled."""
    bare = type(model).from_config(model.get_config())
    bare.set_weights(model.get_weights())
    return bare


def _run_epoch(loop: loops.Loop, epoch: int, order: np.ndarray) -> dict[str, float]:
    start = time.perf_counter()
    train, validation = loop.train(order), loop.evaluate()
    row = {"epoch": float(epoch), **dict(sorted(train.items()))}
    row |= {f"val_{name}": value for name, value in sorted(validation.items())}
    for name, value in row.items():
        if not math.isfinite(value):
            raise DivergenceError(f"{name} became {value} in epoch {epoch}")
    return {**row, "seconds": time.perf_counter() - start}
