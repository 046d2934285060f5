"""Which setting two runs differ in, where no configuration, or not each, is in both."""

from collections.abc import Collection, Iterable
from typing import Any

from bench.compare.reading import Settings
from bench.report import words

MOST_NAMED = 4  # values of a setting


def differing(before: Iterable[Settings], after: Iterable[Settings]) -> list[str]:
    """`data set: digits / fashion_mnist` for each setting of which trials of both runs share no value.

    A setting that only some of the trials have, as an option of one model, counts where it differs in all
    that have it.
    """
    first, second = _values(before), _values(after)
    return [
        f"{_name(name)}: {_told(name, first[name])} / {_told(name, second[name])}"
        for name in first
        if name in second and not set(first[name]) & set(second[name])
    ]


def _values(configurations: Iterable[Settings]) -> dict[str, list[Any]]:
    """Of each setting of trials the values there are, in their order."""
    found: dict[str, dict[Any, None]] = {}
    for settings in configurations:
        known = dict(settings)
        for name, value in known.items():
            if "architecture" in known:
                found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}


def _name(name: str) -> str:
    return "data set" if name == "dataset" else words.axis(name)


def _told(name: str, values: Collection[Any]) -> str:
    shown = [words.model(str(one)) if name == "model" else words.value_text(one) for one in values]
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return ", ".join(shown[:MOST_NAMED]) + more
