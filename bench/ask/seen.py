"""What a unit of work sees of its data set: the views among its options."""

from collections.abc import Mapping
from typing import Protocol

from bench.ask import axes
from bench.ask.known import Known
from bench.ask.shared import Options, shared_option
from bench.datasets import draws


class Seeing(Protocol):
    """A trial, a baseline or an external coder."""

    @property
    def options(self) -> Options:
        """What has no column of its own, sorted by name."""

    @property
    def cards(self) -> Known:
        """What is known of its views."""


def views(unit: Seeing) -> dict[str, axes.Value]:
    """The views that change something, with their values."""
    own = axes.of_views(unit.cards)
    return {name: value for name, value in unit.options if name in own and value != own[name].default}


def chosen(unit: Seeing) -> Options:
    """All that says what is seen of a data set, sorted by name: views, and how images are binarised."""
    how = shared_option(unit.options, "binarize")
    binarized: dict[str, axes.Value] = {} if how == draws.NONE else {"binarize": how}
    return tuple(sorted({**views(unit), **binarized}.items()))


def plugins(unit: Seeing) -> Mapping[str, list[str]]:
    """Hashes of the files that what is seen of the data set comes from; nothing if that is the data set."""
    cards = unit.cards.all_views()
    found = {cards[name].plugin for name in views(unit)} - {""}
    return {"views": sorted(found)} if found else {}
