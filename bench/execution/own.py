"""A cluster of our own: worker processes on this machine."""

import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

import dask
import distributed

from bench import errors, gpus, threads


@contextlib.contextmanager
def start(backend: str, count: int, bound: int) -> Iterator[distributed.Client]:
    """A cluster of our own, in processes that see the backend and the bounds from their first moment."""
    shared = {name: value for name, value in gpus.SHARED.items() if name not in os.environ}
    environment = {"KERAS_BACKEND": backend, **threads.environment(bound), **shared}
    before = dict(os.environ)
    os.environ.update(environment)  # else what this process has would win
    try:
        with (
            dask.config.set({"distributed.nanny.pre-spawn-environ": environment}),
            _loop_without_ctrl_c() as loop,
            _processes(count, loop) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):
            yield client
    finally:
        os.environ.clear()  # Dask leaves the workers' environment in this process
        os.environ.update(before)


def _processes(count: int, loop: Any) -> distributed.LocalCluster:
    try:
        return distributed.LocalCluster(
            loop=loop,
            n_workers=count,
            threads_per_worker=1,
            memory_limit=distributed.system.MEMORY_LIMIT // count,  # Dask's own is a share of the cores
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else its health page takes a known port
            silence_logs=logging.CRITICAL,
        )
    except (RuntimeError, OSError) as error:
        raise errors.ClusterError(
            f"worker processes cannot be started here ({errors.one_line(error)}); "
            "make room for them, ask for fewer with --workers, or for none with --workers 0"
        ) from None


@contextlib.contextmanager
def _loop_without_ctrl_c() -> Iterator[Any]:
    """An event loop in a thread that Ctrl-C does not reach, nor any process that is begun from it.

    Ctrl-C goes to every process of a terminal, and what it means is for the driver to say. A blocked signal
    is handed down, so that workers do not hear it from their first moment, nor those that replace them.
    """
    runner = distributed.utils.LoopRunner()
    resource_tracker.ensure_running()  # the first worker would begin it, and that unblocks Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        runner.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    try:
        yield runner.loop
    finally:
        runner.stop()
