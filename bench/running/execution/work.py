"""A unit -> its outcome, in this process."""

import gc
import time
import traceback
from collections.abc import Callable, Iterator

import keras

from bench import datasets, errors, tasks
from bench.ask import grouping
from bench.ask.trial import Baseline, Trial, Unit
from bench.datasets.views import binarisation, plugged
from bench.keeping.result import Outcome, Result
from bench.machine import memory
from bench.models.autoencoder import Autoencoder
from bench.running import interruption
from bench.running.execution import failures
from bench.running.execution.settings import BASIC, Wanted
from bench.tasks import baselines, external, features
from bench.tasks.notes import SEEN
from bench.training import fit
from bench.training.checkpoint import Checkpoint

Tell = Callable[[str], None]


def nobody(what: str) -> None:
    """Nobody is told."""


def run(unit: Unit, wanted: Wanted = BASIC, tell: Tell = nobody) -> Outcome:
    """Run a trial, a baseline or an external coder to its end; whatever goes wrong in it becomes its outcome.

    What a trial raises to end the program (`SystemExit`) is an outcome, too; Ctrl-C alone is not. `tell` is
    told what it does, in a few words.
    """
    try:
        if isinstance(unit, Trial):
            return _run_trial(unit, wanted, tell)
        data = binarisation.applied(_seen(unit.dataset, unit), unit.binarize)
        how = (data, wanted.measures, _extractor(wanted, data), _outside(wanted, unit))
        if isinstance(unit, Baseline):
            return baselines.run(unit, *how)
        return external.run(unit, *how, is_explored=wanted.is_explored)
    except fit.DivergenceError as error:
        return _failure(unit, "diverged", str(error), "")
    except BaseException as error:
        if interruption.is_ctrl_c(error):
            raise
        return _failure(unit, "failed", errors.one_line(error), traceback.format_exc())


def _run_trial(trial: Trial, wanted: Wanted, tell: Tell) -> Outcome:
    data = _seen(trial.dataset, trial)
    keras.backend.clear_session()  # what earlier trials left must not count, nor grow
    gc.collect()
    memory.reset_peak()
    checkpoint = Checkpoint(wanted.checkpoints, trial, data.sha256) if wanted.checkpoints else None
    measured = binarisation.applied(data, trial.binarize)

    def measure(model: Autoencoder, *, is_explored: bool = False) -> tasks.Measurement:
        return tasks.measure(
            model,
            measured,
            wanted.measures,
            _extractor(wanted, measured),
            _outside(wanted, trial),
            seen=trial.train_on == "all",
            is_explored=is_explored,
            bound=trial.bound,
        )

    def trained_for(epochs: int) -> None:
        tell(f"epoch {epochs} of {trial.epochs}")

    trained = fit.fit(trial, data, checkpoint, lambda model: measure(model).measures, trained_for)
    tell("trained, is measured")
    start = time.perf_counter()
    found = measure(trained.model, is_explored=wanted.is_explored)
    ended = {str(epoch): found.measures for epoch in trial.snapshots if str(epoch) not in trained.snapshots}
    chosen = {"best_epoch": trained.best_epoch, "validation_loss": trained.validation_loss}
    numbers = {
        **chosen,
        **found.measures,
        "fit_seconds": trained.fit_seconds,
        "epoch_seconds": trained.epoch_seconds,
        "measure_seconds": time.perf_counter() - start,
        "peak_memory_mb": memory.peak_mb(),
    }
    result = Result(
        unit=trial,
        status="ok",
        data_sha256=data.sha256,
        measures=numbers,
        reasons={name: SEEN for name, value in chosen.items() if value is None} | found.reasons,
        groups=wanted.measures,
        texts=found.texts,
        snapshots=trained.snapshots | {epoch: {**chosen, **measures} for epoch, measures in ended.items()},
    )
    model = fit.to_bytes(trained.model, data) if wanted.keeps(trained.validation_loss) else b""
    return Outcome(
        result=result,
        history=trained.history,
        images=found.images,
        model=model,
        note="; ".join(filter(None, _notes(trial, trained, checkpoint))),
    )


def _notes(trial: Trial, trained: fit.Training, checkpoint: Checkpoint | None) -> Iterator[str]:
    yield _untraced(trial, trained.untraced)
    yield _unkept(checkpoint)
    if trained.went_on_from:
        yield f"{trial} went on after epoch {trained.went_on_from}, where its process had been ended"


def _untraced(trial: Trial, why: str) -> str:
    """The sentence about steps that could not be recorded; empty if they were."""
    slower = f"steps of model {trial.model} cannot be recorded on {trial.backend}, and take longer for it"
    return f"{slower} ({why})" if why else ""


def _unkept(checkpoint: Checkpoint | None) -> str:
    """The sentence about a training that could not be kept on its way; empty if it could."""
    problem = checkpoint.problem if checkpoint else ""
    return f"a trial whose process is ended begins again from its start: {problem}" if problem else ""


def _extractor(wanted: Wanted, data: datasets.Dataset) -> features.Extractor | None:
    return features.extractor(wanted.features, data.image_shape) if wanted.features else None


def _seen(name: str, unit: Unit) -> datasets.Dataset:
    """What a unit sees of a data set, before it is binarised."""
    data, cards = datasets.load_once(name), unit.cards.all_views()
    for view, value in unit.views.items():
        data = plugged.applied(data, cards[view], value)
    return data


def _outside(wanted: Wanted, unit: Unit) -> datasets.Dataset | None:
    name = grouping.outside(wanted.measures)
    return binarisation.applied(_seen(name, unit), unit.binarize) if name else None


def train_features(name: str) -> bytes:
    """The networks in whose features images of a data set are compared."""
    return features.train(datasets.load_once(name)).to_bytes()


def _failure(unit: Unit, status: str, error: str, trace: str) -> Outcome:
    sha256 = datasets.load_once(unit.dataset).sha256
    return failures.outcome(unit, status, error, trace=trace, sha256=sha256)
