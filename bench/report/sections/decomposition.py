"""Frechet distances taken apart, as a table: what reconstructions have, and what drawing codes adds to it."""

import dataclasses
from collections.abc import Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding, isolation
from bench.report.blocks.table import NAME, Cell, Column, Table, row
from bench.report.evidence import Configuration, Evidence, floors
from bench.report.evidence.floors import MIXTURE, PRIOR, RECONSTRUCTED, SECOND
from bench.statistics import Interval

ADDED = {
    MIXTURE: Column(
        label="Mixture adds",
        hint="FD (mixture) less FD (rec.): what drawing codes from a mixture of training codes adds.",
    ),
    PRIOR: Column(
        label="Prior adds",
        hint="FD (prior) less FD (rec.): what drawing codes from the prior adds.",
    ),
}
NOTE = (
    "Both additions are counted from the reconstructions, whose codes are those of real images: prior and "
    "mixture are two ways to draw codes in their place, and neither is a step to the other. Differences are "
    "taken seed by seed; below 0, samples come nearer than reconstructions."
)
_FLOOR = "Multiples are of the floor, {}: the distance of training images from test images."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decomposition:
    """The table of all."""

    table: Table


def added(one: Configuration, name: str, base: str = RECONSTRUCTED) -> Interval:
    """How much farther samples are than reconstructions: mean over the seeds that have both."""
    pairs = ((result.measures.get(name), result.measures.get(base)) for result in one.results)
    return statistics.mean_interval([a - b for a, b in pairs if a is not None and b is not None])


def decompositions(evidence: Evidence) -> tuple[Decomposition, ...]:
    """One for each data set of which reconstructions and samples were measured."""
    found = (_decomposition(evidence, dataset) for dataset in evidence.datasets)
    return tuple(one for one in found if one is not None)


def _lost(why: str) -> Decomposition:
    return Decomposition(table=Table(id="", caption="", columns=(), rows=(), lost=why))


@isolation.isolated("table", _lost)
def _decomposition(evidence: Evidence, dataset: str) -> Decomposition | None:
    everything = (one for one in evidence.everything if one.settings["dataset"] == dataset)
    ones = [one for one in everything if any(added(one, name).n for name in ADDED)]
    if not ones:
        return None
    ones.sort(key=lambda one: one.mean(MIXTURE) or float("inf"))
    return Decomposition(
        table=_table(evidence, dataset, ones, f"table-decomposition{evidence.suffix(dataset)}")
    )


def _table(evidence: Evidence, dataset: str, ones: Sequence[Configuration], id: str) -> Table:
    spaces = [end for end in ("", SECOND) if any(one.values(RECONSTRUCTED + end) for one in ones)]
    levels = {end: floors.floor(evidence, dataset, MIXTURE + end) for end in spaces}
    multiples = [
        (name + end, level)
        for end, level in levels.items()
        if level
        for name in (RECONSTRUCTED, MIXTURE, PRIOR)
    ]
    columns = (
        NAME,
        *(
            column
            for end in spaces
            for column in (
                Column(
                    label=measures.named(RECONSTRUCTED + end).label,
                    hint=measures.named(RECONSTRUCTED + end).text,
                ),
                *(_in_space(column, end) for column in ADDED.values()),
            )
        ),
        *(_multiple_column(name) for name, _ in multiples),
    )
    known = " and ".join(
        f"{words.number(MIXTURE, level)}{' in the second space' if end else ''}"
        for end, level in levels.items()
        if level
    )
    return Table(
        id=id,
        caption="Frechet distances taken apart: reconstructions, and what drawing codes adds"
        f"{finding.on(evidence, dataset)}: nearest from the mixture first",
        columns=columns,
        rows=tuple(
            row(
                one,
                *(cell for end in spaces for cell in _parts(one, end)),
                *(_multiple(one, name, level) for name, level in multiples),
            )
            for one in ones
        ),
        note=" ".join(filter(None, (NOTE, _FLOOR.format(known) if known else ""))),
    )


def _in_space(column: Column, end: str) -> Column:
    return dataclasses.replace(column, label=column.label + (", 2nd" if end else ""))


def _parts(one: Configuration, end: str) -> list[Cell]:
    base = RECONSTRUCTED + end
    found = [one.measure(base), *(added(one, name + end, base) for name in ADDED)]
    return [Cell(text=words.interval(base, each), order=each.mean) for each in found]


def _multiple_column(name: str) -> Column:
    label = measures.named(name).label
    return Column(label=f"{label} / floor", hint=f"{label} as a multiple of that of training images.")


def _multiple(one: Configuration, name: str, level: float) -> Cell:
    mean = one.mean(name)
    if mean is None:
        return Cell(text=words.NONE)
    return Cell(text=words.two_digits(mean / level), order=mean / level)
