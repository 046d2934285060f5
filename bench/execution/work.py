"""A unit -> its outcome, in this process."""

import gc
import math
import time
import traceback

import keras

from bench import baselines, datasets, errors, measurement, memory, training
from bench.datasets import binarisation
from bench.execution import failures
from bench.result import Outcome, Result
from bench.trial import Baseline, Trial, Unit


def run(unit: Unit, *, keep_below: float = -math.inf) -> Outcome:
    """Run a trial or a baseline to its end; whatever goes wrong in it becomes its outcome.

    The model comes back with the outcome if its validation loss is lower than `keep_below`.
    """
    try:
        if isinstance(unit, Baseline):
            data = binarisation.applied(datasets.load_once(unit.dataset), unit.binarize)
            return baselines.run(unit, data)
        return _run_trial(unit, keep_below)
    except training.DivergenceError as error:
        return _failure(unit, "diverged", str(error), "")
    except Exception as error:
        return _failure(unit, "failed", errors.one_line(error), traceback.format_exc())


def _run_trial(trial: Trial, keep_below: float) -> Outcome:
    data = datasets.load_once(trial.dataset)
    keras.backend.clear_session()  # what earlier trials left must not count, nor grow
    gc.collect()
    memory.reset_peak()
    trained = training.fit(trial, data)
    start = time.perf_counter()
    found = measurement.measure(trained.model, binarisation.applied(data, trial.binarize), trial.loss)
    measures = {
        "best_epoch": trained.best_epoch,
        "validation_loss": trained.validation_loss,
        **found.measures,
        "fit_seconds": trained.fit_seconds,
        "epoch_seconds": trained.epoch_seconds,
        "measure_seconds": time.perf_counter() - start,
        "peak_memory_mb": memory.peak_mb(),
    }
    result = Result(
        unit=trial, status="ok", data_sha256=data.sha256, measures=measures, reasons=found.reasons
    )
    model = training.to_bytes(trained.model) if trained.validation_loss < keep_below else b""
    return Outcome(result=result, history=trained.history, images=found.images, model=model)


def _failure(unit: Unit, status: str, error: str, trace: str) -> Outcome:
    sha256 = datasets.load_once(unit.dataset).sha256
    return failures.outcome(unit, status, error, trace=trace, sha256=sha256)
