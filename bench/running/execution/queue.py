"""Which trial runs where: one at a time on each worker, the longest first, and what is done when one dies."""

import collections
import contextlib
import dataclasses
import queue
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import distributed

from bench import errors
from bench.ask import estimate
from bench.ask.trial import Unit
from bench.keeping.result import Outcome
from bench.running.execution import failures, worker
from bench.running.execution.settings import Listener, Settings, Wanted
from bench.running.execution.tasks import LostError, result_of
from bench.running.execution.workers import Workers
from bench.running.interruption import Interruption

TICK = 1.0  # seconds between two looks at the workers
ATTEMPTS = 2  # a killed worker's trial is tried once more
GRACE = 30.0  # seconds that a worker has to end itself when a trial's limit is over


@dataclasses.dataclass(kw_only=True)
class Running:
    """A unit on its worker."""

    unit: Unit
    address: str
    future: distributed.Future
    log: str
    since: float
    limit: float
    beside: int  # most other units that ran at the same time

    def elapsed(self) -> float:
        """Seconds since it was handed to the worker."""
        return time.monotonic() - self.since


class Queue:
    """Feeds workers: each gets a unit only when it is idle.

    So it is known where each unit runs and since when, and no two share a process, however many threads
    a worker of somebody's cluster has.
    """

    def __init__(
        self,
        client: distributed.Client,
        workers: Workers,
        settings: Settings,
        listener: Listener,
        task: Callable[[Unit, float, str, Wanted], Outcome] = worker.run,
    ) -> None:
        self._client, self._workers = client, workers
        self._settings, self._listener, self._task = settings, listener, task
        self._done: queue.SimpleQueue[distributed.Future] = queue.SimpleQueue()
        self._running: dict[str, Running] = {}  # by the key of the future
        self._attempts: collections.Counter[str] = collections.Counter()

    def run(self, units: Sequence[Unit], stop: Interruption) -> None:
        """Run every unit; return when each has been handed to the listener.

        Raises
        ------
        KeyboardInterrupt
            If Ctrl-C was pressed, once what was running has finished.
        ClusterError
            If no worker is left.
        """
        try:
            with self._hearing():
                self._run(units, stop)
        finally:
            # Dask ends no task that has begun: on somebody's cluster it would run beside the next run's.
            left = [one.address for one in self._running.values()]
            if left and self._settings.scheduler:
                self._workers.restart(left)

    @contextlib.contextmanager
    def _hearing(self) -> Iterator[None]:
        """Inside, the listener hears what units do; where the scheduler does not pass it on, it does not."""
        with contextlib.suppress(Exception):
            self._client.subscribe_topic(worker.TOPIC, self._heard)
        try:
            yield
        finally:
            with contextlib.suppress(Exception):
                self._client.unsubscribe_topic(worker.TOPIC)

    def _heard(self, event: tuple[float, Any]) -> None:
        """On somebody's cluster others send events, too: ours are known by their logs."""
        about = event[1] if isinstance(event[1], dict) else {}
        for one in list(self._running.values()):
            if one.log == about.get("log"):
                self._listener.progressed(one.unit, str(about.get("what")))

    def _run(self, units: Sequence[Unit], stop: Interruption) -> None:
        waiting = collections.deque(sorted(units, key=estimate.seconds, reverse=True))
        last_look = time.monotonic()
        while waiting or self._running:
            if stop.requested and not self._running:
                break
            while waiting and self._workers.idle and not stop.requested:
                self._start(waiting.popleft())
            with contextlib.suppress(queue.Empty):
                self._collect(self._done.get(timeout=TICK), waiting)
            if time.monotonic() - last_look > TICK:
                self._look(waiting)
                last_look = time.monotonic()
        stop.check()

    def _start(self, unit: Unit) -> None:
        address = self._workers.idle[0]
        self._workers.take(address)
        self._attempts[unit.key] += 1
        limit, log = self._settings.limit(unit), self._workers.log_name(unit.key)
        future = self._client.submit(
            self._task,
            unit,
            limit,
            log,
            self._listener.wanted(unit),
            workers=[address],
            pure=False,
            key=f"{unit.key}-{uuid.uuid4().hex}",
        )
        one = Running(
            unit=unit,
            address=address,
            future=future,
            log=log,
            since=time.monotonic(),
            limit=limit,
            beside=len(self._running),
        )
        self._running[future.key] = one
        for other in self._running.values():
            other.beside = max(other.beside, len(self._running) - 1)
        self._listener.started(unit)
        future.add_done_callback(self._done.put)

    def _collect(self, future: distributed.Future, waiting: collections.deque[Unit]) -> None:
        one = self._running.get(future.key)
        if one is None:  # it was given up before
            return
        try:
            outcome: Outcome = result_of(future)
        except LostError:
            self._died(one, waiting)
        except worker.BusyError:  # somebody else came first: it is made ready again once that is over
            self._workers.give_up(one.address)
            self._end(one)
            self._attempts[one.unit.key] -= 1
            waiting.appendleft(one.unit)
        except Exception as error:
            self._end(one)
            self._fail(one, "failed", errors.one_line(error), failures.trace(error))
        else:
            self._end(one)
            self._listener.finished(outcome.with_measure("trials_beside", one.beside))

    def _end(self, one: Running) -> None:
        del self._running[one.future.key]
        one.future.release()
        self._workers.release(one.address)

    def _look(self, waiting: collections.deque[Unit]) -> None:
        gone = self._workers.look()
        for one in list(self._running.values()):
            if one.address in gone or one.address not in self._workers:
                if not one.future.done():  # else it comes through the queue
                    self._died(one, waiting)
            elif one.elapsed() > one.limit + GRACE:
                self._workers.give_up(one.address, restart=True)
                self._died(one, waiting)

    def _died(self, one: Running, waiting: collections.deque[Unit]) -> None:
        self._workers.give_up(one.address)
        self._end(one)
        if one.elapsed() >= one.limit:
            self._fail(
                one, "timeout", f"it took longer than {estimate.duration(one.limit)} and was ended", ""
            )
            return
        death = self._workers.death_of(one.address)
        if self._attempts[one.unit.key] < ATTEMPTS:
            self._listener.say(f"the worker of {one.unit} died: {death.cause}; it is tried once more")
            waiting.appendleft(one.unit)
        else:
            self._fail(one, "killed", f"its worker process died twice: {death.with_remedy}", "")

    def _fail(self, one: Running, status: str, error: str, trace: str) -> None:
        log = self._workers.read_log(one.log, one.address)
        data = self._workers.facts["datasets"].get(one.unit.dataset, {})
        outcome = failures.outcome(
            one.unit, status, error, trace=trace, log=log, sha256=data.get("sha256", "")
        )
        self._listener.finished(outcome.with_measure("trials_beside", one.beside))
