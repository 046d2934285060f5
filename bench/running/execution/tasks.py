"""What is sent to a worker: the name of its log, and what came of it."""

import uuid
from typing import Any

import distributed

from bench import errors
from bench.running.execution import scratch

GATHER_SECONDS = 60  # for what a worker found to come here; without a limit it waits for a dead one, too


class LostError(Exception):
    """A task whose worker, or scheduler, is gone."""


class TakenError(LostError):
    """Its worker has something else to do now."""


def result_of(future: distributed.Future) -> Any:
    """What a task returned, or raise what it raised.

    Raises
    ------
    LostError
        If what it returned cannot be had: its worker died before or since, or the scheduler is gone.
    """
    try:
        if not future.done():  # it was, and its worker died with the result
            raise LostError("its worker died")
        return future.result(timeout=GATHER_SECONDS)
    except Exception as error:
        if future.status == "error" and not isinstance(error, distributed.KilledWorker):
            raise
        raise LostError(errors.one_line(error)) from error


def log_name(what: str) -> str:
    """A name for a log that nobody else uses, nor can guess."""
    return f"{scratch.OURS}{what}-{uuid.uuid4().hex[:12]}.log"
