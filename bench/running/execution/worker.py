"""What happens inside a worker process; the driver sends these functions to it."""

import contextlib
import faulthandler
import importlib
import os
import pathlib
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench import errors
from bench.ask.trial import Trial, Unit
from bench.keeping.result import Outcome
from bench.machine import backend, threads
from bench.models import plugins
from bench.running.execution import scratch
from bench.running.execution.settings import CoderFile, Wanted

LOG_LINES = 40
LOG_BYTES = 2**20  # of the end of a log; a trial may print without end
TELL_SECONDS = 5.0
TOPIC = "autoencoder-bench"  # of events
PREPARE_SECONDS = 3600.0  # data may have to be downloaded
# faulthandler writes the stack of every thread, and Dask has many that only wait. It ends one with dots after
# 100 calls, which is deeper than waiting goes.
_FIRST = "(most recent call first):"
_STACK = re.compile(r"^(Current thread|Thread) 0x.*\(most recent call first\):\n(  .*\n?)*\n?", re.MULTILINE)


_ONE_AT_A_TIME = threading.Lock()
_TIMED: dict[Trial, Any] = {}  # networks that are ready to be timed


class BusyError(errors.ClusterError):
    """This process runs a task of another driver, which may be gone: Dask ends no task that has begun."""


def prepare(
    name: str,
    datasets: Sequence[str],
    thread_count: int,
    device: str,
    log: str,
    plugged: Sequence[plugins.Plugin] = (),
    coders: Sequence[CoderFile] = (),
) -> dict[str, Any]:
    """Import the backend, load the data and tell what is here, once before the first trial.

    Parameters
    ----------
    thread_count
        Bound for every library that has none yet, unless `OMP_NUM_THREADS` says another.
    device
        The only GPU this process may see; empty to leave that as it is.
    plugged
        Files with models of the user's own, as the driver read them.
    coders
        Files with coders of the user's own.

    Raises
    ------
    UsageError
        If such a file cannot be run, or lacks the name.
    BackendError
        If this process has another backend, or cannot import this one.
    DataError
        If a data set cannot be loaded here.
    """
    present = _backend_of_this_process()
    if present not in ("", name):
        raise errors.BackendError(
            f"it has backend {present!r}, and {name!r} was asked for; start workers with KERAS_BACKEND={name}"
        )
    wanted = threads.environment(threads.chosen(thread_count))
    bounds = {switch: os.environ.setdefault(switch, value) for switch, value in wanted.items()}
    if device:
        os.environ["CUDA_VISIBLE_DEVICES"] = device
    scratch.sweep()
    for plugin in plugged:
        plugins.add(plugin)
    with _ended_after(PREPARE_SECONDS, log):
        if name != "tensorflow":
            # Keras imports it to save a model wherever it is installed: 3 seconds and 400 MB for nothing.
            sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]
        backend.activate(name)
        from bench.machine import provenance

        importlib.import_module("bench.running.execution.work")  # what it imports is part of being warm
        load_coders(coders)
        return {
            **provenance.software(),
            "pid": os.getpid(),
            "machine": provenance.machine(name),
            "threads": bounds,
            **provenance.loaded(datasets),
        }


def load_coders(coders: Sequence[CoderFile]) -> None:
    """Run the files of external coders, before anything is measured: a mistake in one must cost nothing."""
    from bench.tasks import external

    for one in coders:
        external.load(one.plugin, one.source, several=one.several)


def _backend_of_this_process() -> str:
    """The backend this process is bound to; empty if it may still choose."""
    if "keras" in sys.modules:
        return str(sys.modules["keras"].backend.backend())
    return os.environ.get("KERAS_BACKEND", "")


def run(unit: Unit, limit: float, log: str, wanted: Wanted) -> Outcome:
    """Run a unit; after `limit` seconds this process ends itself, whatever it is in the middle of.

    Parameters
    ----------
    log
        Name of the file, in the folder for temporary files, that takes what the unit prints.
    """
    from bench.running.execution import work

    with _ended_after(limit, log):
        return work.run(unit, wanted, _Teller(log))


