"""What a trial leaves behind."""

import dataclasses
from typing import Any

import numpy as np

from bench.trial import PROTOCOL_VERSION, Unit, from_settings

STATUSES = ("ok", "failed", "diverged", "timeout", "killed")

Measures = dict[str, float | int | None]
History = list[dict[str, float]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """The numbers of a trial or baseline, or the reason why there are none.

    Attributes
    ----------
    measures
        Name to number; `None` where it does not apply or could not be had.
    reasons
        Name of an empty measure to the reason.
    error
        One line; empty if the status is `ok`.
    traceback
        Where the error came from.
    """

    unit: Unit
    status: str
    measures: Measures = dataclasses.field(default_factory=dict)
    reasons: dict[str, str] = dataclasses.field(default_factory=dict)
    error: str = ""
    traceback: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is written to `result.json`."""
        return {
            "protocol": PROTOCOL_VERSION,
            "key": self.unit.key,
            "settings": self.unit.settings(),
            "status": self.status,
            "measures": self.measures,
            "reasons": self.reasons,
            "error": self.error,
            "traceback": self.traceback,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Result":
        """The inverse of `to_json`; raises `KeyError` or `TypeError` for something else."""
        return cls(
            unit=from_settings(content["settings"]),
            **{name: content[name] for name in ("status", "measures", "reasons", "error", "traceback")},
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """A result with what the report draws: the epochs, and the arrays of the galleries."""

    result: Result
    history: History = dataclasses.field(default_factory=list)
    images: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
