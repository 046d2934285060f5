"""Two values of a setting over all pairs that differ in it alone: which is better, or that it cannot be told.

A verdict is given where the p-value of the sign-flip test is below 0.05 after Holm over the measures of the
table. The bootstrap interval beside it says how large the difference is, one measure at a time.
"""

import dataclasses
from collections.abc import Sequence

from bench import measures, statistics
from bench.report import comparisons, words
from bench.report.comparisons import Pair
from bench.report.table import Cell, Column, Row, Table, made, present
from bench.statistics import Comparison

CANNOT_TELL = "cannot tell"
UNTESTED = (
    "No pair has two seeds that both sides share, so neither interval nor test can be given: the seed may be "
    "the reason for the difference."
)
NOTE = (
    "Intervals are by the bootstrap over pairs (where few pairs differ much and most little, they hold the "
    "true mean in about nine of ten cases only), p-values by sign flips, two-sided, and then after Holm over "
    "this table."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """How two sides came out in one measure; `p` is that of Holm over all measures, None without a test."""

    measure: str
    comparison: Comparison
    p: float | None

    @property
    def winner(self) -> int | None:
        """0 if the first side is better, 1 if the second is, None if it cannot be told."""
        mean = self.comparison.difference.mean
        if mean is None or not statistics.is_told(self.p):
            return None
        return int((mean < 0) != (measures.named(self.measure).better == "lower"))


def verdicts(found: Sequence[Pair]) -> list[Verdict]:
    """One for each measure that both sides of some pair have."""
    return family([found], measures.of_table("pairs"))[0]


def family(groups: Sequence[Sequence[Pair]], measures: Sequence[str]) -> list[list[Verdict]]:
    """The same of several groups of pairs, with Holm over all measures of all of them."""
    asked = [
        (place, name)
        for place, found in enumerate(groups)
        for name in measures
        if all(_has(found, name, side) for side in ("first", "second"))
    ]
    compared = [comparisons.paired(groups[place], name) for place, name in asked]
    adjusted = statistics.holm([one.p for one in compared])
    told: list[list[Verdict]] = [[] for _ in groups]
    for (place, name), one, p in zip(asked, compared, adjusted, strict=True):
        told[place].append(Verdict(measure=name, comparison=one, p=p))
    return told


def doubt(found: Sequence[Verdict]) -> str:
    """Why no verdict could be given, whatever the numbers; empty where one could."""
    tested = [one for one in found if one.p is not None]
    if not tested:
        return UNTESTED
    pairs = max(one.comparison.difference.n for one in tested)
    smallest = statistics.smallest_p(pairs)
    if statistics.is_told(smallest * len(tested)):
        return ""
    least = f"With {words.count(pairs, 'pair')} the smallest p that there can be is {smallest:.2g}"
    if statistics.is_told(smallest):
        least += f", too large for Holm over {words.count(len(tested), 'measure')}"
    return f"{least}: whether it holds from setting to setting cannot be told."


@made
def table(id: str, found: Sequence[Pair], first: str, second: str, where: str = "") -> Table | None:
    """Every measure with its mean paired difference, p-values and verdict; None without pairs.

    The pairs are of one data set, which `where` may name: an error of 0.01 is not the same on another.
    """
    told = verdicts(found)
    if not told:
        return None
    return Table(
        id=id,
        caption=f"{first} less {second} over all pairs with every other setting equal{where}",
        columns=(
            Column(label="Measure", is_number=False),
            Column(label="Pairs"),
            Column(label="Mean difference"),
            Column(label="p"),
            Column(label="p, Holm"),
            Column(label="Verdict", is_number=False),
        ),
        rows=tuple(_row(one, first) for one in told),
        note=" ".join(filter(None, (doubt(told), NOTE))),
    )


def _row(one: Verdict, first: str) -> Row:
    difference = one.comparison.difference
    verdict = CANNOT_TELL if one.winner is None else f"{first} {'worse' if one.winner else 'better'}"
    return Row(
        cells=(
            Cell(text=words.head(one.measure)),
            Cell(text=str(difference.n), order=difference.n),
            Cell(text=words.between(one.measure, difference), order=difference.mean),
            Cell(text=words.p_value(one.comparison.p), order=one.comparison.p),
            Cell(text=words.p_value(one.p), order=one.p),
            Cell(text=verdict),
        )
    )


def _has(found: Sequence[Pair], name: str, side: str) -> bool:
    return bool(present([getattr(pair, side) for pair in found], (name,)))
