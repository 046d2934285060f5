"""Fit one model: the epoch with the best validation loss is the one that is kept."""

import contextlib
import dataclasses
import functools
import math
import pathlib
import statistics
import tempfile
import time
from collections.abc import Iterator

import keras
import numpy as np

from bench import models
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.datasets.views import binarisation
from bench.keeping.result import History
from bench.models.autoencoder import Autoencoder
from bench.models.parts import streams
from bench.training import loops


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
    untraced
        Why the steps could not be recorded, on torch, and were slower for it; empty if they were.
    """

    model: Autoencoder
    history: History
    best_epoch: int
    validation_loss: float
    fit_seconds: float
    epoch_seconds: float
    untraced: str = ""


def build(trial: Trial, image_shape: tuple[int, int, int]) -> Autoencoder:
    """The trial's model, compiled, with the initial weights that its seed gives."""
    with _computing_in(trial.precision):
        model = models.create(
            trial.model,
            image_shape=image_shape,
            architecture=trial.architecture,
            architecture_options=trial.architecture_options,
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
    `binarisation.applied`. Where a model has a next stage, that is trained in the same way for as many
    epochs, once the best epoch of the stage before is back; the numbers of the first stage are the trial's.

    Raises
    ------
    DivergenceError
        If a loss is NaN or infinite after an epoch.
    """
    model = build(trial, dataset.image_shape)
    loop = _loop(model, trial, dataset)
    shuffler = streams.on_host(trial.seed, streams.SHUFFLING)
    history, best = _fit_stage(loop, model, trial.epochs, len(dataset.train.images), shuffler)
    stages = _fit_next_stages(model, trial, dataset, shuffler)
    if stages:
        history = [
            {**row, "stage": number} for number, rows in enumerate([history, *stages], 1) for row in rows
        ]
    seconds = [row["seconds"] for row in history]
    return Training(
        model=model if trial.precision == "float32" else _bare(model),  # measured in float32
        history=history,
        best_epoch=best.epoch,
        validation_loss=best.loss,
        fit_seconds=sum(seconds),
        epoch_seconds=statistics.median(seconds[1:] or seconds),
        untraced=getattr(loop, "untraced", ""),
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Best:
    """The epoch whose weights are kept: of the lowest validation value that the model selects."""

    value: float = math.inf
    epoch: int = 0
    loss: float = math.inf


def _fit_stage(
    loop: loops.Loop, model: Autoencoder, epochs: int, count: int, shuffler: np.random.Generator
) -> tuple[History, _Best]:
    """Train for so many epochs, and bring back the weights of the best one."""
    history: History = []
    best, best_weights = _Best(), model.get_weights()
    for epoch in range(1, epochs + 1):
        row = _run_epoch(loop, epoch, shuffler.permutation(count))
        history.append(row)
        if row[f"val_{model.selects}"] < best.value:
            best = _Best(value=row[f"val_{model.selects}"], epoch=epoch, loss=row["val_loss"])
            best_weights = model.get_weights()
    model.set_weights(best_weights)
    return history, best


def _fit_next_stages(
    model: Autoencoder, trial: Trial, dataset: Dataset, shuffler: np.random.Generator
) -> list[History]:
    """What a model trains after itself, a stage after the other; returns the epochs of each."""
    found: list[History] = []
    measured = binarisation.applied(dataset, trial.binarize)
    train, validation = measured.train.images, measured.validation.images
    generator = streams.on_host(trial.seed, streams.STAGE)
    while stage := model.next_stage(train, validation):
        model = stage.model
        model.compile(optimizer=optimizer(trial.optimizer, trial.learning_rate))
        train, validation = stage.draw(generator), stage.validation
        loop = loops.create(model, train, validation, trial.batch_size)
        drawing = loops.DrawingLoop(loop, stage.draw, generator)
        found.append(_fit_stage(drawing, model, trial.epochs, len(train), shuffler)[0])
    return found


def _loop(model: Autoencoder, trial: Trial, dataset: Dataset) -> loops.Loop:
    measured = binarisation.applied(dataset, trial.binarize)
    needs = models.MODELS[trial.model].needs
    train, validation = (
        loops.part(split.images, split.labels, needs) for split in (measured.train, measured.validation)
    )
    loop = loops.create(model, train, validation, trial.batch_size, needs)
    if trial.binarize == "none":
        return loop
    generator = streams.on_host(trial.seed, streams.BINARISING)
    return loops.DrawingLoop(loop, functools.partial(binarisation.draw, dataset.train.images), generator)


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
