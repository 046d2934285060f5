"""What a trial leaves behind."""

import dataclasses
import re
from typing import Any

import numpy as np

from bench.ask.known import CATALOGUE, Known
from bench.ask.trial import READ_PROTOCOLS, Unit, from_settings
from bench.keeping import shape

Measures = dict[str, float | int | None]
History = list[dict[str, float]]

LARGEST = float(np.finfo(np.float32).max)
"""What training computes with; squares and sums of larger numbers are no numbers."""
MOST_LETTERS = 300
"""Of each of the texts of a result."""
WHOLE = ("best_epoch", "parameters", "active_units")
"""Measures that are whole numbers."""

_EPOCH = re.compile("[1-9][0-9]{0,9}")
_MEASURES = shape.by_name(shape.maybe(shape.any_number))
_WHOLE_MEASURES = shape.record({}, dict.fromkeys(WHOLE, shape.maybe(shape.without_fraction)))
_RESULT = shape.record(
    {
        "protocol": shape.whole,
        "key": shape.KEY,
        "settings": shape.by_name(shape.anything),
        "status": shape.text,
        "measures": _MEASURES,
        "reasons": shape.by_name(shape.text),
    },
    {
        "data_sha256": shape.like("([0-9a-f]{64})?", "64 hexadecimal digits, or nothing"),
        "groups": shape.each(shape.text),
        "snapshots": shape.by_name(_MEASURES),
        "texts": shape.by_name(shape.line(MOST_LETTERS)),
        **dict.fromkeys(("error", "traceback", "log"), shape.text),
    },
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """The numbers of a trial or baseline, or the reason why there are none.

    Attributes
    ----------
    data_sha256
        Of the data set it was run on, so that results of other data are not taken for it.
    measures
        Name to number; `None` where it does not apply or could not be had.
    reasons
        Name of an empty measure to the reason.
    groups
        Groups of measures that were taken, as in `bench.ask.grouping`.
    error
        One line; empty if the status is `ok`.
    traceback
        Where the error came from.
    log
        The last lines that the trial printed before its process died.
    texts
        What is no number: `prior`, what codes were drawn from to generate, and where that is not what the
        model was trained with, `no_prior`, why; `fitted_to`, how many of the training images a baseline was
        fitted to, where not to all; `likelihood`, of an image given its code, and `bound`, the codes and
        images of the importance-weighted bound, where they are not as ever. A run may be older than these.
    snapshots
        Measures after some epochs of the training, by epoch (as a text).
    """

    unit: Unit
    status: str  # "ok", "failed", "diverged", "timeout" or "killed"
    data_sha256: str = ""
    measures: Measures = dataclasses.field(default_factory=dict)
    reasons: dict[str, str] = dataclasses.field(default_factory=dict)
    groups: tuple[str, ...] = ("basic",)
    error: str = ""
    traceback: str = ""
    log: str = ""
    texts: dict[str, str] = dataclasses.field(default_factory=dict)
    snapshots: dict[str, Measures] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is written to `result.json`."""
        return {
            "protocol": self.unit.protocol,
            "key": self.unit.key,
            "settings": self.unit.settings(),
            "status": self.status,
            "data_sha256": self.data_sha256,
            "measures": self.measures,
            "reasons": self.reasons,
            "groups": list(self.groups),
            "error": self.error,
            "traceback": self.traceback,
            "log": self.log,
            **({"texts": {name: _line(text) for name, text in self.texts.items()}} if self.texts else {}),
            **({"snapshots": self.snapshots} if self.snapshots else {}),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any], cards: Known = CATALOGUE) -> "Result":
        """The inverse of `to_json`; a number that is not finite is none, and the reason says so.

        `cards` are those of the run whose result it is.

        Raises
        ------
        ValueError, TypeError, KeyError
            If it has another shape, is of another protocol, or its settings are none.
        """
        _RESULT(content)
        _WHOLE_MEASURES(content["measures"])
        unit = from_settings(content["settings"], cards, content["protocol"])
        if content["protocol"] not in READ_PROTOCOLS or content["key"] != unit.key:
            raise ValueError("a result of another protocol, or of another trial")
        odd = _odd(content["measures"])
        snapshots = content.get("snapshots", {})
        if any(not _EPOCH.fullmatch(epoch) for epoch in snapshots):
            raise ValueError("expected snapshots by epoch")
        read = {
            **content,
            "snapshots": {epoch: found | dict.fromkeys(_odd(found)) for epoch, found in snapshots.items()},
            "measures": content["measures"] | dict.fromkeys(odd),
            "reasons": dict.fromkeys(odd, "not a finite number") | content["reasons"],
            "groups": tuple(content.get("groups", ("basic",))),
        }
        names = (
            "status",
            "data_sha256",
            "measures",
            "reasons",
            "groups",
            "error",
            "traceback",
            "log",
            "texts",
            "snapshots",
        )
        return cls(unit=unit, **{name: read[name] for name in names if name in read})


def _line(text: str) -> str:
    return " ".join(text.split())[:MOST_LETTERS]


def _odd(measures: Measures) -> list[str]:
    return [name for name, value in measures.items() if value is not None and _is_odd(value)]


def _is_odd(value: float) -> bool:
    return not abs(value) <= LARGEST  # not-a-number, too


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """A result with what the report draws: the epochs, and the arrays of the galleries.

    `model` is the content of a `.keras` file, where the model is to be kept; `note` something that a person
    should know of trials of its kind, once, which changes no number.
    """

    result: Result
    history: History = dataclasses.field(default_factory=list)
    images: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    model: bytes = b""
    note: str = ""

    def with_measure(self, name: str, value: float) -> "Outcome":
        """The same with one more measure."""
        measures = {**self.result.measures, name: value}
        return dataclasses.replace(self, result=dataclasses.replace(self.result, measures=measures))
