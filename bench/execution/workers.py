"""The workers of a cluster: found, made ready, refused, lost."""

import contextlib
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import distributed

from bench import errors, provenance
from bench.execution import worker

PATIENCE = 60.0  # seconds without any worker, after which the run ends
DEATHS = 3  # workers that may die in a row before one is ready
RESTART_SECONDS = 30
ANSWER_SECONDS = 60  # for the scheduler to say who is there
GATHER_SECONDS = 60  # for what a worker found to come here; without a limit it waits for a dead one, too
SHORT_WAIT = 0.05
OURS = "autoencoder-bench"


class LostError(Exception):
    """A task whose worker, or scheduler, is gone."""


class Workers:
    """Those workers of a cluster that hold one backend and the data.

    Attributes
    ----------
    idle
        Addresses that wait for work, in the order in which they became idle.
    facts
        What the first one told: versions, machine, data sets.
    most
        The most that were ready at once.
    """

    def __init__(
        self,
        client: distributed.Client,
        backend: str,
        datasets: Sequence[str],
        say: Callable[[str], None],
        devices: Sequence[str],
    ) -> None:
        self._client, self._backend, self._datasets = client, backend, list(datasets)
        self._say, self._devices = say, devices
        self._preparing: dict[str, tuple[distributed.Future, str]] = {}
        self._refused: dict[str, errors.BenchError] = {}
        self._ready: set[str] = set()
        self._deaths = 0
        self._last_seen = time.monotonic()
        self.idle: dict[str, None] = {}
        self.facts: dict[str, Any] = {}
        self.most = 0

    def __contains__(self, address: str) -> bool:
        return address in self._ready

    def wait_for_first(self) -> None:
        """Make one worker ready, alone: it may have to download the data. Then begin with the others.

        Raises
        ------
        BenchError
            If no worker can be used; in the words of the last one that was refused.
        """
        while not self._ready:
            self.look(at_once=1)
            time.sleep(SHORT_WAIT)
        self.look()

    def look(self, at_once: int | None = None) -> set[str]:
        """See who came, who is ready and who is gone; return the addresses that are gone.

        Raises
        ------
        ClusterError
            If there has been no usable worker for a minute, or the scheduler is gone.
        """
        there = self._addresses()
        gone = self._ready - there.keys()
        self._ready -= gone
        for address in gone:
            self.idle.pop(address, None)
        self._collect(there)
        for address, about in there.items():
            known = address in self._ready or address in self._preparing or address in self._refused
            if not known and (at_once is None or len(self._preparing) < at_once):
                self._begin(address, about)
        self._check_patience()
        return gone

    def next_idle(self) -> str:
        """The worker that has been idle for longest; waits for one.

        Raises
        ------
        ClusterError
            If there has been no usable worker for a minute, or the scheduler is gone.
        """
        while not self.idle:
            self.look()
            time.sleep(SHORT_WAIT)
        return next(iter(self.idle))

    def give_up(self, address: str, *, restart: bool = False) -> None:
        """Use a worker no longer, and have its nanny start another if it is stuck."""
        self._ready.discard(address)
        self.idle.pop(address, None)
        if restart:
            # A worker without a nanny cannot be restarted, and one that is gone need not be.
            with contextlib.suppress(OSError, TimeoutError, ValueError, KeyError):
                self._client.restart_workers([address], timeout=RESTART_SECONDS, raise_for_error=False)

    def read_log(self, log: str, address: str) -> str:
        """The log of a worker that died: from this machine, or from another worker on that one."""
        text = worker.read_log(log)
        host = address.rpartition(":")[0]
        others = [other for other in self.idle if other.rpartition(":")[0] == host]
        if not text and others:
            with contextlib.suppress(OSError):  # it may be gone, too
                found = self._client.run(worker.read_log, log, workers=others[:1], on_error="ignore")
                text = next(iter(found.values()), "")
        return text

    def _addresses(self) -> dict[str, dict[str, Any]]:
        # Not `Client.scheduler_info`: its timer may replace the answer by one without workers.
        ask = getattr(self._client.scheduler, "identity", None)  # none: the client was closed
        try:
            if ask is None:
                raise OSError("the client is closed")
            answer = self._client.sync(ask, n_workers=-1, callback_timeout=ANSWER_SECONDS)
            found: dict[str, dict[str, Any]] = dict(answer["workers"])
        except (OSError, ValueError, RuntimeError):
            raise errors.ClusterError(
                "the Dask scheduler does not answer any more; "
                "finished trials are kept: start it again, and the same command goes on"
            ) from None
        return found

    def _begin(self, address: str, about: dict[str, Any]) -> None:
        log = log_name("prepare")
        future = self._client.submit(
            worker.prepare,
            self._backend,
            self._datasets,
            about["nthreads"],
            self._device(about["name"]),
            log,
            workers=[address],
            pure=False,
            key=f"prepare-{uuid.uuid4().hex}",
        )
        self._preparing[address] = (future, log)

    def _device(self, name: Any) -> str:
        """The GPU of a worker of our own cluster, whose names are numbers from 0."""
        return self._devices[int(name) % len(self._devices)] if self._devices else ""

    def _collect(self, there: dict[str, dict[str, Any]]) -> None:
        for address, (future, log) in list(self._preparing.items()):
            if address in there and not future.done():
                continue
            del self._preparing[address]
            if address not in there:
                self._died(log)
                continue
            try:
                facts = result_of(future)
            except LostError:
                del there[address]  # of a moment before it died
                self._died(log)
            except Exception as error:
                self._refuse(address, error)
            else:
                self._accept(address, facts)

    def _died(self, log: str) -> None:
        self._deaths += 1
        last = worker.read_log(log).strip().splitlines()[-1:] or ["it left no message"]
        if self._deaths >= DEATHS:
            raise errors.ClusterError(
                f"{DEATHS} workers died while they made themselves ready: {last[0]}; "
                "try --workers 0, which shows where"
            )

    def _accept(self, address: str, facts: dict[str, Any]) -> None:
        if not self.facts:
            self.facts = facts
        for name, data in facts["datasets"].items():
            if data["sha256"] != self.facts["datasets"][name]["sha256"]:
                self._refuse(address, errors.DataError(f"it has other data under the name {name!r}"))
                return
        differing = provenance.differences(facts["versions"], provenance.versions())
        if differing:
            self._say(f"worker {address} has other versions: {differing}")
            self.facts.setdefault("other_versions", [])
            if differing not in self.facts["other_versions"]:
                self.facts["other_versions"].append(differing)
        self._deaths = 0
        self._ready.add(address)
        self.most = max(self.most, len(self._ready))
        self.idle[address] = None

    def _refuse(self, address: str, error: Exception) -> None:
        if not isinstance(error, errors.BenchError):  # such as a worker that has no bench to import
            error = errors.ClusterError(f"no worker can be used: {errors.one_line(error)}")
        self._refused[address] = error
        self._say(f"worker {address} is not used: {error}")

    def _check_patience(self) -> None:
        now = time.monotonic()
        if self._ready or self._preparing:
            self._last_seen = now
            return
        if self._refused and not self.facts:
            # There are workers, and none will do. One that lacks the data came further than others.
            raise max(self._refused.values(), key=lambda error: isinstance(error, errors.DataError))
        if now - self._last_seen > PATIENCE:
            raise errors.ClusterError(
                f"no worker that holds backend {self._backend} has been there for {PATIENCE:.0f} s; "
                "finished trials are kept: start workers, and the same command goes on"
            )


def result_of(future: distributed.Future) -> Any:
    """What a task returned, or raise what it raised.

    Raises
    ------
    LostError
        If what it returned cannot be had: its worker died before or since, or the scheduler is gone.
    """
    try:
        if not future.done():  # it was, and its worker died with the result
            raise LostError("its worker died")
        return future.result(timeout=GATHER_SECONDS)
    except Exception as error:
        if future.status == "error" and not isinstance(error, distributed.KilledWorker):
            raise
        raise LostError(errors.one_line(error)) from error


def log_name(what: str) -> str:
    """A name for a log that nobody else uses."""
    return f"{OURS}-{what}-{uuid.uuid4().hex[:12]}.log"
