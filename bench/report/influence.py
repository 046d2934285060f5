"""What each setting does on average, and how much of what varies in the run is due to it."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench import statistics
from bench.report import comparisons, sheets, words
from bench.report.comparisons import Sweep
from bench.report.evidence import Configuration, Evidence
from bench.report.table import Cell, Column, Row, Table, interval_cell, present
from bench.statistics import Comparison

MEASURES = ("test_mse", "latent_knn_accuracy")
SEED = "seed"
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


def effect_table(sweep: Sweep, base: Mapping[str, Any], suffix: str = "") -> Table | None:
    """The main effects of a setting; None where nothing was measured."""
    lines = [line.points for line in sweep.lines]
    measures = present([one for line in lines for one in line], sweep.metrics)
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
        caption=f"Main effect against {words.setting(sweep.axis, standard)}, all else equal",
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


def importance(evidence: Evidence, name: str) -> dict[str, float]:
    """The share of each setting, and of the seed where there are two, in the variance of a measure.

    Largest first; empty where no setting changes, or nothing varies.
    """
    variances = {}
    for axis, lines in settings(evidence).items():
        variance = statistics.setting_variance([[one.values(name) for one in line] for line in lines])
        if variance is not None:
            variances[axis] = variance
    chance = statistics.seed_variance([one.values(name) for one in evidence.configurations])
    if chance is not None and variances:
        variances[SEED] = chance
    return statistics.shares(variances)


def importance_table(evidence: Evidence, dataset: str) -> Table | None:
    """The settings by their share in the variance of the test MSE; None with fewer than two settings."""
    part = evidence.about(dataset)
    lines = settings(part)
    found = {name: shares for name in MEASURES if (shares := importance(part, name))}
    if len(lines) < 2 or not found:
        return None
    axes = [*next(iter(found.values()))]
    columns = [Column(label="Setting", is_number=False), Column(label="Lines", hint="All else equal.")]
    columns += [Column(label=f"Share of the variance of {_plain(name)}, %") for name in found]
    return Table(
        id=f"table-importance{sheets.suffix(evidence, dataset)}",
        caption=f"How much each setting matters on {words.dataset(dataset)}",
        columns=tuple(columns),
        rows=tuple(_importance_row(axis, lines, found) for axis in axes),
        note="" if part.has_intervals else "One seed: chance is part of every share.",
    )


def _importance_row(axis: str, lines: Mapping[str, Lines], found: Mapping[str, dict[str, float]]) -> Row:
    count = len(lines.get(axis, ()))
    return Row(
        cells=(
            Cell(text=words.capital(words.axis(axis))),
            Cell(text=str(count) if count else words.NONE, order=count or None),
            *(_share_cell(shares.get(axis)) for shares in found.values()),
        )
    )


def _share_cell(share: float | None) -> Cell:
    return Cell(text=words.NONE if share is None else f"{100 * share:.1f}", order=share)


def _plain(name: str) -> str:
    return words.head(name).removesuffix(", %")
