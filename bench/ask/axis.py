"""One setting of a trial: what it is called, what values it may have, and how a mistake is named."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

from bench import datasets, errors, models
from bench.models import cards

Value = str | int | float

_CARDS: dict[str, Mapping[str, models.Card]] = {"model": models.MODELS, "architecture": models.ARCHITECTURES}
_MOST = 1e300  # a whole number of a grid file may be larger than any float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Axis:
    """One setting of a trial.

    Attributes
    ----------
    name
        As in a grid file, on the command line and in `results.csv`.
    kind
        The type of its values; an `int` is taken where a `float` is expected.
    known
        All values of a name, where there is a fixed list; else empty.
    is_sizes
        Whether it is a list of whole numbers, such as `512-256`.
    minimum
        The smallest value of a number.
    maximum
        The largest value of a number.
    positive
        Whether a number has to be above 0.
    default
        The value where a grid file says nothing.
    form
        Brings a text that has no fixed list of values into the one way in which it is written, or raises
        `GridError`; else None.
    text
        What it does, in a few words, for `bench list settings`.
    """

    name: str
    kind: type
    default: Value
    known: tuple[str, ...] = ()
    is_sizes: bool = False
    minimum: float | None = None
    maximum: float | None = None
    positive: bool = False
    form: Callable[[str], str] | None = None
    text: str = ""

    def check(self, value: Any) -> Value:
        """Return `value` in the axis's type, or raise `GridError` with what was expected and what came."""
        if self.kind is str:
            return self._check_name(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and -_MOST < value < _MOST
        if not is_number or (self.kind is int and value != int(value)):
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {value!r}")
        number: int | float = self.kind(value)
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        if not low <= number <= high or (self.positive and number <= 0):
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {value!r}")
        return number

    def parse(self, text: str) -> Value:
        """The value that `text`, a piece of the command line, stands for: the one of a grid file."""
        if self.kind is str:
            return self.check(text)
        try:
            return self.check(number(text))
        except ValueError:
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {text!r}") from None

    def _check_name(self, value: Any) -> str:
        if self.name == "dataset":
            if not isinstance(value, str):
                raise errors.GridError(f"dataset takes a name or a path, not {value!r}")
            datasets.check_name(value)
            return datasets.portable(value)
        if self.form is not None:
            if not isinstance(value, str):
                raise errors.GridError(f"{self.name} takes a text, as {self.default!r}, not {value!r}")
            return self.form(value)
        if self.is_sizes:
            return self._check_sizes(value)
        if value not in (known := self.names()):
            raise errors.GridError(errors.unknown(self.name, value, known))
        return str(value)

    def names(self) -> tuple[str, ...]:
        """All values of a name, where there is a fixed list; plug-ins may have added to it."""
        return tuple(_CARDS[self.name]) if self.name in _CARDS else self.known

    def _check_sizes(self, value: Any) -> str:
        """One size alone may be a number, as a grid file and the command line would have it."""
        text = str(value)
        try:
            cards.sizes(text)
        except ValueError:
            raise errors.GridError(f"{self.name} takes sizes such as {self.default}, not {value!r}") from None
        return text

    def _takes(self) -> str:
        noun = "a whole number" if self.kind is int else "a number"
        if self.positive:
            return f"{noun} above 0"
        if self.maximum is not None:
            return f"{noun} from {self.minimum:g} to {self.maximum:.0f}"
        return noun if self.minimum is None else f"{noun}, {self.minimum:g} or more"


def number(text: str) -> int | float:
    """What a piece of the command line means as a number, written as in a grid file: `10`, `1e1`, `1_000`.

    Raises
    ------
    ValueError
        If it is none; Python would take digits of other scripts, too, and TOML does not.
    """
    if not text.isascii():
        raise ValueError(f"expected a number, received {text!r}")
    try:
        return int(text)
    except ValueError:
        return float(text)
