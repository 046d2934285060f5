"""What a model was trained on, as its file keeps it: data alone, nothing that is run."""

import dataclasses
import math
import re
from typing import Any

_SHA256 = re.compile("[0-9a-f]{64}")
_MOST_LETTERS = 300  # of the name of a class


@dataclasses.dataclass(frozen=True, kw_only=True)
class About:
    """What is known of the training images; nothing of a model that was made by hand, or by an older program.

    Attributes
    ----------
    class_names
        The name of label k at position k.
    value_range
        The values of the data, as they came, that became 0 and 1: `(0.0, 255.0)` of uint8.
    data_sha256
        Of the data, as in `run.json`: 64 hexadecimal digits.
    """

    class_names: tuple[str, ...] = ()
    value_range: tuple[float, float] | None = None
    data_sha256: str = ""

    def to_config(self) -> dict[str, Any]:
        """What is known, for `.keras` files."""
        found: dict[str, Any] = {"class_names": list(self.class_names), "data_sha256": self.data_sha256}
        if self.value_range is not None:
            found["value_range"] = list(self.value_range)
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_config(cls, given: Any) -> "About":
        """The inverse of `to_config`; what has another form, as in a file of somebody else, is left out."""
        given = given if isinstance(given, dict) else {}
        names, limits, sha256 = (given.get(name) for name in ("class_names", "value_range", "data_sha256"))
        return cls(
            class_names=tuple(names) if _are_names(names) else (),
            value_range=(float(limits[0]), float(limits[1])) if _are_limits(limits) else None,
            data_sha256=sha256 if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else "",
        )


class Described:
    """What a loaded model says of its data."""

    about: About

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name of label k of its data at position k; none if its file does not say."""
        return self.about.class_names

    @property
    def value_range(self) -> tuple[float, float] | None:
        """The values of its data that were black and white, as `(0.0, 255.0)`; None if its file does not say.

        What `encode` takes is `(values - low) / (high - low)`; for uint8 in 0..255 it does that itself.
        """
        return self.about.value_range

    @property
    def data_sha256(self) -> str:
        """Of its data, as in `run.json`; empty if its file does not say."""
        return self.about.data_sha256


def _are_names(given: Any) -> bool:
    is_list = isinstance(given, list | tuple)
    return is_list and all(isinstance(one, str) and len(one) <= _MOST_LETTERS for one in given)


def _are_limits(given: Any) -> bool:
    if not isinstance(given, list | tuple) or len(given) != 2:
        return False
    is_number = all(isinstance(one, int | float) and abs(one) < 1e300 for one in given)  # NaN is no such
    return is_number and math.isfinite(given[1] - given[0]) and given[0] < given[1]
