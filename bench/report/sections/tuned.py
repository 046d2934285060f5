"""Models held against each other, each at the learning rate that is best for it on validation images."""

import dataclasses
import itertools
from collections.abc import Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.table import Cell, Column, Row, Table, made, measure_column
from bench.report.evidence import Configuration, Evidence, comparisons, differences, opponents
from bench.report.evidence.comparisons import Pair
from bench.statistics import Comparison

RATE = "learning_rate"
NOTE = (
    "Of each model with all else equal the learning rate with the lowest mean validation loss; what is "
    "compared are test numbers, over seeds, with 95 % intervals, errors in percent of the second. A side is "
    "named where p is below 0.05 after Holm over this table. A rate at the end of those that were tried may "
    "not be the best there is."
)
_EACH = "its own"  # in the place of a rate, so that configurations pair


@made
def table(evidence: Evidence, dataset: str) -> Table | None:
    """A row for each two models with all else equal; None where no two models have several rates each."""
    chosen = _chosen(evidence.about(dataset).configurations)
    alike = dataclasses.replace(
        evidence,
        configurations=tuple(
            dataclasses.replace(one, settings={**one.settings, RATE: _EACH}) for one in chosen
        ),
    )
    pairs = [
        pair
        for second, first in itertools.combinations(opponents.names(alike, "model"), 2)
        for pair in comparisons.pairs(alike, "model", first, second)
    ]
    names = [name for name in measures.of_table("standings") if differences.sides(pairs, name)]
    if not names:
        return None
    rates = {one.results[0].unit.key: one.settings[RATE] for one in chosen}
    return Table(
        id=f"table-tuned{evidence.suffix(dataset)}",
        caption=f"Each model at its best learning rate{finding.on(evidence, dataset)}",
        columns=(
            Column(label="Against", is_number=False),
            Column(label="Learning rates", is_number=False),
            *(measure_column(name) for name in names),
        ),
        rows=_rows(pairs, names, rates),
        note=NOTE,
    )


def _chosen(configurations: Sequence[Configuration]) -> list[Configuration]:
    """Of those that differ in the rate alone the one with the lowest validation loss, where there are two."""
    groups: dict[tuple[tuple[str, object], ...], list[Configuration]] = {}
    for one in configurations:
        same = tuple((name, value) for name, value in one.settings.items() if name != RATE)
        groups.setdefault(same, []).append(one)
    tried = [
        [(loss, one) for one in group if (loss := one.mean("validation_loss")) is not None]
        for group in groups.values()
    ]
    return [min(group, key=lambda each: each[0])[1] for group in tried if len(group) > 1]


def _rows(pairs: Sequence[Pair], names: Sequence[str], rates: dict[str, object]) -> tuple[Row, ...]:
    compared: dict[tuple[int, str], Comparison] = {}
    for name in names:
        having = [pair for pair in pairs if differences.sides([pair], name)]
        found = differences.of_pairs(name, differences.sides(having, name))
        compared |= {(id(pair), name): one for pair, one in zip(having, found, strict=True)}
    adjusted = dict(zip(compared, statistics.holm([one.p for one in compared.values()]), strict=True))

    def cell(pair: Pair, name: str) -> Cell:
        if (id(pair), name) not in compared:
            return Cell(text=words.NONE)
        one = compared[id(pair), name]
        mean, text = one.difference.mean or 0.0, words.difference(name, one)
        if not statistics.is_told(adjusted[id(pair), name]):
            return Cell(text=text, order=mean)
        better = (pair.first if measures.named(name).improves(mean) else pair.second).settings["model"]
        return Cell(text=f"{text}: {words.model(better)}", order=mean)

    return tuple(
        Row(
            cells=(
                Cell(text=f"{pair.first.family} against {pair.second.family}"),
                Cell(text=" and ".join(_rate(one, rates) for one in (pair.first, pair.second))),
                *(cell(pair, name) for name in names),
            )
        )
        for pair in pairs
    )


def _rate(one: Configuration, rates: dict[str, object]) -> str:
    return words.value_text(rates[one.results[0].unit.key])
