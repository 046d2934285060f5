"""Why a worker died, as far as its nanny or the kernel knows."""

import contextlib
import dataclasses
import pathlib
import re
import signal
import time
from collections.abc import Sequence
from typing import Any

import distributed

from bench.running.execution import worker

_LINES = 500  # of a nanny's log, the newest
_ANSWER_SECONDS = 5.0  # for a nanny to answer
_NEWS_SECONDS = 2.0  # for a nanny to hear that its worker is gone
_EXIT = re.compile(r"Worker process (\d+) (?:was killed by signal (\d+)|exited with status (\d+))")
_TOO_LARGE = re.compile(r"Worker \S+ \(pid=(\d+)\) exceeded (\d+)% memory budget")
_BY_ACCIDENT = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
ROOM = "fewer workers (--workers) leave more memory to each, and a smaller batch_size takes less"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Death:
    """How a worker came to its end.

    Attributes
    ----------
    cause
        What can be said of it; always something.
    may_be_memory
        Whether more memory may help.
    """

    cause: str
    may_be_memory: bool

    @property
    def with_remedy(self) -> str:
        """The cause, and what to do about it."""
        return f"{self.cause}; {ROOM}" if self.may_be_memory else self.cause


UNKNOWN = Death(cause="out of memory, or a crash outside Python, which its log may tell", may_be_memory=True)


class Witness:
    """Asks what became of workers: their nannies, through the scheduler, and the kernel of this machine."""

    def __init__(self, client: distributed.Client, *, is_here: bool) -> None:
        self._client, self._is_here = client, is_here
        self._kills = kernel_kills()
        self._told: set[str] = set()

    def ask(self, address: str, about: dict[str, Any], pid: int | None) -> Death:
        """Tell how a worker died.

        Parameters
        ----------
        about
            What the scheduler knew of it.
        pid
            Of its process; None takes the last of its nanny that died.
        """
        end = time.monotonic() + _NEWS_SECONDS
        while nanny := about.get("nanny"):
            lines = [line for line in self._log(nanny) if line not in self._told]
            exits = [(line, found) for line in lines if (found := _EXIT.search(line))]
            for line, found in exits:
                if pid is None or int(found[1]) == pid:
                    self._told.add(line)
                    return self._death(found, self._budget(lines, found[1]), about)
            if not lines or time.monotonic() > end:
                break
            time.sleep(0.1)
        return UNKNOWN

    def read_log(self, log: str, address: str, others: Sequence[str]) -> str:
        """The log of a worker that died: from this machine, or from one of the other workers on that one."""
        text, host = worker.read_log(log), _host(address)
        beside = [other for other in others if _host(other) == host]
        if not text and beside:
            with contextlib.suppress(OSError):  # it may be gone, too
                found = self._client.run(worker.read_log, log, workers=beside[:1], on_error="ignore")
                text = next(iter(found.values()), "")
        return text

    def _log(self, nanny: str) -> list[str]:
        """Lines of a nanny's log, the newest first; none if it cannot be asked."""
        message = {"op": "get_logs", "n": _LINES}
        with contextlib.suppress(OSError, ValueError, RuntimeError, TypeError, AttributeError):
            answer = self._client.sync(
                self._client.scheduler.broadcast,
                msg=message,
                workers=[nanny],
                on_error="ignore",
                callback_timeout=_ANSWER_SECONDS,
            )
            return [str(line) for _, line in answer.get(nanny, ())]
        return []

    @staticmethod
    def _budget(lines: list[str], pid: str) -> str:
        """The share of its memory, in per cent, for which a nanny ended a worker; empty if it did not.

        By its process: for a moment a nanny that has started a worker gives the address of the one before.
        """
        found = (_TOO_LARGE.search(line) for line in lines)
        return next((one[2] for one in found if one and one[1] == pid), "")

    def _death(self, found: re.Match[str], budget: str, about: dict[str, Any]) -> Death:
        if budget:
            limit = about.get("memory_limit") or 0
            return Death(
                cause=f"it took more than {budget} % of the {limit / 2**30:.1f} GiB that a worker may have, "
                "and Dask ended it",
                may_be_memory=True,
            )
        if found[2] is None:
            return Death(cause=f"it ended itself with exit code {found[3]}", may_be_memory=False)
        return self._killed(int(found[2]))

    def _killed(self, number: int) -> Death:
        name = _name(number)
        if number == signal.SIGKILL:
            before, self._kills = self._kills, kernel_kills()
            if self._is_here and self._kills > before:
                told = "this machine had no memory left, and the kernel killed it"
                return Death(cause=told, may_be_memory=True)
            told = f"it was killed ({name}), as the kernel does when memory is short"
            return Death(cause=told, may_be_memory=True)
        if number in _BY_ACCIDENT:
            return Death(cause=f"it crashed outside Python ({name})", may_be_memory=False)
        return Death(cause=f"somebody ended it ({name})", may_be_memory=False)


def _host(address: str) -> str:
    return address.rpartition(":")[0]


def _name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return f"signal {number}, {signal.Signals(number).name}"
    return f"signal {number}"


def kernel_kills() -> int:
    """Processes that the kernel of this machine has killed for their memory; 0 where it does not say."""
    try:
        text = pathlib.Path("/proc/vmstat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"^oom_kill (\d+)$", text, re.MULTILINE)
    return int(found[1]) if found else 0
