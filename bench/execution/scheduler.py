"""Somebody's Dask scheduler, by its address."""

import asyncio
import contextlib
from collections.abc import Iterator

import distributed

from bench import errors

CONNECT_SECONDS = 10


@contextlib.contextmanager
def connect(address: str) -> Iterator[distributed.Client]:
    """A client of the scheduler.

    Raises
    ------
    ClusterError
        If there is none at this address.
    """
    try:
        # A client of its own accord waits for ever where something listens that never says a word. Where it
        # says something else, Dask takes its first bytes for a length that no memory has room for.
        asyncio.run(asyncio.wait_for(_greet(address), CONNECT_SECONDS))
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, MemoryError) as error:
        raise errors.ClusterError(
            f"no Dask scheduler answers at {address!r} ({errors.one_line(error)}); expected one that "
            "`dask scheduler` started, as in --scheduler tcp://127.0.0.1:8786"
        ) from None
    with client:
        yield client


async def _greet(address: str) -> None:
    """Connect and part again; raises `OSError`, or `ValueError` or `TypeError` for what is no address."""
    arguments = distributed.Security().get_connection_args("client")
    comm = await distributed.comm.connect(address, timeout=CONNECT_SECONDS, **arguments)
    await comm.close()
