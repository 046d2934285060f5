"""Two values of a setting over all pairs that differ in it alone: which is better, or that it depends.

A verdict is given where the p-value of the sign-flip test is below 0.05 after Holm over the table. Where it
is not, there may be no difference, or one that turns with another setting: whether the differences of the
pairs vary by more than their seeds explain is tested, too, among the same p-values of Holm.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks.table import Cell, Column, Row, Table, made, present
from bench.report.evidence import differences
from bench.report.evidence.comparisons import Pair
from bench.statistics import Cause, Comparison, Sides

CANNOT_TELL = "cannot tell"
NO_DIFFERENCE = "no difference shown"
DEPENDS = "depends on"
ON_SETTINGS = "the settings"
UNTESTED = (
    "No pair has two seeds that both sides share, so neither interval nor test can be given: the seed may be "
    "the reason for the difference."
)
READING = (
    "Errors and distances are compared by their logarithms, so that a difference is one in percent of the "
    "second. Intervals are by the bootstrap over pairs (where few pairs differ much and most little, they "
    "hold the true mean in about nine of ten cases only), p-values by sign flips, two-sided, and then after "
    "Holm over this table. Depends: the mean may be none, but the differences of the pairs vary, to both "
    "sides, by more than seeds explain (Welch's test of several means, among the same p-values of Holm); on "
    "a setting, where its values explain most of that, beyond chance, and their means lie on both sides."
)
OVER_SEEDS = (
    "Errors and distances are compared by their logarithms, so that a difference is one in percent of the "
    "second. Pairs are too few for a test over them: intervals and p-values are over seeds, with a variance "
    "moderated over the rows, and then after Holm over this table. They speak of these settings alone."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """How two sides came out in one measure.

    Attributes
    ----------
    p
        That of the mean difference, after Holm over the table; None without a test.
    p_varies
        That of the differences of all pairs being the same, likewise.
    cause
        The setting that turns the sign; None where none does beyond chance.
    is_mixed
        Whether pairs differ to both sides.
    is_testable
        Whether so many pairs could give a verdict at all.
    is_over_seeds
        Whether it is over other seeds, at these settings, and not over pairs.
    """

    measure: str
    comparison: Comparison
    p: float | None
    pairs: int
    p_varies: float | None = None
    cause: Cause | None = None
    is_mixed: bool = False
    is_testable: bool = True
    is_over_seeds: bool = False

    @property
    def winner(self) -> int | None:
        """0 if the first side is better, 1 if the second is, None if it is not told."""
        mean = self.comparison.difference.mean
        if mean is None or not statistics.is_told(self.p):
            return None
        return int(not measures.named(self.measure).improves(mean))

    @property
    def depends(self) -> bool:
        """Whether which side is better is shown to depend on other settings."""
        return self.winner is None and self.is_mixed and statistics.is_told(self.p_varies)

    @property
    def depends_on(self) -> str:
        """What on, in words; empty where it is not shown."""
        if not self.depends:
            return ""
        return words.axis(self.cause.name) if self.cause else ON_SETTINGS

    @property
    def unclear(self) -> str:
        """What stands where neither side is better."""
        if self.depends:
            return f"{DEPENDS} {self.depends_on}"
        return NO_DIFFERENCE if self.is_testable and self.p is not None else CANNOT_TELL


def by_cause(one: Verdict) -> str:
    """The mean difference by the values of what it depends on: `-16 % at 64 to +8.0 % at 2`; else empty."""
    if not (one.depends and one.cause):
        return ""
    name, groups = one.cause.name, one.cause.groups
    ends = (groups[0], groups[-1])
    return " to ".join(
        f"{_mean(one, mean)} {'with' if isinstance(value, str) else 'at'} {_value(name, value)}"
        for value, mean in ends
    )


def _value(name: str, value: object) -> str:
    return words.model(str(value)) if name == "model" else words.value_text(value)


def _mean(one: Verdict, mean: float) -> str:
    return words.change(mean) if one.comparison.is_ratio else words.number(one.measure, mean)


def verdicts(found: Sequence[Pair]) -> list[Verdict]:
    """One for each measure that both sides of some pair have."""
    return family([found], measures.of_table("pairs"))[0]


def family(groups: Sequence[Sequence[Pair]], measures: Sequence[str]) -> list[list[Verdict]]:
    """The same of several groups of pairs, with Holm over all measures of all of them."""
    asked = _asked(groups, measures)
    values = [differences.sides(groups[place], name) for place, name in asked]
    compared = [differences.paired(name, each) for (_, name), each in zip(asked, values, strict=True)]
    varied = [varies(name, each) for (_, name), each in zip(asked, values, strict=True)]
    adjusted = statistics.holm([one.p for one in compared] + varied)
    least = [None if one.p is None else statistics.smallest_p(one.difference.n) for one in compared]
    best = statistics.holm(least)
    told: list[list[Verdict]] = [[] for _ in groups]
    for i, (place, name) in enumerate(asked):
        found = [pair for pair in groups[place] if pair.first.by_seed(name) and pair.second.by_seed(name)]
        means = [one.difference.mean or 0.0 for one in differences.of_pairs(name, values[i])]
        one = Verdict(
            measure=name,
            comparison=compared[i],
            p=adjusted[i],
            pairs=len(found),
            p_varies=adjusted[len(asked) + i],
            is_mixed=min(means) < 0 < max(means),
            is_testable=statistics.is_told(best[i]),
        )
        told[place].append(dataclasses.replace(one, cause=_cause(found, means)) if one.depends else one)
    return told


def over_seeds(groups: Sequence[Sequence[Pair]], measures: Sequence[str]) -> list[list[Verdict]]:
    """The same over seeds, the pairs held fixed: for a run of so few pairs that they can give no verdict."""
    told: list[list[Verdict]] = [[] for _ in groups]
    asked = _asked(groups, measures)
    for name in measures:
        places = [place for place, measure in asked if measure == name]
        values = [differences.sides(groups[place], name) for place in places]
        for place, pairs, one in zip(places, values, differences.of_groups(name, values), strict=True):
            found = Verdict(measure=name, comparison=one, p=one.p, pairs=len(pairs), is_over_seeds=True)
            told[place].append(found)
    adjusted = iter(statistics.holm([one.p for row in told for one in row]))
    return [[dataclasses.replace(one, p=next(adjusted)) for one in row] for row in told]


def _asked(groups: Sequence[Sequence[Pair]], measures: Sequence[str]) -> list[tuple[int, str]]:
    """Places of groups and measures that both sides of some pair of theirs have."""
    return [
        (place, name)
        for place, found in enumerate(groups)
        for name in measures
        if all(_has(found, name, side) for side in ("first", "second"))
    ]


def varies(name: str, values: Sequence[Sides]) -> float | None:
    """P-value of the differences of all pairs being the same; None where it cannot be tested."""
    flat = differences.scaled(name, [one for both in values for one in both])
    return statistics.heterogeneity_p([*zip(flat[::2], flat[1::2], strict=True)])


def _cause(found: Sequence[Pair], means: Sequence[float]) -> Cause | None:
    return turning(means, differences.settings_of(found))


def turning(means: Sequence[float], settings: Mapping[str, list[object]]) -> Cause | None:
    """The setting that explains most of how differences of pairs vary, if it turns their sign.

    `settings` are those that both sides of each pair share, each with its value in every pair.
    """
    cause = statistics.cause(means, settings)
    return cause if cause and cause.groups[0][1] < 0 < cause.groups[-1][1] else None


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
        caption=f"{first} against {second} over all pairs with every other setting equal{where}",
        columns=(
            Column(label="Measure", is_number=False),
            Column(label="Pairs"),
            Column(label="Mean difference"),
            Column(label="p"),
            Column(label="p, Holm"),
            Column(label="Verdict", is_number=False),
        ),
        rows=tuple(_row(one, first) for one in told),
        note=" ".join(filter(None, (doubt(told), *map(_turns, told)))),
        reading=READING,
    )


def _row(one: Verdict, first: str) -> Row:
    difference = one.comparison.difference
    verdict = one.unclear if one.winner is None else f"{first} {'worse' if one.winner else 'better'}"
    return Row(
        cells=(
            Cell(text=words.head(one.measure)),
            Cell(text=str(difference.n), order=difference.n),
            Cell(text=words.difference(one.measure, one.comparison), order=difference.mean),
            Cell(text=words.p_value(one.comparison.p), order=one.comparison.p),
            Cell(text=words.p_value(one.p), order=one.p),
            Cell(text=verdict),
        )
    )


def _turns(one: Verdict) -> str:
    """How a difference goes with what it depends on, in a sentence; empty where that is not shown."""
    told = by_cause(one)
    return f"{words.head(one.measure)} by {one.depends_on}: {told}." if told else ""


def _has(found: Sequence[Pair], name: str, side: str) -> bool:
    return bool(present([getattr(pair, side) for pair in found], (name,)))