class _Teller:
    """Tells the driver what the task of a log does; now and then, as an epoch may take milliseconds."""

    def __init__(self, log: str) -> None:
        self._log, self._last = log, -TELL_SECONDS

    def __call__(self, what: str) -> None:
        if time.monotonic() - self._last < TELL_SECONDS:
            return
        self._last = time.monotonic()
        with contextlib.suppress(Exception):  # outside of a worker of Dask, or where it is being closed
            import distributed

            distributed.get_worker().log_event(TOPIC, {"log": self._log, "what": what})


def train_features(dataset: str, log: str) -> bytes:
    """Train the network in whose features images are compared."""
    from bench.running.execution import work

    with _captured(log):
        return work.train_features(dataset)


def add_network(trial: Trial, log: str) -> float:
    """Make a trial's network ready to be timed; return the seconds that it took to compile."""
    from bench import datasets
    from bench.training import timing

    with _captured(log):
        _TIMED[trial] = timing.Network(trial, datasets.load_once(trial.dataset))
        return float(_TIMED[trial].compile_seconds)


def time_network(trial: Trial, log: str) -> dict[str, float]:
    """Time a network that is ready, once; nothing else should be running."""
    with _captured(log):
        found: dict[str, float] = _TIMED[trial].once()
        return found


def forget_networks(log: str) -> None:
    """Keep no network ready any more."""
    with _captured(log):
        _TIMED.clear()


def read_log(log: str) -> str:
    """The end of a log that was written on this machine, and where the last stack in it was; else empty."""
    path = _path(log)
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LOG_BYTES))
            text = file.read(LOG_BYTES).decode("utf-8", errors="replace")
        path.unlink()
    except OSError:
        return ""
    # A stack is written while its thread runs, and may lack its end: if none is known as ours, all are told.
    if any(_is_ours(stack[0]) for stack in _STACK.finditer(text)):
        text = _STACK.sub(lambda stack: stack[0] if _is_ours(stack[0]) else "", text)
    lines = text.splitlines()
    stacks = [number for number, line in enumerate(lines) if line.endswith(_FIRST)]
    if stacks and stacks[-1] < len(lines) - LOG_LINES:  # the call that it was in stands at its head
        half = LOG_LINES // 2
        lines = [*lines[stacks[-1] :][: half - 1], "  ...", *lines[-half:]]
    return "\n".join(lines[-LOG_LINES:])


def _is_ours(stack: str) -> bool:
    return "execution/worker.py" in stack or stack.rstrip().endswith("\n  ...")


@contextlib.contextmanager
def _ended_after(seconds: float, log: str) -> Iterator[None]:
    """`_captured`, and the end of this process with a stack in the log if it takes too long."""
    with _captured(log) as file:
        # A thread of the C library: it also ends a process that is stuck outside Python.
        faulthandler.dump_traceback_later(seconds, exit=True, file=file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextlib.contextmanager
def _captured(log: str) -> Iterator[int]:
    """Send standard output and error, those of C libraries too, to a file; kept only if the process dies.

    Raises
    ------
    BusyError
        If another task has begun in this process and has not ended.
    RuntimeError
        In place of what would end the program, as `SystemExit`: Dask would end this process without a word.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise BusyError("it is busy with a trial of another run; it is used once that is over")
    try:
        with _redirected(_path(log)) as file:
            yield file
    except Exception:
        raise
    except BaseException as error:
        raise RuntimeError(f"it raised {errors.one_line(error)}") from error
    finally:
        _ONE_AT_A_TIME.release()


@contextlib.contextmanager
def _redirected(path: pathlib.Path) -> Iterator[int]:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    file = scratch.new_log(path)
    kept = {number: os.dup(number) for number in (1, 2)}
    try:
        for number in kept:
            os.dup2(file, number)
        faulthandler.enable(file=file)  # a segmentation fault leaves its traceback
        yield file
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        faulthandler.disable()
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)
        os.close(file)
        path.unlink(missing_ok=True)


def _path(log: str) -> pathlib.Path:
    return pathlib.Path(tempfile.gettempdir()) / log
