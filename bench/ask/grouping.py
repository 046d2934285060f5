"""Groups of measures: what `--measures` takes, the names of tasks.

A task of a plug-in is written with the first digits of the hash of its file, `mine@1a2b3c4d5e6f`: what
another file of that name measured is something else.
"""

from collections.abc import Iterable

from bench import errors
from bench.measures import TASKS

DEFAULT = tuple(name for name, card in TASKS.items() if card.default)
"""Of the tasks of this package those that are taken where nothing is said."""
OUTSIDE = "outside:"
"""Before the name of another data set: what `robustness` finds against it is a group of its own."""


def parse(text: str | None, outside: str | None = None) -> tuple[str, ...]:
    """`basic,generation` to its names, in the order of `TASKS`; `basic` is always among them.

    Without a text they are those that a card takes by default.

    Raises
    ------
    UsageError
        If a name is not one of a group, or another data set is given for nothing.
    """
    names = {name.strip() for name in text.split(",")} if text is not None else set(default())
    for name in sorted(names - TASKS.keys()):
        raise errors.UsageError(errors.unknown("group of measures", name, TASKS))
    if outside and "robustness" not in names:
        raise errors.UsageError(
            "--outside is for the measures of robustness; add --measures basic,robustness"
        )
    known = tuple(_written(name) for name in TASKS if name in names | {"basic"})
    return (*known, f"{OUTSIDE}{outside}") if outside else known


def default() -> tuple[str, ...]:
    """The tasks that are taken where nothing is said, of this package and of plug-ins."""
    return tuple(name for name, card in TASKS.items() if card.default)


def task(group: str) -> str:
    """The name of the task that a group was measured by."""
    return group.partition("@")[0]


def _written(name: str) -> str:
    plugin = TASKS[name].plugin
    return f"{name}@{plugin[:12]}" if plugin else name


def union(asked: tuple[str, ...], kept: Iterable[str]) -> tuple[str, ...]:
    """What is asked for and what was measured before, as `parse` gives it; of two other data sets the new."""
    names = {*asked, *kept}
    other = outside(asked) or outside(names)
    known = tuple(written for name in TASKS if (written := _written(name)) in names)
    return (*known, f"{OUTSIDE}{other}") if other else known


def outside(groups: Iterable[str]) -> str:
    """The other data set that is named among groups; empty if there is none."""
    return next((name.removeprefix(OUTSIDE) for name in groups if name.startswith(OUTSIDE)), "")
