"""What every view of a plug-in has to keep to: checks as in `bench.running.contract`.

It is held to two data sets: the digits, and one of colour whose images are no squares.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from bench import datasets
from bench.cards import SourceCard, ViewCard
from bench.datasets import Dataset, Split, assembly
from bench.datasets.views import plugged
from bench.models import Card
from bench.running import contract_sources

Value = str | int | float
_MOST_VALUES = 4  # of a number

_OTHER_PROCESS = """
import sys
from bench.ask.views import VIEWS
from bench.models import plugins
from bench.running import contract_views
plugins.add(plugins.Plugin(name=sys.argv[1], text=sys.stdin.read()))
print(contract_views.fingerprint(VIEWS[sys.argv[2]]))
"""


@functools.cache
def shown() -> tuple[Dataset, Dataset]:
    """The digits, `(n, 28, 28, 1)`, and the same in three colours, `(n, 14, 10, 3)`."""
    digits = datasets.load_once("digits")

    def coloured(part: Split) -> Split:
        grey = part.images[:, ::2, 4:24:2]
        return Split(images=np.concatenate([grey, 1 - grey, 0.5 * grey], axis=-1), labels=part.labels)

    train, validation, test = map(coloured, (digits.train, digits.validation, digits.test))
    return digits, dataclasses.replace(digits, train=train, validation=validation, test=test)


def values(card: ViewCard) -> tuple[Value, ...]:
    """Those that change something: all that are known, or some numbers."""
    option = card.option
    if option.known:
        return tuple(value for value in option.known if value != option.default)
    assert not isinstance(option.default, str)
    tried = (option.minimum, option.default + 1, 2 * option.default, option.maximum)
    kind = type(option.default)
    low = -np.inf if option.minimum is None else option.minimum
    high = np.inf if option.maximum is None else option.maximum
    found = (kind(value) for value in tried if value is not None and low <= value <= high)
    return tuple(value for value in dict.fromkeys(found) if value != option.default)[:_MOST_VALUES]


def _seen(card: ViewCard) -> Iterator[tuple[str, Dataset, Dataset]]:
    """Each value, with a data set and what is seen of it, anew."""
    for value in values(card):
        for dataset in shown():
            yield f"{card.name} = {value}", dataset, plugged.applied.__wrapped__(dataset, card, value)


def _arrays(dataset: Dataset) -> list[np.ndarray]:
    parts = (dataset.train, dataset.validation, dataset.test)
    return [array for part in parts for array in (part.images, part.labels) if array is not None]


def fingerprint(card: ViewCard) -> str:
    """SHA-256 of all that is seen, with any value."""
    return assembly.fingerprint(*(array for *_, seen in _seen(card) for array in _arrays(seen)))


def changes_nothing(card: ViewCard) -> str:
    """Random numbers, folder, environment and settings of NumPy are left as they are."""
    return contract_sources.left_alone(lambda: list(_seen(card)))


def shows(card: ViewCard) -> str:
    """Images keep shape and range, labels their classes, and what is given is left as it is."""
    fewest = contract_sources.FEWEST
    for where, _, seen in _seen(card):
        for name in plugged.PARTS:
            if (count := len(getattr(seen, name).images)) < fewest:
                return f"{where}: expected {fewest} images for {name}, received {count}; show more of them"
    return ""


def changes_something(card: ViewCard) -> str:
    """With each value but the default something else is seen."""
    for where, dataset, seen in _seen(card):
        if all(map(np.array_equal, _arrays(dataset), _arrays(seen))):
            return f"{where}: expected something else than the data set, received the same images"
    return ""


def repeats(card: ViewCard) -> str:
    """The same is seen at a second time."""
    first, second = fingerprint(card), fingerprint(card)
    if first == second:
        return ""
    both = f"expected SHA-256 {first[:12]}, received {second[:12]}"
    return f"{both}; draw from numpy.random.default_rng(seed)"


def repeats_elsewhere(card: ViewCard) -> str:
    """The same is seen in another process, as workers are."""
    return contract_sources.elsewhere(card, _OTHER_PROCESS, fingerprint(card), card.name)


ALL = (changes_nothing, shows, changes_something, repeats, repeats_elsewhere)
OF_IMAGES: Mapping[type[Card], tuple[Callable[[Any], str], ...]] = {
    SourceCard: contract_sources.ALL,
    ViewCard: ALL,
}
"""The checks of cards of images, by kind."""
