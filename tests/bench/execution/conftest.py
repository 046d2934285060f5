"""Drivers as processes that go on beside a test, which stops, kills or starves them."""

import contextlib
import csv
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from bench.ask import grid
from bench.ask.trial import Trial
from tests.conftest import BACKEND, REPOSITORY, TINY, once

GRID = TINY + "seed = [0, 1]\n"
BASIC = ("--measures", "basic")  # what an engine does is the same for all measures
UNITS = 6  # four trials; mean and PCA
TIMING = ("fit_seconds", "epoch_seconds", "peak_memory_mb")
PATIENCE = 240.0  # seconds: far longer than anything takes, on a busy machine too
# One thread everywhere: the number of threads decides the order of sums, and so their last digits.
ENVIRONMENT = {"PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": BACKEND, "OMP_NUM_THREADS": "1"}

Row = dict[str, str]


def until(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    pytest.fail(f"{what}: not within {patience:.0f} s")


class Driver:
    """A `python -m bench run` in a session of its own, as in a terminal, and what it says."""

    def __init__(self, *arguments: object, cwd: pathlib.Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench", "run", *BASIC, *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **ENVIRONMENT},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell lets its background jobs ignore Ctrl-C, and they hand that down.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.text = ""
        self.cwd = cwd
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.text += line

    def waits_for(self, phrase: str) -> None:
        """Return once the driver has said something."""
        until(lambda: phrase in self.text or self.process.poll() is not None, f"{phrase!r} in {self.text}")
        assert phrase in self.text, self.text

    def ends(self) -> int:
        """The exit code, once all that it started has let go of standard error."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.process.pid).children(recursive=True)
            return [child for child in children if "spawn_main" in _command(child)]
        return []

    def worker_of(self, trial: Trial) -> psutil.Process | None:
        """The worker that is in the middle of a trial: it has the log of the trial open."""
        return self._worker_of(trial.key)

    def worker_of_features(self) -> psutil.Process | None:
        """The worker that is in the middle of training the classifier of features."""
        return self._worker_of("-features-")

    def _worker_of(self, log: str) -> psutil.Process | None:
        return next((one for one in self.workers() if any(log in path for path in opened(one))), None)

    def kill_worker_of(self, trial: Trial) -> None:
        """`kill -9` of the process that is in the middle of a trial, once there is one."""
        until(lambda: self.worker_of(trial), f"a worker in the middle of {trial}; {self.text}").kill()

    def press_ctrl_c(self) -> None:
        """As a terminal does: to every process of the session."""
        os.killpg(self.process.pid, signal.SIGINT)

    def left_behind(self) -> list[str]:
        """Every process of the session that still runs."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                mine = os.getsid(process.pid) == self.process.pid
                if mine and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(f"{process.pid} {_command(process)}")
        return found


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def opened(process: psutil.Process) -> list[str]:
    """The files that a process has open."""
    try:
        return [file.path for file in process.open_files()]
    except psutil.Error:
        return []


@contextlib.contextmanager
def running(*arguments: object, cwd: pathlib.Path) -> Iterator[Driver]:
    """A driver; whatever is left of it at the end is killed."""
    driver = Driver(*arguments, cwd=cwd)
    try:
        yield driver
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(driver.process.pid, signal.SIGKILL)
        driver.ends()
        assert driver.process.stderr is not None
        driver.process.stderr.close()


def write_grid(folder: pathlib.Path, text: str = GRID) -> list[Trial]:
    """Write `tiny.toml`, and return its trials."""
    path = folder / "tiny.toml"
    path.write_text(text)
    return grid.load(str(path)).trials(BACKEND)


def table(run: pathlib.Path) -> list[Row]:
    """`results.csv` without what differs from one run to the next."""
    with (run / "results.csv").open(newline="") as file:
        return [{k: v for k, v in row.items() if k not in TIMING} for row in csv.DictReader(file)]


def finished(run: pathlib.Path) -> dict[str, int]:
    """Key of each unit that has finished -> when its result was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in run.glob("trials/*/result.json")}


@pytest.fixture(scope="session")
def undisturbed(bench, tmp_path_factory):
    """The run folder of the tiny grid, from one process without workers that nothing happened to."""

    def make(folder: pathlib.Path) -> None:
        write_grid(folder)
        arguments = ("--grid", "tiny.toml", "--workers", "0", "--save-models", "none", "--output", "out")
        process = bench("run", *BASIC, *arguments, cwd=folder, OMP_NUM_THREADS="1")
        assert process.returncode == 0, process.stderr

    return once(tmp_path_factory, "undisturbed", make) / "out"
