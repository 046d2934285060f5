"""A finding, and the turns of phrase that several rules share."""

import dataclasses
from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import isolation
from bench.report.evidence import Configuration, Evidence, comparisons

MOST_NAMED = 4  # configurations in one sentence


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """A few words that say it, sentences that show it, and the section where it can be checked.

    `lost` says why there is none.
    """

    lead: str
    text: str
    see: str
    lost: str = ""


def lost(why: str) -> Finding:
    """What stands in the place of a finding that could not be told."""
    return Finding(lead="One finding is missing.", text=why, see="protocol", lost=why)


told = isolation.isolated("finding", lost)
"""A finding that cannot be told costs itself alone."""


def picks(evidence: Evidence, dataset: str) -> list[Configuration]:
    """Of each training objective the configuration with the lowest validation loss."""
    return comparisons.picks(one for one in evidence.configurations if one.settings["dataset"] == dataset)


def on(evidence: Evidence, dataset: str) -> str:
    """The data set, where there are several."""
    return "" if len(evidence.datasets) == 1 else f" on {words.dataset(dataset)}"


def measure(one: Configuration, name: str) -> str:
    """A measure with its interval and unit."""
    return words.interval(name, one.measure(name), unit=True)


def and_more(named: Sequence[object]) -> str:
    """The end of a list that names four at most."""
    more = len(named) - MOST_NAMED
    return f"; and {more} more." if more > 0 else "."
