"""Trials that did not end well, and what they left to find out why."""

import collections
from collections.abc import Iterator

from bench.ask.trial import External
from bench.keeping.result import Result
from bench.report import words
from bench.report.blocks.section import Block, Blocks, Fold, Heading, Lines, Text
from bench.report.evidence import Evidence
from bench.report.findings.alerts import failures_apart


def section(evidence: Evidence) -> Blocks | None:
    """All of them, in the order of the grid; None where there is none."""
    if not evidence.failures:
        return None
    told = Text(text=f"{summary(evidence)} {failures_apart(len(evidence.failures))}")
    return (told, *(block for result in evidence.failures for block in _failure(evidence, result)))


def summary(evidence: Evidence) -> str:
    """How many there are of each kind: `2 trials or baselines did not end well: 1 failed, 1 killed.`."""
    counts = collections.Counter(result.status for result in evidence.failures)
    kinds = ", ".join(f"{n} {status}" for status, n in counts.items())
    many = ("trial or baseline", "trials or baselines")
    if any(isinstance(one.unit, External) for one in evidence.failures):
        many = ("trial, baseline or external coder", "trials, baselines or external coders")
    noun = words.count(len(evidence.failures), *many)
    return f"{noun} did not end well: {kinds}." if counts else ""


def _failure(evidence: Evidence, result: Result) -> Iterator[Block]:
    """Its status and the line that says why, and folded what it printed and where it was."""
    yield Heading(text=evidence.name_of(result.unit))
    yield Text(lead=f"{result.status}:", text=result.error)
    if result.log:
        yield Fold(title="The last lines that it printed", blocks=(Lines(text=result.log),))
    if result.traceback:
        yield Fold(title="Traceback", blocks=(Lines(text=result.traceback),))
