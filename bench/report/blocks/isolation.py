"""A part of a report that cannot be made costs itself alone, and says so in its place.

Trials took hours; whatever comes after them takes what they took. A chart, a table, a finding or a picture
whose function is `isolated` is replaced by a stand-in that says why; `context` does the same with sections.
An interruption passes, since it is meant for the program.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

from bench import errors, foreign

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")


def attempt(what: str, make: Callable[[], _T], stand_in: Callable[[str], _T]) -> _T:
    """What `make` gives; or, if it cannot, what `stand_in` makes of the sentence that says so."""
    try:
        return make()
    except Exception as error:  # whatever it is, MemoryError too: the other parts are worth having
        return stand_in(sentence(what, error))


def isolated(what: str, stand_in: Callable[[str], Any]) -> Callable[[_F], _F]:
    """The same as a decorator of a function that makes such parts."""

    def decorate(make: _F) -> _F:
        @functools.wraps(make)
        def made(*args: Any, **kwargs: Any) -> Any:
            return attempt(what, lambda: make(*args, **kwargs), stand_in)

        return cast(_F, made)

    return decorate


def sentence(what: str, error: Exception) -> str:
    """`This chart could not be made: ValueError: ...`."""
    return f"This {what} could not be made: {foreign.visible(errors.one_line(error))}."


def lost_in(part: Any) -> Iterator[str]:
    """The sentences of all stand-ins in a part of a report, however deep they lie: their fields `lost`."""
    if isinstance(part, Mapping):
        part = tuple(part.values())
    if isinstance(part, tuple | list):
        for each in part:
            yield from lost_in(each)
    elif dataclasses.is_dataclass(part):
        if why := getattr(part, "lost", ""):
            yield why
        for field in dataclasses.fields(part):
            yield from lost_in(getattr(part, field.name))
