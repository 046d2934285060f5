"""The engine on Dask: worker processes that stay warm between trials, here or on somebody's cluster."""

import contextlib
import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any

import dask

from bench.ask.trial import Trial, Unit
from bench.machine import gpus, threads
from bench.running.execution import own, scheduler, sizing, turns, worker
from bench.running.execution.queue import TICK, Queue
from bench.running.execution.settings import Listener, Settings
from bench.running.execution.tasks import LostError, TakenError, result_of
from bench.running.execution.workers import Workers
from bench.running.interruption import Interruption

FEATURES_SECONDS = 3600.0
ROUND_SECONDS = 3600.0  # of one network, which takes less than one
_CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # a trial is tried again by us, and counted
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,  # a paused worker would never go on
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.comm.timeouts.connect": f"{scheduler.CONNECT_SECONDS}s",
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


class Cluster:
    """Runs the units of one backend on the workers of a cluster."""

    def __init__(
        self,
        backend: str,
        settings: Settings,
        datasets: Sequence[str],
        *,
        most: int,
        planned: int,
        say: Callable[[str], None],
    ) -> None:
        self._backend, self._settings, self._datasets = backend, settings, datasets
        self._most, self._planned, self._say = max(1, most), max(1, planned), say
        self._closing = contextlib.ExitStack()
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> "Cluster":
        with contextlib.ExitStack() as stack:  # closes what is open if the rest fails
            stack.enter_context(_quiet())
            if self._settings.scheduler:
                self._client = stack.enter_context(scheduler.connect(self._settings.scheduler))
                self._workers = self._workers_of(())
            else:
                devices = self._devices()
                wanted = self._settings.workers or sizing.default_workers(devices, self._datasets)
                bound = threads.chosen(threads.available() // min(wanted, self._planned))
                started = stack.enter_context(own.start(self._backend, min(wanted, self._most), bound))
                self._client = started.client
                self._workers = self._workers_of(devices, folder=started.folder, nannies=started.nannies)
            self._workers.wait_for_first()
            self.facts = self._workers.facts
            self._closing = stack.pop_all()
        return self

    def _devices(self) -> list[str]:
        devices = gpus.usable(self._backend)
        if not devices and gpus.visible():
            self._say(f"backend {self._backend}: {gpus.unused(self._backend)}")
        return devices

    def _workers_of(self, devices: Sequence[str], **about: Any) -> Workers:
        files = (self._settings.plugins, self._settings.coders)
        return Workers(self._client, self._backend, self._datasets, self._say, devices, files, **about)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    @property
    def workers(self) -> int:
        """The most workers that were ready at once."""
        return self._workers.most

    def run(self, units: list[Unit], listener: Listener, stop: Interruption) -> None:
        """Run the units, one at a time on each worker, the longest first."""
        Queue(self._client, self._workers, self._settings, listener).run(units, stop)

    def train_features(self, dataset: str) -> bytes:
        """Train the network in whose features images are compared, on one worker; once more if that dies."""
        content: bytes = self._twice("features", FEATURES_SECONDS, worker.train_features, dataset)
        return content

    def time(
        self,
        trials: list[Trial],
        kept: Callable[[Trial, dict[str, float]], None],
        failed: Callable[[Trial, str], None],
        stop: Interruption,
        told: Callable[[int, int], None] = turns.nobody,
    ) -> None:
        """Time the networks in turns on one worker, while the others have nothing to do."""
        turns.time(trials, self._watch, kept, failed, stop, told)

    @contextlib.contextmanager
    def _watch(self) -> Iterator["_Watch"]:
        address = self._workers.next_idle()

        def run(limit: float, task: Callable[..., Any], *arguments: Any) -> Any:
            try:
                return self._on(address, limit, task, *arguments, self._workers.log_name("timing"))
            except worker.BusyError as error:  # somebody else came first: it is used again once that is over
                self._workers.give_up(address)
                raise TakenError(str(error)) from None

        yield _Watch(run, self._settings)
        with contextlib.suppress(LostError):
            run(ROUND_SECONDS, worker.forget_networks)

    def _twice(self, what: str, limit: float, task: Callable[..., Any], subject: Any) -> Any:
        """What a task returns on one worker, while the others have nothing to do; once more if that dies."""
        try:
            return self._alone(limit, task, subject, self._workers.log_name(what))
        except LostError:
            return self._alone(limit, task, subject, self._workers.log_name(what))

    def _alone(self, limit: float, task: Callable[..., Any], *arguments: Any) -> Any:
        """What a task returns on a worker, which may die of it, or come to no end."""
        while True:
            address = self._workers.next_idle()
            try:
                return self._on(address, limit, task, *arguments)
            except worker.BusyError:  # somebody else came first: it is made ready again once that is over
                self._workers.give_up(address)

    def _on(self, address: str, limit: float, task: Callable[..., Any], *arguments: Any) -> Any:
        end = time.monotonic() + limit
        future = self._client.submit(task, *arguments, workers=[address], pure=False)
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not done.wait(TICK):
            self._workers.look()
            is_late = time.monotonic() > end
            if address not in self._workers or is_late:
                self._workers.give_up(address, restart=is_late)
                raise LostError("it took too long" if is_late else self._end_of(address))
        try:
            return result_of(future)
        except LostError:  # heard of before the workers were looked at: the next task must not go there
            self._workers.give_up(address)
            raise LostError(self._end_of(address)) from None

    def _end_of(self, address: str) -> str:
        return f"its worker died: {self._workers.death_of(address).cause}"


class _Watch:
    """The networks that are ready on one worker."""

    def __init__(self, run: Callable[..., Any], settings: Settings) -> None:
        self._run, self._settings = run, settings

    def add(self, trial: Trial) -> float:
        """Make a network ready; return the seconds that it took to compile."""
        return float(self._run(self._settings.limit(trial), worker.add_network, trial))

    def once(self, trial: Trial) -> turns.Times:
        """Time it once."""
        found: turns.Times = self._run(ROUND_SECONDS, worker.time_network, trial)
        return found


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own words would break the progress line; what matters of them is said by us.

    What nannies say of their workers stays in their memory, where `deaths.Witness` asks for it.
    """
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(one, one.level, one.propagate) for one in loggers]  # Dask gives several their own
    for one in loggers:
        is_heard = one.name.startswith("distributed.nanny")
        one.setLevel(logging.INFO if is_heard else logging.CRITICAL + 1)
        one.propagate = one.propagate and one.name != "distributed.nanny"
    try:
        with dask.config.set(_CONFIG), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Dask about versions: ours names what matters
            yield
    finally:
        for one, level, propagates in before:
            one.setLevel(level)
            one.propagate = propagates
