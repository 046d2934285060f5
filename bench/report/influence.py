"""What each setting does on average, and how far its values move a measure."""

import collections
import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from bench import statistics
from bench.report import comparisons, sheets, words
from bench.report.comparisons import Sweep
from bench.report.evidence import Configuration, Evidence
from bench.report.table import Cell, Column, Row, Table, interval_cell, made, present
from bench.statistics import Comparison

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
    asked = [(value, name) for value in values for name in measures]
    found = [
        statistics.mean_difference(
            (line[value].values(name), line[standard].values(name))
            for line in by_value
            if value in line and standard in line
        )
        for value, name in asked
    ]
    adjusted = statistics.holm([one.p for one in found])
    return [
        MainEffect(value=value, measure=name, comparison=one, p=p)
        for (value, name), one, p in zip(asked, found, adjusted, strict=True)
    ]


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
            Column(label=f"{words.head(name)}: p, Holm", hint="Welch's test, Holm over this table."),
        ]
    return Table(
        id=f"table-main-effect-{sweep.axis}{suffix}",
        caption=f"Main effect against {words.setting(sweep.axis, standard)}"
        f"{comparisons.after(every, sweep.axis)}, all else equal",
        columns=tuple(columns),
        rows=tuple(_effect_row(row) for row in rows),
        note="Differences are means over the lines that have both values; p-values are Welch's, after Holm "
        "over this table."
        if any(one.p is not None for one in effects)
        else "One seed: no interval can be given.",
    )


def _effect_row(effects: Sequence[MainEffect]) -> Row:
    value = effects[0].value
    cells = [Cell(text=words.value_text(value), order=value if isinstance(value, int | float) else None)]
    for one in effects:
        difference = one.comparison.difference
        cells += [
            interval_cell(one.measure, difference),
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
        Value and mean change over lines, lowest first; one where there is one other value. In shares of the
        measure at `standard`, of a measure that is a share itself in its own unit.
    lines
        Number of lines that have `standard` and another value.
    """

    axis: str
    measure: str
    standard: Any
    ends: tuple[tuple[Any, float], ...]
    lines: int

    @property
    def width(self) -> float:
        """From the lowest change to the highest, none at all among them."""
        changes = [0.0, *(change for _, change in self.ends)]
        return max(changes) - min(changes)

    def __str__(self) -> str:
        """`+2 % at 8 to +151 % at 2`."""
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
    standard = reference(lines, axis, base)
    with_both = [
        means
        for line in lines
        if standard in (means := {one.settings[axis]: m for one in line if (m := one.mean(name)) is not None})
    ]
    changes: dict[Any, float] = {}
    for value in dict.fromkeys(value for means in with_both for value in means if value != standard):
        pairs = [(means[value], means[standard]) for means in with_both if value in means]
        if before := math.fsum(old for _, old in pairs):
            unit = len(pairs) if words.is_share(name) else abs(before)
            changes[value] = (math.fsum(new for new, _ in pairs) - before) / unit
    if not changes:
        return None
    ranked = sorted(changes.items(), key=lambda item: item[1])
    return Range(
        axis=axis,
        measure=name,
        standard=standard,
        ends=tuple(dict.fromkeys((ranked[0], ranked[-1]))),
        lines=sum(any(value in means for value in changes) for means in with_both),
    )


def _change_text(name: str, change: float) -> str:
    """In per cent of what it was; of a share in percentage points."""
    digits = 1 if words.is_share(name) or abs(change) < 0.0995 else 0
    unit = "points" if words.is_share(name) else "%"
    text = f"{100 * change:+.{digits}f}"
    text = text if text.strip("+-0.") else f"+{text[1:]}"
    return f"{text}{words.NBSP}{unit}".replace("-", words.MINUS)


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
        id=f"table-importance{sheets.suffix(evidence, dataset)}",
        caption=f"How far each setting moves a measure on {words.dataset(dataset)}"
        f"{comparisons.after(part.configurations)}, widest first",
        columns=tuple(columns),
        rows=tuple(_range_row(axis, found) for axis in axes),
        note="Mean changes over lines, all else equal. How wide they are hangs on which values the grid "
        "tries: with other ends of it the order may be another."
        + ("" if part.has_intervals else " One seed: chance is part of them."),
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
