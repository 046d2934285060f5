"""How trials are to be run, as the command line says it."""

import contextlib
import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bench.ask import estimate, grouping
from bench.ask.trial import Trial, Unit
from bench.keeping.checkpoints import Place
from bench.keeping.result import Outcome
from bench.models.plugins import Plugin
from bench.running.interruption import Interruption

LEAST_LIMIT = 3600.0  # seconds
CHECKPOINT = 300.0  # seconds
LIMIT_FACTOR = 10  # times the estimate: a trial that takes longer makes no progress
_PRICED = (*grouping.DEFAULT, "likelihood")  # a bound of many codes may take longer than the training


@dataclasses.dataclass(frozen=True, kw_only=True)
class CoderFile:
    """A file, the name of a coder in it, and whether that is made of several seeds."""

    plugin: Plugin
    source: str
    several: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Where and how trials run.

    Attributes
    ----------
    workers
        Worker processes; 0 for this process alone, None for what the machine can carry.
    scheduler
        Address of a Dask scheduler that runs already; empty for a cluster of our own.
    timeout
        Seconds after which a trial is ended; None for ten times its estimate, and an hour at least.
    plugins
        Files with models of a user's own, which workers need.
    coders
        Files with coders of a user's own, which workers run.
    checkpoint
        Seconds between two checkpoints of a trial, at least; None for none.
    """

    workers: int | None = None
    scheduler: str = ""
    timeout: float | None = None
    plugins: tuple[Plugin, ...] = ()
    coders: tuple[CoderFile, ...] = ()
    checkpoint: float | None = CHECKPOINT

    def limit(self, unit: Unit) -> float:
        """Seconds that a unit may take."""
        return self.timeout or max(LEAST_LIMIT, LIMIT_FACTOR * estimate.seconds(unit, _PRICED))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wanted of a unit, beyond what its settings say.

    Attributes
    ----------
    keep_below
        The model comes back with the outcome if its validation loss is lower than this; of a model that has
        none, if this is infinite.
    measures
        Groups of measures, as in `bench.ask.grouping`.
    features
        The network in whose features images are compared, as `bench.tasks.features` writes it; empty if none.
    checkpoints
        Where the training of a trial keeps how far it has come; None for nowhere.
    is_explored
        Whether a report may show the codes of a trial point by point.
    """

    keep_below: float = -math.inf
    measures: tuple[str, ...] = ("basic",)
    features: bytes = b""
    checkpoints: Place | None = None
    is_explored: bool = False

    def keeps(self, validation_loss: float | None) -> bool:
        """Whether the model comes back with the outcome."""
        return self.keep_below == math.inf if validation_loss is None else validation_loss < self.keep_below


BASIC = Wanted()
"""The basic measures, and no model."""


class Listener(Protocol):
    """Who hears what happens to trials."""

    def started(self, unit: Unit) -> None:
        """A worker has begun with a unit."""

    def progressed(self, unit: Unit, what: str) -> None:
        """What a unit that runs does now, in a few words; told from any thread."""

    def finished(self, outcome: Outcome) -> None:
        """A unit has ended, well or not; it has to be kept before this returns."""

    def wanted(self, unit: Unit) -> Wanted:
        """What is wanted of a unit; asked when it begins."""

    def say(self, line: str) -> None:
        """Something that a person should know."""


class Engine(contextlib.AbstractContextManager[Any], Protocol):
    """Runs units of one backend; made ready when it is entered."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Versions, machine and data sets, as the first worker told them."""

    @property
    def workers(self) -> int:
        """Worker processes; 0 for this one."""

    def run(self, units: list[Unit], listener: Listener, stop: Interruption) -> None:
        """Run every unit and hand each outcome to the listener at once.

        Raises
        ------
        KeyboardInterrupt
            If Ctrl-C was pressed: once what was running has finished.
        ClusterError
            If no worker is left.
        """

    def train_features(self, dataset: str) -> bytes:
        """The networks in whose features images are compared: classifiers, where there are classes."""

    def time(
        self,
        trials: list[Trial],
        kept: Callable[[Trial, dict[str, float]], None],
        failed: Callable[[Trial, str], None],
        stop: Interruption,
        told: Callable[[int, int], None] = ...,
    ) -> None:
        """Time the networks of trials in turns, with nothing else running.

        Each is handed to `kept` with its times, or to `failed` with the reason why there are none; `told` is
        told how far it has come, as of `turns`.

        Raises
        ------
        KeyboardInterrupt
            If Ctrl-C was pressed.
        ClusterError
            If no worker is left.
        """
