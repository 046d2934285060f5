"""Who is held against whom: each model against the one that it builds on, architectures against the first.

What a model builds on stands on its card, as `against`. Only what is in the run is named.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from bench import models
from bench.report import words
from bench.report.evidence import Evidence, comparisons
from bench.report.evidence.comparisons import Pair


@dataclasses.dataclass(frozen=True, kw_only=True)
class Opponents:
    """Two values of an axis, and the pairs of configurations that differ in it alone.

    Where a run has one two of an axis, what is built on stands first; where it has several, each stands
    before what it builds on, as its rows in one table do.
    """

    axis: str
    first: str
    second: str
    pairs: tuple[Pair, ...]

    @property
    def id(self) -> str:
        """Part of addresses within the page: `ae-vae`."""
        return f"{self.first}-{self.second}"

    @property
    def sides(self) -> tuple[str, str]:
        """What people call them."""
        return words.setting(self.axis, self.first), words.setting(self.axis, self.second)

    def on(self, dataset: str) -> tuple[Pair, ...]:
        """The pairs on one data set."""
        return tuple(pair for pair in self.pairs if pair.first.settings["dataset"] == dataset)


def opponents(evidence: Evidence, axis: str) -> tuple[Opponents, ...]:
    """All of an axis, `model` or `architecture`, also those of which no pair ended well."""
    found = _of_models(evidence) if axis == "model" else _of_architectures(evidence)
    ordered = found if len(found) == 1 else [(other, base) for base, other in found]
    return tuple(
        Opponents(
            axis=axis,
            first=first,
            second=second,
            pairs=tuple(comparisons.pairs(evidence, axis, first, second)),
        )
        for first, second in ordered
    )


def _of_models(evidence: Evidence) -> list[tuple[str, str]]:
    """What is built on, and what builds on it."""
    known = names(evidence, "model")
    against = {name: evidence.against(name) for name in known}
    return [(base, name) for name, base in against.items() if base in known and base != name]


def _of_architectures(evidence: Evidence) -> list[tuple[str, str]]:
    known = names(evidence, "architecture")
    return [(known[0], other) for other in known[1:]]


def names(evidence: Evidence, axis: str) -> Sequence[str]:
    """The values of an axis among configurations that ended well, in the order of the catalogue."""
    found = dict.fromkeys(one.settings[axis] for one in evidence.configurations)
    return _in_order(found, list(models.MODELS if axis == "model" else models.ARCHITECTURES))


def _in_order(found: Iterable[str], order: Sequence[str]) -> list[str]:
    """Those that the catalogue lacks come last, as they came."""
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))
