"""Conditions of a comparison: after fewer epochs, with fewer training images, of fewer seeds."""

import dataclasses
from collections.abc import Iterable, Sequence

from bench.ask.trial import Trial
from bench.keeping.result import Measures, Result
from bench.report import words
from bench.report.evidence import Configuration, naming
from bench.report.evidence.comparisons import Pair
from bench.statistics import Sides, Values

Kind = str  # "epochs", "images" or "seeds"


@dataclasses.dataclass(frozen=True)
class Condition:
    """What a comparison is limited to.

    Attributes
    ----------
    kind
        `epochs`, `images` or `seeds`.
    value
        As many of them; of images `"all"` for all.
    images
        Training images of what else is held equal: the most that the run has.
    """

    kind: Kind
    value: int | str
    images: int | str = naming.ALL

    def __str__(self) -> str:
        """As at the head of a column: `5 epochs`, `all images`."""
        if isinstance(self.value, str):
            return f"{self.value} {self.kind}"
        return f"{self.value:,} {self.kind}"

    def sides(self, pairs: Iterable[Pair], name: str) -> list[Sides]:
        """A measure of both sides of each pair that has it, under this condition."""
        found = [(self._values(pair.first, name), self._values(pair.second, name)) for pair in pairs]
        return [both for both in found if all(both)]

    def _values(self, one: Configuration, name: str) -> Values:
        images = naming.train_images(one.settings)
        if images != (self.value if self.kind == "images" else self.images):
            return {}
        results = [each for each in one.results if isinstance(each.unit, Trial)]
        if self.kind == "seeds":
            results = sorted(results, key=_seed)[: int(self.value)]
            if len(results) < int(self.value):
                return {}
        take = self._after_epochs if self.kind == "epochs" else _at_end
        values = ((_seed(each), take(each).get(name)) for each in results)
        return {seed: float(value) for seed, value in values if value is not None}

    def _after_epochs(self, one: Result) -> Measures:
        unit = one.unit
        if isinstance(unit, Trial) and unit.epochs == self.value:
            return one.measures
        return one.snapshots.get(str(self.value), {})


def _at_end(one: Result) -> Measures:
    return one.measures


def _seed(one: Result) -> int:
    return one.unit.seed if isinstance(one.unit, Trial) else 0


def of(configurations: Sequence[Configuration]) -> dict[Kind, tuple[Condition, ...]]:
    """Those of a run, from fewest to most; a kind of which there is one value alone is left out."""
    trials = [result.unit for one in configurations for result in one.results]
    epochs = {epoch for unit in trials if isinstance(unit, Trial) for epoch in (*unit.snapshots, unit.epochs)}
    images: list[int | str] = sorted(
        {naming.train_images(one.settings) for one in configurations},
        key=lambda value: (isinstance(value, str), value),
    )
    seeds = max((len(one.results) for one in configurations), default=0)
    known: dict[Kind, Sequence[int | str]] = {
        "epochs": sorted(epochs) if any(unit.snapshots for unit in trials if isinstance(unit, Trial)) else [],
        "images": images,
        "seeds": list(range(2, seeds + 1)),
    }
    return {
        kind: tuple(Condition(kind, value, images[-1]) for value in values)
        for kind, values in known.items()
        if len(values) > 1
    }


def first_of_the_same(verdicts: Sequence[str]) -> int | None:
    """From which place on all verdicts are the last one; None where the last is the first of its kind."""
    start = len(verdicts) - 1
    while start > 0 and verdicts[start - 1] == verdicts[-1]:
        start -= 1
    return start if start < len(verdicts) - 1 else None


def told(condition: Condition) -> str:
    """In a sentence: `5 epochs`, `500 images`, `2 seeds`, `all images`."""
    return str(condition).replace(" ", words.NBSP)
