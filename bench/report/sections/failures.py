"""Trials that did not end well, and what they left to find out why."""

import collections
import dataclasses

from bench.keeping.result import Result
from bench.report import words
from bench.report.evidence import Evidence


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failure:
    """A trial that did not end well.

    Attributes
    ----------
    status
        `failed`, `diverged`, `timeout` or `killed`.
    error
        One line.
    log
        The last lines that it printed before its process died.
    """

    name: str
    status: str
    error: str
    log: str
    traceback: str


def failures(evidence: Evidence) -> list[Failure]:
    """All of them, in the order of the grid."""
    return [_failure(evidence, result) for result in evidence.failures]


def summary(evidence: Evidence) -> str:
    """How many there are of each kind: `2 trials or baselines did not end well: 1 failed, 1 killed.`."""
    counts = collections.Counter(result.status for result in evidence.failures)
    kinds = ", ".join(f"{n} {status}" for status, n in counts.items())
    noun = words.count(len(evidence.failures), "trial or baseline", "trials or baselines")
    return f"{noun} did not end well: {kinds}." if counts else ""


def _failure(evidence: Evidence, result: Result) -> Failure:
    return Failure(
        name=evidence.name_of(result.unit),
        status=result.status,
        error=result.error,
        log=result.log,
        traceback=result.traceback,
    )
