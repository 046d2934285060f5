"""All that is known of one configuration, and the block that holds such a view of each."""

import dataclasses
from collections.abc import Callable
from typing import ClassVar

from bench.report.blocks import isolation
from bench.report.blocks.pictures import Pictures
from bench.report.blocks.seed_curves import SeedCurves


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """A measure: its mean over seeds, the number of each, and its place among others.

    Attributes
    ----------
    better
        `lower`, `higher`, or empty where neither is.
    """

    label: str
    better: str
    mean: str
    values: tuple[str, ...]
    rank: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """Measures for one purpose."""

    title: str
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class View:
    """One configuration or baseline.

    Attributes
    ----------
    key
        Of its first trial.
    mark
        What is said behind its name where it is a baseline, or an external coder.
    place
        Its place in the order of merit: `29 of 60 by MSE`; empty for a baseline.
    previous, next
        Names and addresses of its neighbours in that order; None at its ends.
    compare
        The address that holds it against another; empty where there is no other.
    seeds
        Heads of the columns, with the keys of their trials.
    failed
        Trials that did not end well: name, status and error.
    empty
        Why there is no number, with the measures of which that holds.
    models
        Lines of Python that load its models, where they are kept.
    command
        Trains and measures it again.
    places
        Where its files are.
    lost
        Why there is no view, or no curves.
    """

    key: str
    name: str
    mark: str = ""
    place: str = ""
    previous: tuple[str, str] | None = None
    next: tuple[str, str] | None = None
    compare: str = ""
    settings: str = ""
    seeds: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()
    failed: tuple[tuple[str, str, str], ...] = ()
    empty: tuple[tuple[str, str], ...] = ()
    curves: SeedCurves | None = None
    pictures: Pictures | None = None
    models: tuple[str, ...] = ()
    command: str = ""
    places: str = ""
    lost: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Views:
    """A view of each, folded; on paper they are left out where they are many. Only the page has them."""

    kind: ClassVar[str] = "views"
    title: str
    views: tuple[View, ...]
    is_printed: bool


def made(key: str, name: str, make: Callable[[], View]) -> View:
    """A view that cannot be made costs itself alone."""
    return isolation.attempt("view", make, lambda why: View(key=key, name=name, lost=why))
