"""How trials are to be run, as the command line says it."""

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bench import estimate
from bench.interruption import Interruption
from bench.result import Outcome
from bench.trial import Trial, Unit

LEAST_LIMIT = 3600.0  # seconds
LIMIT_FACTOR = 10  # times the estimate: a trial that takes longer makes no progress


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
    """

    workers: int | None = None
    scheduler: str = ""
    timeout: float | None = None

    def limit(self, unit: Unit) -> float:
        """Seconds that a unit may take."""
        return self.timeout or max(LEAST_LIMIT, LIMIT_FACTOR * estimate.seconds(unit))


class Listener(Protocol):
    """Who hears what happens to trials."""

    def started(self, unit: Unit) -> None:
        """A worker has begun with a unit."""

    def finished(self, outcome: Outcome) -> None:
        """A unit has ended, well or not; it has to be kept before this returns."""

    def keep_below(self, unit: Unit) -> float:
        """The validation loss below which the model of a unit is wanted."""

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

    def time(self, trials: list[Trial], kept: Callable[[Trial, dict[str, float]], None]) -> None:
        """Time the networks of trials one after the other, with nothing else running."""
