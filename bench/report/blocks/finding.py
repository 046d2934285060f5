"""A finding, and the turns of phrase that several rules share.

A finding is told twice: in a headline and at most two short sentences, for who reads, and in full, for who
checks. The rule for the first: a subject, a verb and a direction in at most 14 words with at most one number,
and two sentences of at most 25 words with at most six numbers.
"""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from bench.report import words
from bench.report.blocks import isolation
from bench.report.blocks.chart import Chart
from bench.report.evidence import Configuration, Evidence, comparisons

MOST_NAMED = 4  # configurations in one sentence
MOST_WORDS, MOST_IN_SENTENCE, MOST_NUMBERS = 14, 25, 6
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?!-NN)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found.

    Attributes
    ----------
    headline, body
        What it says, in a few words and in two sentences; empty where `lead` and `text` are short themselves.
    chart
        The same as a small chart.
    lead, text
        The evidence: all that shows it, with tests.
    see
        The section where it can be checked.
    lost
        Why there is none.
    """

    lead: str
    text: str
    see: str
    headline: str = ""
    body: str = ""
    chart: Chart | None = None
    lost: str = ""

    def in_short(self, headline: str, body: str, chart: Chart | None = None) -> "Finding":
        """The same with a headline, two sentences and a chart."""
        return dataclasses.replace(self, headline=headline, body=body, chart=chart)

    @property
    def title(self) -> str:
        """The headline, or the lead where there is none."""
        return self.headline or self.lead


@dataclasses.dataclass(frozen=True, kw_only=True)
class Findings:
    """Those that are told at once, and those that are folded."""

    kind: ClassVar[str] = "findings"
    first: tuple[Finding, ...]
    more: tuple[Finding, ...]


def lost(why: str) -> Finding:
    """What stands in the place of a finding that could not be told."""
    return Finding(lead="One finding is missing.", text=why, see="protocol", lost=why)


def numbers(text: str) -> int:
    """How many numbers a text has; `5-NN` is a name and none."""
    return len(_NUMBER.findall(text))


def size(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def headline(*forms: str) -> str:
    """The first of these that keeps the rule; else the last, which is the shortest."""
    fits = (one for one in forms if size(one) <= MOST_WORDS and numbers(one) <= 1)
    return next(fits, forms[-1])


def body(*sentences: str) -> str:
    """Those of these sentences, two at most, that keep the rule together."""
    kept: list[str] = []
    for one in filter(None, sentences):
        whole = " ".join([*kept, one])
        if len(kept) < 2 and size(one) <= MOST_IN_SENTENCE and numbers(whole) <= MOST_NUMBERS:
            kept.append(one)
    return " ".join(kept)


def counted(ones: Iterable[Configuration]) -> str:
    """How many there are: `3 configurations`, and apart from them `2 external coders`."""
    known = list(ones)
    others = sum(one.is_external for one in known)
    parts = [words.count(len(known) - others, "configuration")] if len(known) > others or not others else []
    parts += [words.count(others, "external coder")] if others else []
    return words.listing(parts)


def plain(one: Configuration) -> tuple[str, str, str]:
    """What a configuration is called in a headline, from all that tells it to the least.

    `the dense AE with latent size 16, gelu`, then without what else is set, then without the size.
    """
    if "architecture" not in one.settings:  # a baseline, or an external coder
        return (one.name,) * 2 + (one.family,)
    network = words.network(str(one.settings["architecture"]))
    least = f"the {network} {words.model(one.settings['model'])}"
    sized = f"{least} with latent size {one.settings['latent_dim']}"
    _, _, rest = one.name.partition(words.setting("latent_dim", one.settings["latent_dim"]))
    rest = rest.replace(f", {one.settings['dataset']}", "")  # a sentence names the data set by itself
    return f"{sized}{rest}", sized, least


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
