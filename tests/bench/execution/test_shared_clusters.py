"""A cluster that was there before the run and is there after it: what a run finds on it, and leaves."""

import contextlib
import pathlib
import signal
from collections.abc import Iterator

import psutil
import pytest

from bench.ask.trial import Trial

from .conftest import finished, opened, running, until, write_grid
from .test_schedulers import address_in, end, start

ENDLESS = """
[defaults]
latent_dim = 2
epochs = 1000000
[[block]]
model = "ae"
"""
SMALL = ENDLESS.replace("1000000", "1")


@contextlib.contextmanager
def worker(folder: pathlib.Path, path: str = "") -> Iterator[psutil.Process]:
    """As README starts one: with a nanny, which starts it again; two trials would have room in it."""
    found = str(folder / "scheduler.json")
    arguments = ("--scheduler-file", found, "--nthreads", "2", "--no-dashboard", "--host", "127.0.0.1")
    nanny = start("worker", *arguments, "--local-directory", str(folder), cwd=folder, path=path)
    try:
        yield psutil.Process(nanny.pid)
    finally:
        for process in [*psutil.Process(nanny.pid).children(recursive=True), nanny]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        nanny.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """Its folder and address."""
    folder = tmp_path_factory.mktemp("shared")
    file = folder / "scheduler.json"
    arguments = ("--host", "127.0.0.1", "--no-dashboard", "--port", "0", "--scheduler-file", str(file))
    process = start("scheduler", *arguments, cwd=folder)
    try:
        yield folder, until(lambda: address_in(file), "an address of the scheduler")
    finally:
        end(process)


def in_the_middle(nanny: psutil.Process, trial: Trial) -> psutil.Process | None:
    """The process that has the log of a trial open."""
    children = nanny.children(recursive=True)
    return next((one for one in children if any(trial.key in path for path in opened(one))), None)


def test_what_a_killed_driver_left_running_is_waited_for_and_never_trained_beside(scheduler, tmp_path):
    folder, address = scheduler
    arguments = ("--grid", "tiny.toml", "--scheduler", address, "--output", "out")
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    (endless,) = write_grid(first, ENDLESS)
    write_grid(second, SMALL)
    with worker(folder) as nanny:
        with running(*arguments, cwd=first) as driver:
            until(lambda: in_the_middle(nanny, endless), f"a trial in the middle; {driver.text}")
            driver.process.send_signal(signal.SIGKILL)
        with running(*arguments, cwd=second) as driver:
            driver.waits_for("it is busy with a trial of another run; it is used once that is over")
            left = in_the_middle(nanny, endless)
            assert left is not None
            left.kill()  # its end: the nanny starts another
            assert driver.ends() == 0, driver.text
        assert len(finished(second / "out")) == 4


def test_a_run_that_is_stopped_leaves_nothing_running_on_the_cluster(scheduler, tmp_path):
    folder, address = scheduler
    (endless,) = write_grid(tmp_path, ENDLESS)
    arguments = ("--grid", "tiny.toml", "--scheduler", address, "--output", "out")
    with worker(folder) as nanny, running(*arguments, cwd=tmp_path) as driver:
        until(lambda: in_the_middle(nanny, endless), f"a trial in the middle; {driver.text}")
        driver.press_ctrl_c()
        driver.waits_for("Ctrl-C again stops now")
        driver.press_ctrl_c()
        assert driver.ends() == 130, driver.text
        until(lambda: not in_the_middle(nanny, endless), "the end of the trial", 60)
        assert nanny.is_running()


def test_workers_that_die_while_they_get_ready_cost_the_others_nothing(scheduler, tmp_path):
    folder, address = scheduler
    broken = tmp_path / "packages" / "keras" / "__init__.py"
    broken.parent.mkdir(parents=True)
    broken.write_text("import os\nos._exit(1)\n")
    (endless,) = write_grid(tmp_path, ENDLESS)
    arguments = ("--grid", "tiny.toml", "--scheduler", address, "--output", "out")
    with worker(folder) as nanny, running(*arguments, cwd=tmp_path) as driver:
        until(lambda: in_the_middle(nanny, endless), f"a trial in the middle; {driver.text}")
        with worker(folder, str(broken.parents[1])):
            driver.waits_for("3 workers in a row died at tcp://127.0.0.1:")
        driver.waits_for("no more are asked there")
        assert in_the_middle(nanny, endless)
