"""What a JSON file must look like: its shape is written down, and what differs is named by its place.

A shape is called with a value and raises `WrongShapeError` if the value has another one. What a shape does
not name is left alone, so that a file may come from a program that writes more.
"""

import datetime
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Shape = Callable[[Any], None]

MOST = 1e300  # a whole number of a file may be larger than any float


class WrongShapeError(ValueError):
    """`sessions.2.started: expected a time, received the number 3`."""

    def __init__(self, problem: str, places: tuple[object, ...] = ()) -> None:
        super().__init__(f"{'.'.join(map(str, places))}: {problem}" if places else problem)
        self._problem, self._places = problem, places

    def within(self, place: object) -> "WrongShapeError":
        """The same, seen from what holds the value."""
        return WrongShapeError(self._problem, (place, *self._places))


def told(value: Any) -> str:
    """A value in an error: what kind it is, and the beginning of it."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, str):
        return f"the text {value[:40]!r}{'...' if len(value) > 40 else ''}"
    if isinstance(value, int | float):
        return f"the number {value:.12g}" if -MOST < value < MOST else "a number beyond all bounds"
    return "a list" if isinstance(value, list) else "an object"


def _expect(is_right: bool, expected: str, value: Any) -> None:
    if not is_right:
        raise WrongShapeError(f"expected {expected}, received {told(value)}")


def text(value: Any) -> None:
    """Any text."""
    _expect(isinstance(value, str), "a text", value)


def flag(value: Any) -> None:
    """`true` or `false`."""
    _expect(isinstance(value, bool), "true or false", value)


def is_number(value: Any) -> bool:
    """Whether something is a number that a float can hold, infinite ones and not-a-number among them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, float) or -MOST < value < MOST


def number(value: Any) -> None:
    """A finite number."""
    _expect(is_number(value) and math.isfinite(value), "a finite number", value)


def positive(value: Any) -> None:
    """A finite number above 0."""
    number(value)
    _expect(value > 0, "a number above 0", value)


def any_number(value: Any) -> None:
    """A number; it may be infinite, or none (NaN)."""
    _expect(is_number(value), "a number", value)


def whole(value: Any) -> None:
    """A whole number, which a column of 64 bits can hold."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    _expect(is_whole and abs(value) < 2**63, "a whole number", value)


def without_fraction(value: Any) -> None:
    """A whole number, however it is written: `16` or `16.0`."""
    whole(int(value) if isinstance(value, float) and value.is_integer() else value)


def count(value: Any) -> None:
    """A whole number from 0."""
    whole(value)
    _expect(value >= 0, "a whole number from 0", value)


def time(value: Any) -> None:
    """A time as `2026-11-29T13:36:06+00:00`."""
    text(value)
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        _expect(False, "a time", value)


def anything(value: Any) -> None:
    """Whatever JSON can hold."""


def like(pattern: str, expected: str) -> Shape:
    """A text of a form: the whole of it matches a regular expression."""
    form = re.compile(pattern)

    def check(value: Any) -> None:
        _expect(isinstance(value, str) and form.fullmatch(value) is not None, expected, value)

    return check


def line(most: int) -> Shape:
    """A text of one line, of so many letters at most."""
    return like(rf"[^\n]{{0,{most}}}", f"a line of at most {most} letters")


def maybe(shape: Shape) -> Shape:
    """The same, or `null`."""

    def check(value: Any) -> None:
        if value is not None:
            shape(value)

    return check


def either(*shapes: Shape) -> Shape:
    """One of several; what is wrong is said of the last."""

    def check(value: Any) -> None:
        if not any(has_form(shape, value) for shape in shapes[:-1]):
            shapes[-1](value)

    return check


def each(shape: Shape) -> Shape:
    """A list of it, of any length."""

    def check(value: Any) -> None:
        _expect(isinstance(value, list), "a list", value)
        for place, one in enumerate(value):
            _within(place, shape, one)

    return check


def by_name(shape: Shape) -> Shape:
    """An object of any names, each with one of it."""

    def check(value: Any) -> None:
        _expect(isinstance(value, dict), "an object", value)
        for name, one in value.items():
            _within(name, shape, one)

    return check


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object with these names, and perhaps with others."""
    known = {**(optional or {}), **required}

    def check(value: Any) -> None:
        _expect(isinstance(value, dict), "an object", value)
        if missing := [name for name in required if name not in value]:
            raise WrongShapeError(f"no {', '.join(missing)}")
        for name in known.keys() & value.keys():
            _within(name, known[name], value[name])

    return check


def _within(place: object, shape: Shape, value: Any) -> None:
    try:
        shape(value)
    except WrongShapeError as error:
        raise error.within(place) from None


KEY = like("[0-9a-f]{12}", "12 hexadecimal digits")
SHA256 = like("[0-9a-f]{64}", "64 hexadecimal digits")
"""Forms of what becomes the name of a file."""


def has_form(form: Shape, value: Any) -> bool:
    """Whether a value has a shape."""
    try:
        form(value)
    except WrongShapeError:
        return False
    return True
