"""An answer at a glance: what to take for a purpose, what it makes, how good it is, and how to have it."""

import dataclasses
from typing import ClassVar

from bench.report.blocks import isolation
from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Picture


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """One answer.

    Attributes
    ----------
    link
        The address of what is taken within the page.
    pictures
        One above the other, each with the words under all of them in `caption`.
    chart
        What is shown where there is no picture.
    number, beside
        The measure with its interval, and what it is to be held against.
    rest
        Who else may be as good, or the best network where none is taken.
    cost
        Parameters and time of training.
    code
        The line that gives it; empty where there is none.
    lost
        Why there is no card, in a sentence.
    """

    purpose: str
    name: str = ""
    link: str = ""
    pictures: tuple[Picture, ...] = ()
    chart: Chart | None = None
    caption: str = ""
    number: str = ""
    beside: str = ""
    rest: str = ""
    cost: str = ""
    code: str = ""
    lost: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cards:
    """Answers beside each other."""

    kind: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


def lost(why: str) -> Card:
    """What stands in the place of a card that could not be made."""
    return Card(purpose="", lost=why)


made = isolation.isolated("card", lost)
"""A card that cannot be made costs itself alone."""
