"""Trials on Dask: a cluster of our own, somebody's by its address, or this process alone.

```
settings.py   where and how trials run; what an engine is
here.py       the engine without workers
cluster.py    the engine on Dask
own.py        worker processes of our own, on this machine
scheduler.py  somebody's scheduler, by its address
workers.py    the workers of a cluster: found, made ready, refused, lost
queue.py      which unit runs where, and what is done when a worker dies
worker.py     what happens inside a worker process
work.py       a unit -> its outcome
deaths.py     why a worker died
scratch.py    what a run keeps among the temporary files
failures.py   the outcome of a unit that did not end well
sizing.py     how many workers this machine carries
```

Importing this package is cheap; an engine imports Dask, or Keras, when it is opened.
"""

from collections.abc import Callable, Sequence

from bench import errors
from bench.running.execution.settings import Engine, Listener, Settings

__all__ = ["Engine", "Listener", "Settings", "open_engine"]


def open_engine(
    backend: str,
    settings: Settings,
    datasets: Sequence[str],
    *,
    most: int,
    planned: int,
    say: Callable[[str], None],
) -> Engine:
    """The engine for the units of one backend; made ready by `with`.

    Parameters
    ----------
    datasets
        Names of the data sets that its units need; loaded by the time the engine is entered.
    most
        More workers than this would have nothing to do.
    planned
        Units that the whole run has for this backend, finished or not: they say among how many workers the
        cores are shared out, so that a run which goes on later has as many threads a worker as before.

    Raises
    ------
    BackendError, DataError
        If the backend or the data cannot be had, on the first worker or on all of them.
    ClusterError
        If the scheduler does not answer, or no worker is there.
    """
    if settings.workers == 0 and not settings.scheduler:
        from bench.running.execution.here import Here

        return Here(backend, datasets, say, settings.coders)
    from bench.running.execution.cluster import Cluster

    return Cluster(backend, settings, datasets, most=most, planned=planned, say=say)


def check(settings: Settings, backends: Sequence[str]) -> None:
    """Refuse settings that do not fit together.

    Raises
    ------
    UsageError
        In one line.
    """
    if settings.workers == 0 and len(backends) > 1:
        raise errors.UsageError(
            f"--workers 0 runs in one process, which has one backend, received {', '.join(backends)}; "
            "leave --workers out, or give one backend"
        )
    if settings.workers == 0 and settings.timeout:
        raise errors.UsageError("--timeout ends a worker process, and --workers 0 has none; give --workers 1")
    if settings.workers is not None and settings.scheduler:
        raise errors.UsageError(
            "--workers is for a cluster of our own, and --scheduler names one; give one of them"
        )
