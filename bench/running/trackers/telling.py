"""What trackers are told of each trial, and how one that fails is given up."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from bench import errors
from bench.ask.trial import Trial
from bench.keeping.result import History, Outcome
from bench.keeping.store import RunFolder
from bench.report.evidence.naming import settings_of
from bench.running.trackers import mosaic

Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told:
    """What a tracker is told of a trial.

    Attributes
    ----------
    key, name
        Of the trial, for programs and for people.
    settings
        Names to values, options among them.
    history
        By epoch; `epoch` is the step.
    measures
        Those that have a number.
    pictures
        PNG files by name.
    model
        The content of a `.keras` file, where it was kept; else empty.
    """

    key: str
    name: str
    status: str
    error: str
    settings: Mapping[str, Any]
    history: History
    measures: Mapping[str, float]
    pictures: Mapping[str, bytes]
    model: bytes


class Tracker(Protocol):
    """Where trials are told; whatever it raises is said, and it is asked no more."""

    place: str

    def add(self, told: Told) -> None:
        """Write a trial, in the place of an earlier one of its key."""

    def close(self) -> None:
        """Nothing comes any more."""


class Trackers:
    """All that a run tells; none by default."""

    def __init__(self, names: Sequence[str], folder: RunFolder, say: Say) -> None:
        self._names, self._folder, self._say = list(names), folder, say
        self._open: dict[str, Tracker] = {}

    def finished(self, outcome: Outcome) -> None:
        """Tell of a trial that has ended and is kept; baselines are left to the report."""
        if self._names and isinstance(outcome.result.unit, Trial):
            told = functools.cache(lambda: _told(outcome, self._folder))
            for name in list(self._names):
                self._try(name, lambda tracker: tracker.add(told()))

    def close(self) -> None:
        """Nothing comes any more."""
        for name in list(self._open):
            self._try(name, lambda tracker: tracker.close())

    def _try(self, name: str, do: Callable[[Tracker], None]) -> None:
        try:
            if name not in self._open:
                self._open[name] = _opened(name, self._folder)
                self._say(f"{name} is told of each trial: {self._open[name].place}")
            do(self._open[name])
        except Exception as error:  # libraries, databases and networks raise anything
            self._names.remove(name)
            self._open.pop(name, None)
            self._say(
                f"{name} is told nothing more ({errors.one_line(error)[:300]}); trials go on, and all that "
                "they found is in the run folder"
            )


def _opened(name: str, folder: RunFolder) -> Tracker:
    if name == "mlflow":
        from bench.running.trackers.of_mlflow import Mlflow

        return Mlflow(folder)
    from bench.running.trackers.of_tensorboard import TensorBoard

    return TensorBoard(folder)


def _told(outcome: Outcome, folder: RunFolder) -> Told:
    result = outcome.result
    model = folder.model(result.unit) if folder.has_model(result.unit) else b""
    return Told(
        key=result.unit.key,
        name=str(result.unit),
        status=result.status,
        error=result.error,
        settings={**settings_of(result.unit), "seed": getattr(result.unit, "seed", None)},
        history=outcome.history,
        measures={
            name: float(value)
            for name, value in result.measures.items()
            if value is not None and np.isfinite(value)
        },
        pictures=mosaic.of(outcome.images),
        model=model,
    )
