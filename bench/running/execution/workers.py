"""The workers of a cluster: found, made ready, refused, lost."""

import collections
import contextlib
import pathlib
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import distributed

from bench import errors
from bench.machine import provenance
from bench.models.plugins import Plugin
from bench.running.execution import scheduler, worker
from bench.running.execution.deaths import Death, Witness
from bench.running.execution.settings import CoderFile
from bench.running.execution.tasks import LostError, log_name, result_of

PATIENCE = 60.0  # seconds without any worker, after which the run ends
OWN_PATIENCE = 1800.0  # seconds, while nannies of our own start workers: a busy machine takes minutes
DEATHS = 3  # workers that one nanny may start in vain, one after the other
ALONE_SECONDS = 30  # for the first worker to make itself ready, before another is asked beside it
BUSY_SECONDS = 15  # before a worker that has something else to do is asked again
RESTART_SECONDS = 30
SHORT_WAIT = 0.05
_TRYING = (distributed.Status.init, distributed.Status.starting, distributed.Status.running)  # of a nanny


class Workers:
    """Those workers of a cluster that hold one backend and the data.

    Attributes
    ----------
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
        files: tuple[Sequence[Plugin], Sequence[CoderFile]] = ((), ()),
        *,
        folder: pathlib.Path | None = None,
        nannies: Sequence[distributed.Nanny] = (),
    ) -> None:
        self._client, self._backend, self._datasets = client, backend, list(datasets)
        self._say, self._devices, self._files = say, devices, files
        self._folder, self._nannies = folder, nannies  # where the workers are our own
        self._witness = Witness(client, is_here=bool(nannies))
        self._preparing: dict[str, tuple[distributed.Future, str]] = {}
        self._refused: dict[str, errors.BenchError] = {}
        self._ready: set[str] = set()
        self._free: dict[str, None] = {}  # ready, without work of ours, in the order in which they became so
        self._paused: set[str] = set()  # by Dask, for their memory: they begin nothing
        self._busy: dict[str, float] = {}  # with work of others: until when they are not asked again
        self._about: dict[str, dict[str, Any]] = {}  # what the scheduler said of each that was begun with
        self._pids: dict[str, int | None] = {}
        self._deaths: collections.Counter[str] = collections.Counter()  # by place, in a row
        self._last_words, self._needs_memory = "", False
        self._last_seen = time.monotonic()
        self._has_said_so = False
        self.facts: dict[str, Any] = {}
        self.most = 0

    def __contains__(self, address: str) -> bool:
        return address in self._ready

    @property
    def idle(self) -> list[str]:
        """Addresses that wait for work, the one that has waited for longest first."""
        return [address for address in self._free if address not in self._paused]

    def take(self, address: str) -> None:
        """It has work now."""
        del self._free[address]

    def release(self, address: str) -> None:
        """It has no work any more."""
        if address in self._ready:
            self._free[address] = None

    def wait_for_first(self) -> None:
        """Make one worker ready, alone: it may have to download the data. Then begin with the others.

        One that does not come to it, as it has the work of others to do, is not waited for alone.

        Raises
        ------
        BenchError
            If no worker can be used; in the words of the last one that was refused.
        """
        begun = time.monotonic()
        while not self._ready:
            self.look(at_once=1 + int((time.monotonic() - begun) / ALONE_SECONDS))
            time.sleep(SHORT_WAIT)
        self.look()

    def look(self, at_once: int | None = None) -> set[str]:
        """See who came, who is ready and who is gone; return the addresses that are gone.

        Raises
        ------
        ClusterError
            If there has been no usable worker for a minute, nor is one of our own on its way, or the
            scheduler is gone.
        """
        there = scheduler.workers(self._client)
        gone = self._ready - there.keys()
        self._ready -= gone
        for address in gone:
            self._free.pop(address, None)
        self._busy = {address: until for address, until in self._busy.items() if address in there}
        self._paused = {address for address, about in there.items() if about.get("status") == "paused"}
        self._collect(there)
        for address, about in there.items():
            there_is_room = at_once is None or len(self._preparing) < at_once
            if there_is_room and self._can_begin(address, about):
                self._begin(address, about)
        self._require_some(there)
        return gone

    def _can_begin(self, address: str, about: dict[str, Any]) -> bool:
        is_known = address in self._ready or address in self._preparing or address in self._refused
        is_busy = time.monotonic() < self._busy.get(address, 0)
        is_hopeless = self._deaths[_place(address, about)] >= DEATHS
        return not (is_known or is_busy or is_hopeless or address in self._paused)

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
        return self.idle[0]

    def give_up(self, address: str, *, restart: bool = False) -> None:
        """Use a worker no longer, and have its nanny start another if it is stuck."""
        self._ready.discard(address)
        self._free.pop(address, None)
        if restart:
            self.restart([address])

    def restart(self, addresses: Sequence[str]) -> None:
        """Have nannies start workers anew; where there is none, or no worker any more, nothing is done."""
        with contextlib.suppress(OSError, TimeoutError, ValueError, KeyError, errors.ClusterError):
            there = scheduler.workers(self._client)
            found = [address for address in addresses if there.get(address, {}).get("nanny")]
            if found:  # Dask would take none for all
                self._client.restart_workers(found, timeout=RESTART_SECONDS, raise_for_error=False)

    def log_name(self, what: str) -> str:
        """A name for the log of a task: where the workers are our own, in the folder of the run."""
        name = log_name(what)
        return str(self._folder / name) if self._folder else name

    def read_log(self, log: str, address: str) -> str:
        """The log of a worker that died."""
        return self._witness.read_log(log, address, self.idle)

    def death_of(self, address: str) -> Death:
        """How a worker died that is gone."""
        death = self._witness.ask(address, self._about.get(address, {}), self._pids.get(address))
        self._last_words, self._needs_memory = death.with_remedy, death.may_be_memory
        return death

    def _begin(self, address: str, about: dict[str, Any]) -> None:
        log = self.log_name("prepare")
        self._about[address] = about
        future = self._client.submit(
            worker.prepare,
            self._backend,
            self._datasets,
            about["nthreads"],
            self._device(about["name"]),
            log,
            *self._files,
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
            was_busy = self._busy.pop(address, None) is not None
            if address not in there:
                self._died(address, log)
                continue
            try:
                facts = result_of(future)
            except LostError:
                del there[address]  # of a moment before it died
                self._died(address, log)
            except worker.BusyError as error:
                self._busy[address] = time.monotonic() + BUSY_SECONDS
                if not was_busy:
                    self._say(f"worker {address}: {error}")
            except Exception as error:
                self._refuse(address, error)
            else:
                self._accept(address, facts)

    def _died(self, address: str, log: str) -> None:
        place = _place(address, self._about[address])
        self._deaths[place] += 1
        message = worker.read_log(log).strip().splitlines()[-1:]
        self._last_words = "; ".join([*message, self.death_of(address).with_remedy])
        if self._deaths[place] == DEATHS:
            self._say(
                f"{DEATHS} workers in a row died at {place} while they made themselves ready "
                f"({self._last_words}): no more are asked there"
            )

    def _accept(self, address: str, facts: dict[str, Any]) -> None:
        self._pids[address] = facts.pop("pid", None)  # none of a worker with an older version of this
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
        del self._deaths[_place(address, self._about[address])]
        self._ready.add(address)
        self.most = max(self.most, len(self._ready))
        self._free[address] = None

    def _refuse(self, address: str, error: Exception) -> None:
        if not isinstance(error, errors.BenchError):  # such as a worker that has no bench to import
            error = errors.ClusterError(f"no worker can be used: {errors.one_line(error)}")
        self._refused[address] = error
        self._say(f"worker {address} is not used: {error}")

    def _require_some(self, there: dict[str, dict[str, Any]]) -> None:
        now = time.monotonic()
        stuck = self._free.keys() & self._paused
        if self._ready - stuck or self._preparing or self._busy:
            self._last_seen, self._has_said_so = now, False
            return
        if self._refused and not self.facts:
            # There are workers, and none will do. One that lacks the data came further than others.
            raise max(self._refused.values(), key=lambda error: isinstance(error, errors.DataError))
        places = [_place(each, about) for each, about in there.items() if each not in self._refused]
        has_tried_all = max(self._deaths.values(), default=0) >= DEATHS and all(map(self._deaths.get, places))
        if has_tried_all and not self.facts:
            where = "" if self._needs_memory else "; `python -m bench run --workers 0` shows where"
            died = f"every worker died while it made itself ready for {self._backend}"
            raise errors.BackendError(f"{died} ({self._last_words}){where}")
        waited = now - self._last_seen
        if waited > PATIENCE and self._are_starting(there):
            if not self._has_said_so:
                self._say(f"no worker is left; Dask is starting others, and has been for {waited:.0f} s")
                self._has_said_so = True
        elif waited > PATIENCE:
            raise errors.ClusterError(self._all_gone(waited, is_paused=bool(stuck)))

    def _are_starting(self, there: dict[str, dict[str, Any]]) -> bool:
        """Whether a worker of our own may still come: its nanny goes on, and the scheduler lacks it."""
        is_time = time.monotonic() - self._last_seen < OWN_PATIENCE
        trying = [one for one in self._nannies if one.status in _TRYING]  # between two processes, too
        return is_time and any(one.worker_address not in there for one in trying)

    def _all_gone(self, waited: float, *, is_paused: bool) -> str:
        paused = "; Dask has paused those that are there: give them more memory" if is_paused else ""
        words = f"; the last one died: {self._last_words}" if self._last_words else ""
        again = "the same command goes on" if self._nannies else "start workers, and the same command goes on"
        return (
            f"no worker that holds backend {self._backend} has been free for {waited:.0f} s{paused}{words}; "
            f"finished trials are kept: {again}"
        )


def _place(address: str, about: dict[str, Any]) -> str:
    """Where a worker comes back under another address: at its nanny, else at its host."""
    return str(about.get("nanny") or address.rpartition(":")[0])
