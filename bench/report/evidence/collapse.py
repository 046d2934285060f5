"""Collapsed trials: their codes say nothing of the image, so that no mean, share or advice rests on them.

A trial of a model with a posterior has collapsed if its codes spend less than a tenth of a nat on an image,
or if none of its dimensions is active.
"""

import dataclasses

from bench.keeping.result import Result
from bench.report import words
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.naming import settings_of

FEWEST_NATS = 0.1


def is_collapsed(result: Result) -> bool:
    """Whether a trial has collapsed; never of a model without a posterior."""
    nats, active = result.measures.get("test_kl"), result.measures.get("active_units")
    return nats is not None and (nats < FEWEST_NATS or active == 0)


def of(evidence: Evidence) -> list[tuple[Configuration, tuple[Result, ...]]]:
    """The configurations with trials that have collapsed, and these trials."""
    found = ((one, tuple(filter(is_collapsed, one.results))) for one in evidence.configurations)
    return [(one, results) for one, results in found if results]


def without(evidence: Evidence) -> Evidence:
    """The same run without them; a configuration of which every seed has collapsed is not there."""
    gone = tuple(result for _, results in of(evidence) for result in results)
    if not gone:
        return evidence
    kept = (
        dataclasses.replace(one, results=tuple(r for r in one.results if not is_collapsed(r)))
        for one in evidence.configurations
    )
    return dataclasses.replace(
        evidence, configurations=tuple(one for one in kept if one.results), left_out=gone
    )


def note(evidence: Evidence) -> str:
    """How many are left out of an evidence, in a sentence; empty for none."""
    known = set(evidence.datasets)
    count = sum(settings_of(result.unit)["dataset"] in known for result in evidence.left_out)
    if not count:
        return ""
    return f"{words.count(count, 'collapsed trial')} {'is' if count == 1 else 'are'} left out."
