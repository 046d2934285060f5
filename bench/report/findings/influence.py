"""What each setting does on average, and how far its values move a measure."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench import statistics
from bench.report import words
from bench.report.blocks.table import Cell, Column, Row, Table, made, present
from bench.report.evidence import Configuration, Evidence, comparisons, differences
from bench.report.evidence.comparisons import Sweep
from bench.statistics import Comparison, Sides

MEASURES = ("test_mse", "latent_knn_accuracy")
_CONDITIONS = ("dataset", "backend")

Lines = Sequence[Sequence[Configuration]]  # each of configurations that differ in one setting alone


@dataclasses.dataclass(frozen=True, kw_only=True)
class MainEffect:
    """A value of a setting against its reference, mean over the lines that have both.

    `p` is that of Holm over all effects that were asked for together; None with one seed.
    """

    value: Any
    measure: str
    comparison: Comparison
    p: float | None

    @property
    def is_sure(self) -> bool:
        """Whether it is told apart from none."""
        return statistics.is_told(self.p)


def reference(lines: Lines, axis: str, base: Mapping[str, Any]) -> Any:
    """The value of a setting that most lines have; of equals that of the base."""
    counts = collections.Counter(one.settings[axis] for line in lines for one in line)
    return max(counts, key=lambda value: (counts[value], value == base.get(axis)))


def main_effects(
    lines: Lines, axis: str, base: Mapping[str, Any], measures: Sequence[str]
) -> list[MainEffect]:
    """Of every value but the reference, in each measure: over other seeds, the lines held fixed."""
    standard = reference(lines, axis, base)
    values = [v for v in dict.fromkeys(one.settings[axis] for line in lines for one in line) if v != standard]
    by_value = [{one.settings[axis]: one for one in line} for line in lines]
    asked = [(value, name) for name in measures for value in values]
    found = [
        one
        for name in measures
        for one in differences.of_groups(name, [_both(by_value, value, standard, name) for value in values])
    ]
    adjusted = statistics.holm([one.p for one in found])
    return [
        MainEffect(value=value, measure=name, comparison=one, p=p)
        for (value, name), one, p in zip(asked, found, adjusted, strict=True)
    ]


def _both(lines: Sequence[Mapping[Any, Configuration]], value: Any, standard: Any, name: str) -> list[Sides]:
    """A measure at a value and at the reference, of each line that has both."""
    known = [(line[value], line[standard]) for line in lines if value in line and standard in line]
    both = [(first.by_seed(name), second.by_seed(name)) for first, second in known]
    return [values for values in both if all(values)]


@made
def effect_table(sweep: Sweep, base: Mapping[str, Any], suffix: str = "") -> Table | None:
    """The main effects of a setting; None where nothing was measured."""
    lines = [line.points for line in sweep.lines]
    every = [one for line in lines for one in line]
    measures = present(every, sweep.metrics)
    if not measures:
        return None
    effects = main_effects(lines, sweep.axis, base, measures)
    standard = reference(lines, sweep.axis, base)
    rows = [[one for one in effects if one.value == value] for value in sweep.values if value != standard]
    columns = [Column(label=words.capital(words.axis(sweep.axis)), is_number=sweep.is_numeric)]
    for name in measures:
        columns += [
            Column(label=f"{words.head(name)}: difference", hint="Mean over lines, with its interval."),
            Column(label=f"{words.head(name)}: lines", hint="Those that have both values."),
            Column(label=f"{words.head(name)}: p, Holm", hint="Over seeds, after Holm over this table."),
        ]
    return Table(
        id=f"table-main-effect-{sweep.axis}{suffix}",
        caption=f"Main effect against {words.setting(sweep.axis, standard)}"
        f"{comparisons.after(every, sweep.axis)}, all else equal",
        columns=tuple(columns),
        rows=tuple(_effect_row(row) for row in rows),
        note="Differences are means over lines that have both values, of errors in percent; intervals are "
        "of one at a time, over seeds; p-values are after Holm over this table."
        if any(one.p is not None for one in effects)
        else "One seed: no interval can be given.",
    )


def _effect_row(effects: Sequence[MainEffect]) -> Row:
    value = effects[0].value
    cells = [Cell(text=words.value_text(value), order=value if isinstance(value, int | float) else None)]
    for one in effects:
        difference = one.comparison.difference
        cells += [
            Cell(text=words.difference(one.measure, one.comparison), order=difference.mean),
            Cell(text=str(difference.n), order=difference.n),
            Cell(text=words.p_value(one.p), order=one.p),
        ]
    return Row(cells=tuple(cells))


def settings(evidence: Evidence) -> dict[str, Lines]:
    """Every setting, models and architectures too, along which some configurations differ in nothing else."""
    names = dict.fromkeys(name for one in evidence.configurations for name in one.settings)
    found = {axis: comparisons.alike(evidence, axis) for axis in names if axis not in _CONDITIONS}
    return {axis: lines for axis, lines in found.items() if lines}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range:
    """How far the values of a setting move a measure, from the one that lowers it most to the other end.

    Attributes
    ----------
    axis, measure
        The setting, and what it moves.
    standard
        The value that the others are held against.
    ends
        Value and mean change over lines, with its interval over seeds, lowest first; one where there is one
        other value. Of an error in percent, as `words.difference` says it.
    lines
        Number of lines that have `standard` and another value.
    """

    axis: str
    measure: str
    standard: Any
    ends: tuple[tuple[Any, Comparison], ...]
    lines: int

    @property
    def width(self) -> float:
        """From the lowest change to the highest, none at all among them."""
        changes = [0.0, *(change.difference.mean or 0.0 for _, change in self.ends)]
        return max(changes) - min(changes)

    def reach(self, *, with_values: bool = True) -> str:
        """`-3.5 % at 64 to +89 % at 2`, without intervals."""
        return " to ".join(
            _change_text(self.measure, _bare(change)) + (f" {_with(self.axis, value)}" if with_values else "")
            for value, change in self.ends
        )

    def __str__(self) -> str:
        """`-3.5 % (-6.1 % to -0.8 %) at 64 to +89 % (+85 % to +93 %) at 2`."""
        return " to ".join(
            f"{_change_text(self.measure, change)} {_with(self.axis, value)}" for value, change in self.ends
        )


def ranges(evidence: Evidence, name: str) -> dict[str, Range]:
    """Of each setting how far it moves a measure; widest first.

    They hang on the values that the grid tries: with other ends of it the order may be another.
    """
    lines = settings(evidence)
    found = {axis: _range(lines[axis], axis, evidence.base, name) for axis in lines}
    known = {axis: one for axis, one in found.items() if one is not None}
    return dict(sorted(known.items(), key=lambda item: -item[1].width))


def _range(lines: Lines, axis: str, base: Mapping[str, Any], name: str) -> Range | None:
    effects = main_effects(lines, axis, base, (name,))
    known = [(one.value, one.comparison) for one in effects if one.comparison.difference.mean is not None]
    if not known:
        return None
    standard, values = reference(lines, axis, base), {value for value, _ in known}
    ranked = sorted(known, key=lambda item: item[1].difference.mean or 0.0)
    found = [{one.settings[axis] for one in line if one.values(name)} for line in lines]
    return Range(
        axis=axis,
        measure=name,
        standard=standard,
        ends=(ranked[0], ranked[-1])[: len(ranked)],
        lines=sum(standard in of_line and bool(values & of_line) for of_line in found),
    )


def _change_text(name: str, change: Comparison) -> str:
    """In percent of what it was; of a share in percentage points."""
    if change.is_ratio or not words.is_share(name):
        return words.difference(name, change)
    value = change.difference
    ends = [100 * end for end in (value.mean, value.low, value.high) if end is not None]
    mean, *rest = (f"{words.signed(end) if end < 0 else f'+{end:.1f}'}" for end in ends)
    text = f"{mean}{words.NBSP}points"
    return f"{text}{words.NBSP}({rest[0]}{words.NBSP}to{words.NBSP}{rest[1]})" if rest else text


def _bare(change: Comparison) -> Comparison:
    """A change without its interval."""
    bare = dataclasses.replace(change.difference, low=None, high=None)
    return dataclasses.replace(change, difference=bare)


def _with(axis: str, value: Any) -> str:
    if axis == "model":
        return f"with {words.model(value)}"
    return f"{'with' if isinstance(value, str) else 'at'} {words.value_text(value)}"


def range_table(evidence: Evidence, dataset: str) -> Table | None:
    """The settings by how far they move the test MSE; None with fewer than two settings."""
    part = evidence.about(dataset)
    found = {name: known for name in MEASURES if (known := ranges(part, name))}
    axes = list(dict.fromkeys(axis for known in found.values() for axis in known))
    if len(axes) < 2:
        return None
    columns = [
        Column(label="Setting", is_number=False),
        Column(
            label="Against", hint="The most common value, which the others are held against.", is_number=False
        ),
        Column(label="Lines", hint="All else equal."),
        *(Column(label=f"{_plain(name)}: change, lowest to highest", is_number=False) for name in found),
    ]
    return Table(
        id=f"table-importance{evidence.suffix(dataset)}",
        caption=f"How far each setting moves a measure on {words.dataset(dataset)}"
        f"{comparisons.after(part.configurations)}, widest first",
        columns=tuple(columns),
        rows=tuple(_range_row(axis, found) for axis in axes),
        note="Mean changes over lines, all else equal, with their 95 % intervals over seeds, of one at a "
        "time. How wide they are hangs on which values the grid tries: with other ends of it the order "
        "may be another." + ("" if part.has_intervals else " One seed: chance is part of them."),
    )


def _range_row(axis: str, found: Mapping[str, Mapping[str, Range]]) -> Row:
    known = [ranges.get(axis) for ranges in found.values()]
    first = next(one for one in known if one is not None)
    against = words.model(first.standard) if axis == "model" else words.value_text(first.standard)
    return Row(
        cells=(
            Cell(text=words.capital(words.axis(axis))),
            Cell(text=against),
            Cell(text=str(first.lines), order=first.lines),
            *(Cell(text=str(one) if one else words.NONE, order=one.width if one else None) for one in known),
        )
    )


def _plain(name: str) -> str:
    return words.head(name).removesuffix(", %")
