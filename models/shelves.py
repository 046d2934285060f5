"""Where cards of every kind are kept by name, and how one is made known."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from .cards import Card

_COLLECTED: list[list[Card]] = []
Register = Callable[[Any], object]
_SHELVES: dict[type[Card], tuple[dict[str, Any], Register, Register]] = {}


def shelve(kind: type[Card], known: dict[str, Any], register: Register, forget: Register) -> None:
    """Say where cards of a kind are kept by name, how one is made known, and how it is taken back."""
    _SHELVES[kind] = known, register, forget


def kinds() -> tuple[type[Card], ...]:
    """The kinds of cards there are."""
    return tuple(_SHELVES)


def cards_of(plugin: str) -> tuple[Card, ...]:
    """The cards, of every kind, of a file with this SHA-256."""
    return tuple(card for known, *_ in _SHELVES.values() for card in known.values() if card.plugin == plugin)


def add(card: Card) -> None:
    """Make what a card tells of known; in a plug-in, once its file has been read.

    Raises
    ------
    ValueError
        As `register`.
    """
    if _COLLECTED:
        _COLLECTED[-1].append(card)
    else:
        register(card)


@contextlib.contextmanager
def collecting() -> Iterator[list[Card]]:
    """Inside, cards that are added are collected, and not yet made known."""
    _COLLECTED.append([])
    try:
        yield _COLLECTED[-1]
    finally:
        _COLLECTED.pop()


def register(card: Card) -> None:
    """Make a card known.

    Raises
    ------
    ValueError
        If its name, or another that it brings, is taken.
    """
    _SHELVES[type(card)][1](card)


def forget(card: Card) -> None:
    """Take back what was registered."""
    _SHELVES[type(card)][2](card)
