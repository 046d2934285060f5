"""What more epochs bring: the same trainings, measured after some of their epochs."""

import dataclasses
from collections.abc import Mapping

from bench import measures, statistics
from bench.ask.trial import Trial
from bench.keeping.result import Measures
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.table import (
    NAME,
    Cell,
    Row,
    Table,
    filters,
    interval_cell,
    made,
    measure_column,
    name_cell,
)
from bench.report.evidence import Configuration, Evidence

NOTE = (
    "Each row holds the numbers that the same trial would have had with that many epochs, its weights chosen "
    "as at its end. The rows of a configuration are of one training for each seed, and share its luck."
)


@made
def table(evidence: Evidence, dataset: str) -> Table | None:
    """A row a configuration and epoch, in the order of both; None where nothing was measured on the way."""
    ones = [one for one in evidence.configurations if one.settings["dataset"] == dataset]
    found = [(one, epoch, taken) for one in ones for epoch, taken in _by_epoch(one).items()]
    names = [
        name
        for name in (*measures.of_table("leaderboard"), "frechet_prior", "frechet_mixture")
        if any(each.get(name) is not None for *_, taken in found for each in taken)
    ]
    if not found:
        return None
    return Table(
        id=f"table-snapshots{evidence.suffix(dataset)}",
        caption=f"After so many epochs of one training{finding.on(evidence, dataset)}",
        columns=(NAME, *map(measure_column, names)),
        rows=tuple(
            Row(
                cells=(
                    dataclasses.replace(head := name_cell(one), text=f"{head.text}, {_epochs(epoch)}"),
                    *(_cell(name, taken) for name in names),
                ),
                settings=filters(one.settings),
            )
            for one, epoch, taken in found
        ),
        note=NOTE,
    )


def _epochs(epoch: int) -> str:
    return words.count(epoch, "epoch")


def _by_epoch(one: Configuration) -> dict[int, list[Measures]]:
    """The measures of each seed, by epoch; the end is the last. Empty where there are no snapshots."""
    found: dict[int, list[Measures]] = {}
    for result in one.results:
        ends: Mapping[str, Measures] = {}
        if result.snapshots and isinstance(result.unit, Trial):
            ends = {str(result.unit.epochs): result.measures}
        for epoch, taken in {**result.snapshots, **ends}.items():
            found.setdefault(int(epoch), []).append(taken)
    return dict(sorted(found.items()))


def _cell(name: str, taken: list[Measures]) -> Cell:
    values = [float(value) for each in taken if (value := each.get(name)) is not None]
    return interval_cell(name, statistics.mean_interval(values)) if values else Cell(text=words.NONE)
