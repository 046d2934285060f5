"""Run the trials of a grid, one after the other, in this process."""

import gc
import time
import traceback
from collections.abc import Callable, Iterable

import keras

from bench import baselines, datasets, errors, measurement, memory, paths, training
from bench.interruption import Interruption
from bench.result import Outcome, Result
from bench.trial import Baseline, Trial, Unit


def run(unit: Unit) -> Outcome:
    """Run a trial or a baseline to its end; whatever goes wrong in it becomes its result."""
    try:
        if isinstance(unit, Baseline):
            return baselines.run(unit, datasets.load_once(unit.dataset))
        return _run_trial(unit)
    except errors.DataError:
        raise  # every other trial would end in the same way
    except training.DivergenceError as error:
        return _failure(unit, "diverged", str(error), "")
    except Exception as error:
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        return _failure(unit, "failed", line, traceback.format_exc())


def _run_trial(trial: Trial) -> Outcome:
    data = datasets.load_once(trial.dataset)
    keras.backend.clear_session()  # what earlier trials left must not count, nor grow
    gc.collect()
    memory.reset_peak()
    trained = training.fit(trial, data)
    start = time.perf_counter()
    found = measurement.measure(trained.model, data, trial.loss)
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
    return Outcome(result=result, history=trained.history, images=found.images)


def _failure(unit: Unit, status: str, error: str, trace: str) -> Outcome:
    result = Result(
        unit=unit,
        status=status,
        data_sha256=datasets.load_once(unit.dataset).sha256,
        error=paths.without_home(error),
        traceback=paths.without_home(trace),
    )
    return Outcome(result=result)


def run_all(units: Iterable[Unit], finished: Callable[[Outcome], None], stop: Interruption) -> None:
    """Run every unit in turn and hand each outcome to `finished` at once.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C was pressed: after the unit that was running then.
    """
    for unit in units:
        stop.check()
        finished(run(unit))
    stop.check()
