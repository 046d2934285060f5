"""A cluster of our own: worker processes on this machine, which nobody else can talk to."""

import contextlib
import dataclasses
import logging
import os
import pathlib
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

import dask
import distributed

from bench import errors
from bench.machine import gpus, threads
from bench.running.execution import scratch


@dataclasses.dataclass(frozen=True, kw_only=True)
class Own:
    """Workers of our own.

    Attributes
    ----------
    client
        Talks to their scheduler.
    folder
        For what they write for a while; no other user may enter it.
    nannies
        The processes' keepers, which live in this process.
    """

    client: distributed.Client
    folder: pathlib.Path
    nannies: tuple[distributed.Nanny, ...]


@contextlib.contextmanager
def start(backend: str, count: int, bound: int) -> Iterator[Own]:
    """Start workers that see the backend and the bounds from their first moment.

    Whoever reaches a scheduler or a worker of Dask can have it run anything. So all that listens asks for a
    certificate that was made for this run and never leaves its processes, and what would not ask for one,
    the pages about health, does not listen. What is written goes into a folder of the run's own: Dask puts
    its folder first in `sys.path`, and in a shared one others could lay modules there.
    """
    with scratch.folder() as folder, _environment(backend, bound, folder) as environment:
        settings: dict[str, Any] = {
            "distributed.nanny.pre-spawn-environ": environment,
            "temporary-directory": str(folder),
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
            # Nannies see to workers. By their silence a scheduler would take all for dead after a pause of
            # this process (Ctrl-Z, a laptop that sleeps), and have them killed in the middle of a trial.
            "distributed.scheduler.worker-ttl": None,
            # Nor is a nanny to be ended whose next worker takes long to come, as on a busy machine.
            "distributed.deploy.lost-worker-timeout": "1 day",
        }
        with (
            dask.config.set(settings),
            _loop_without_ctrl_c() as loop,
            _processes(count, loop) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):
            loop.add_callback(cluster.scheduler.http_server.stop)
            client.register_plugin(_NoHealthPage())
            yield Own(client=client, folder=folder, nannies=tuple(cluster.workers.values()))


@contextlib.contextmanager
def _environment(backend: str, bound: int, folder: pathlib.Path) -> Iterator[dict[str, str]]:
    """What workers are to see, in this process, too: else what this one has would win."""
    shared = {name: value for name, value in gpus.SHARED.items() if name not in os.environ}
    environment = {
        "KERAS_BACKEND": backend,
        "TMPDIR": str(folder),
        **threads.environment(bound),
        **shared,
    }
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield environment
    finally:
        os.environ.clear()  # Dask leaves the workers' environment in this process
        os.environ.update(before)


class _NoHealthPage(distributed.WorkerPlugin):
    """Closes the port at which a worker would tell everybody how it is."""

    def setup(self, worker: distributed.Worker) -> None:
        worker.http_server.stop()


def _processes(count: int, loop: Any) -> distributed.LocalCluster:
    try:
        return distributed.LocalCluster(
            loop=loop,
            n_workers=count,
            threads_per_worker=1,
            memory_limit=distributed.system.MEMORY_LIMIT // count,  # Dask's own is a share of the cores
            processes=True,
            host="127.0.0.1",
            security=distributed.Security.temporary(),
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else its health page takes a known port
            silence_logs=logging.CRITICAL,
        )
    except (RuntimeError, OSError) as error:
        raise errors.ClusterError(
            f"worker processes cannot be started here ({errors.one_line(error)}); "
            "make room for them, ask for fewer with --workers, or for none with --workers 0"
        ) from None
    except KeyboardInterrupt:  # at its end Dask would close what has not begun, and fail at that
        distributed.SpecCluster._instances.clear()
        raise


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
