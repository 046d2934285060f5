"""Trials in this process, one after the other: for debuggers and notebooks (`--workers 0`)."""

import functools
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from bench import datasets, errors
from bench.ask.trial import Trial, Unit
from bench.machine import backend, provenance
from bench.running import interruption
from bench.running.execution import turns, worker
from bench.running.execution.settings import CoderFile, Listener
from bench.running.interruption import Interruption


class Here:
    """The engine that has no workers."""

    workers = 0

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        say: Callable[[str], None],
        coders: Sequence[CoderFile] = (),
    ) -> None:
        backend.activate(name)
        worker.load_coders(coders)
        self._say = say
        self.facts: dict[str, Any] = {
            **provenance.software(),
            "machine": provenance.machine(name),
            **provenance.loaded(names),
        }

    def __enter__(self) -> "Here":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def run(self, units: list[Unit], listener: Listener, stop: Interruption) -> None:
        """Run the units in turn."""
        from bench.running.execution import work

        for unit in units:
            stop.check()
            listener.started(unit)
            wanted = listener.wanted(unit)
            with stop.insisting():
                outcome = work.run(unit, wanted, functools.partial(listener.progressed, unit))
            listener.finished(outcome)
        stop.check()

    def train_features(self, dataset: str) -> bytes:
        """Train the network in whose features images are compared."""
        from bench.running.execution import work

        try:
            return work.train_features(dataset)
        except Exception:
            raise
        except BaseException as error:
            if interruption.is_ctrl_c(error):
                raise
            raise RuntimeError(f"it raised {errors.one_line(error)}") from error

    def time(
        self,
        trials: list[Trial],
        kept: Callable[[Trial, dict[str, float]], None],
        failed: Callable[[Trial, str], None],
        stop: Interruption,
        told: Callable[[int, int], None] = turns.nobody,
    ) -> None:
        """Time the networks in turns."""
        turns.time(trials, _Watch, kept, failed, stop, told)


class _Watch:
    """The networks that are ready in this process."""

    def __enter__(self) -> "_Watch":
        from bench.training import timing

        self._ready: dict[Trial, timing.Network] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.clear()

    def add(self, trial: Trial) -> float:
        """Make a network ready; return the seconds that it took to compile."""
        from bench.training import timing

        self._ready[trial] = timing.Network(trial, datasets.load_once(trial.dataset))
        return self._ready[trial].compile_seconds

    def once(self, trial: Trial) -> turns.Times:
        """Time it once."""
        return self._ready[trial].once()
