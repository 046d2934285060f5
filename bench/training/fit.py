"""Fit one model: the epoch with the best validation loss is kept, unless its trial says otherwise."""

import contextlib
import dataclasses
import functools
import pathlib
import statistics
import tempfile
from collections.abc import Callable, Iterator

import keras
import numpy as np

from bench import models
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.datasets.views import binarisation, whole
from bench.keeping.result import History, Measures
from bench.models.about import About
from bench.models.autoencoder import Autoencoder
from bench.models.parts import initialization, streams
from bench.training import loops, optimizers, snapshots, stage
from bench.training.checkpoint import Checkpoint, State
from bench.training.journal import Journal, OtherTrainingError
from bench.training.snapshots import Snapshots
from bench.training.stage import DivergenceError

__all__ = ["DivergenceError", "Training", "build", "fit", "to_bytes"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """A fitted model and how it went.

    Attributes
    ----------
    history, best_epoch, validation_loss
        As of `stage.Fitted`: of the first stage, with the epochs of all stages.
    fit_seconds
        Wall time of all epochs, validation and compilation included.
    epoch_seconds
        Median wall time of an epoch, validation included, without the first one, which compiles.
    untraced
        Why the steps could not be recorded, on torch, and were slower for it; empty if they were.
    snapshots
        What was measured after some epochs, by epoch.
    went_on_from
        The last epoch that an earlier process had trained; 0 if none had.
    """

    model: Autoencoder
    history: History
    best_epoch: int | None
    validation_loss: float | None
    fit_seconds: float
    epoch_seconds: float
    untraced: str = ""
    snapshots: dict[str, Measures] = dataclasses.field(default_factory=dict)
    went_on_from: int = 0


def build(trial: Trial, image_shape: tuple[int, int, int], steps: int = 1) -> Autoencoder:
    """The trial's model, compiled, with the initial weights that its seed gives.

    Parameters
    ----------
    steps
        Of an epoch, for the schedule of the learning rate.
    """
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
    model.compile(optimizer=optimizers.make(trial, steps))
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


def fit(
    trial: Trial,
    dataset: Dataset,
    checkpoint: Checkpoint | None = None,
    measure: Callable[[Autoencoder], Measures] | None = None,
    tell: Callable[[int], None] = lambda epoch: None,
) -> Training:
    """Train the trial's model on `dataset.train`, watch `dataset.validation`, keep the best epoch.

    Of another epoch, another end and all images see `stage.fit` and `views.whole`.

    The order of the images in each epoch is drawn by NumPy from the seed: the same on every backend. So are
    the images themselves where the trial binarises them, but for those of validation, which are
    `binarisation.applied`. Where a model has a next stage, that is trained in the same way for as many
    epochs, once the best epoch of the stage before is back; the numbers of the first stage are the trial's.

    With a `checkpoint` a trial whose process was ended goes on from there, with the same numbers. After the
    epochs that the trial names as snapshots, `measure` is given the model as it would be kept then. `tell`
    is told which epoch, of its stage, is over.

    Raises
    ------
    DivergenceError
        If a loss is NaN or infinite after an epoch.
    ValueError
        If snapshots are asked for of a model with several stages: the first alone is not that model.
    """
    kept = checkpoint.read() if checkpoint else None
    if kept is not None:
        with contextlib.suppress(OtherTrainingError):
            return _fit(trial, dataset, checkpoint, kept, measure, tell)
    return _fit(trial, dataset, checkpoint, None, measure, tell)


def _fit(
    trial: Trial,
    dataset: Dataset,
    checkpoint: Checkpoint | None,
    kept: State | None,
    measure: Callable[[Autoencoder], Measures] | None,
    tell: Callable[[int], None],
) -> Training:
    seen = whole.applied(dataset, trial.train_on)
    count = len(seen.train.images)
    model = build(trial, dataset.image_shape, stage.steps(count, trial.batch_size))
    if trial.output_bias == "data":
        mean = seen.train.images.mean(axis=0, dtype=np.float64)
        initialization.start_at(model.decoder, mean, gives_means=model.gives_means)
    generators = {
        "shuffling": streams.on_host(trial.seed, streams.SHUFFLING),
        "stages": streams.on_host(trial.seed, streams.STAGE),
    }
    if trial.snapshots and type(model).next_stage is not Autoencoder.next_stage:
        raise ValueError(f"expected a model of one stage for snapshots, received {trial.model}")
    snapshot = Snapshots(trial, measure, kept.told["snapshots"] if kept else {})
    journal = Journal(trial, model, generators, checkpoint, kept, snapshot, tell)
    loop = journal.run(model, count, lambda: _loop(model, trial, seen))
    _fit_next_stages(model, trial, seen, journal, generators["stages"])
    fitted, *stages = journal.fitted
    history = fitted.history
    if stages:
        rows = enumerate([one.history for one in journal.fitted], 1)
        history = [{**row, "stage": number} for number, of_stage in rows for row in of_stage]
    seconds = [row["seconds"] for row in history]
    return Training(
        model=model if trial.precision == "float32" else snapshots.bare(model),  # measured in float32
        history=history,
        best_epoch=fitted.best_epoch,
        validation_loss=fitted.validation_loss,
        fit_seconds=sum(seconds),
        epoch_seconds=statistics.median(seconds[1:] or seconds),
        untraced=getattr(loop, "untraced", ""),
        snapshots=snapshot.taken,
        went_on_from=journal.went_on_from,
    )


def _fit_next_stages(
    model: Autoencoder, trial: Trial, dataset: Dataset, journal: Journal, generator: np.random.Generator
) -> None:
    """What a model trains after itself, a stage after the other."""
    measured = binarisation.applied(dataset, trial.binarize)
    train, validation = measured.train.images, measured.validation.images
    while following := model.next_stage(train, validation):
        model = following.model
        train, validation = following.draw(generator), following.validation
        model.compile(optimizer=optimizers.make(trial, stage.steps(len(train), trial.batch_size)))
        loop = functools.partial(loops.create, model, train, validation, trial.batch_size)
        draw = following.draw
        journal.run(
            model,
            len(train),
            lambda loop=loop, draw=draw: loops.DrawingLoop(loop(), draw, generator),  # type: ignore[misc]
        )


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


def to_bytes(model: Autoencoder, dataset: Dataset | None = None) -> bytes:
    """A model as the content of a `.keras` file: weights and architecture, without the optimiser's state.

    With the data set that it was trained on the file says which that was.
    """
    bare = snapshots.bare(model)
    if dataset is not None:
        bare.about = About(
            class_names=dataset.class_names,
            value_range=dataset.value_range,
            data_sha256=dataset.sha256,
        )
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        bare.save(path)
        return path.read_bytes()
