"""Somebody's Dask scheduler, by its address."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import distributed
from distributed.core import rpc

from bench import errors, foreign

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60  # to say who is there


@contextlib.contextmanager
def connect(address: str) -> Iterator[distributed.Client]:
    """A client of the scheduler; with TLS where Dask's configuration says so.

    Raises
    ------
    ClusterError
        If there is none at this address.
    """
    with foreign.guarded(lambda what: _no_scheduler(address, what)):
        # A client of its own accord waits for ever where something listens that never says a word. Where it
        # says something else, Dask takes that for lengths, messages and pickles of its own.
        kind = asyncio.run(_greet(address))
        if kind != "Scheduler":
            raise _no_scheduler(address, f"what answers there is a {foreign.visible(kind)} of Dask")
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    with client:
        yield client


def workers(client: distributed.Client) -> dict[str, dict[str, Any]]:
    """Who is there, by address, and what the scheduler knows of each.

    Raises
    ------
    ClusterError
        If the scheduler is gone.
    """
    # Not `Client.scheduler_info`: its timer may replace the answer by one without workers.
    ask = getattr(client.scheduler, "identity", None)  # none: the client was closed
    try:
        if ask is None:
            raise OSError("the client is closed")
        answer = client.sync(ask, n_workers=-1, callback_timeout=ANSWER_SECONDS)
        return dict(answer["workers"])
    except (OSError, ValueError, RuntimeError):
        raise errors.ClusterError(
            "the Dask scheduler does not answer any more; "
            "finished trials are kept: start it again, and the same command goes on"
        ) from None


def _no_scheduler(address: str, what: str) -> errors.ClusterError:
    return errors.ClusterError(
        f"no Dask scheduler answers at {address!r} ({what}); expected one that "
        "`dask scheduler` started, as in --scheduler tcp://127.0.0.1:8786"
    )


async def _greet(address: str) -> str:
    """Ask who it is, and part again; raises whatever an address, or an answer, that is none leads to."""
    arguments = distributed.Security().get_connection_args("client")
    try:
        async with (
            asyncio.timeout(CONNECT_SECONDS),
            rpc(address, timeout=CONNECT_SECONDS, connection_args=arguments) as there,
        ):
            return str((await there.identity())["type"])
    except TimeoutError:
        raise TimeoutError(f"it does not answer within {CONNECT_SECONDS} s") from None
