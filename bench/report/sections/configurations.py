"""Every configuration: a table of them, and a view of each."""

import functools
from collections.abc import Sequence

from bench import measures
from bench.report import words
from bench.report.blocks import view
from bench.report.blocks.section import Block, Blocks, Facts, Fold, text
from bench.report.blocks.table import NAME, Cell, Column, Row, Table, made, measure_column, row
from bench.report.blocks.view import Views
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import galleries, views

MOST_PICTURED = 200
"""Trials and baselines of which all have pictures in their view; of more, those of the galleries."""
MOST_WHOLE = 100
"""Configurations whose views have every measure; of more, those of the tables that compare models."""
MOST_PRINTED = 20
MOST_OPEN = 20  # rows of a table that is not folded
_TOLD = (
    "A name in any table leads to the view of its configuration: its seeds side by side, curves, pictures, "
    "its place by each measure, and the command that repeats it."
)
_MEASURES = ("test_mse", "test_ssim", "latent_knn_accuracy")


def section(evidence: Evidence) -> Blocks | None:
    """None where nothing has finished."""
    if not evidence.results:
        return None
    table, failed = _table(evidence), _failed(evidence)
    every: tuple[Block, ...] = (table,) if evidence.everything else ()
    if len(evidence.everything) > MOST_OPEN:
        every = (Fold(title=f"All {len(evidence.everything)} in a table", blocks=(table,)),)
    return (
        *([text(_TOLD, _thinning(evidence))] if every else []),
        *([Facts(facts=failed)] if failed else []),
        *every,
        *([_views(evidence)] if evidence.everything else []),
    )


def _thinning(evidence: Evidence) -> str:
    """What views leave out; empty where they have all."""
    told = []
    if len(evidence.results) > MOST_PICTURED:
        told.append(f"Of more than {MOST_PICTURED} trials only those of the galleries have pictures there.")
    if len(evidence.configurations) > MOST_WHOLE:
        told.append("Views have the main measures; summary.csv has all of them.")
    if any(len(one.results) > views.MOST_SEEDS for one in evidence.configurations):
        told.append(f"Of many seeds views have the first {views.MOST_SEEDS}; results.csv has all of them.")
    if len(evidence.everything) > MOST_PRINTED:
        told.append("On paper the table stands for them.")
    return " ".join(told)


def _failed(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """A line for each trial that did not end well."""
    return tuple(
        (evidence.name_of(result.unit), f"{result.status}: {result.error}") for result in evidence.failures
    )


@made
def _table(evidence: Evidence) -> Table:
    names = [name for name in _MEASURES if any(one.values(name) for one in evidence.everything)]
    ones = [one for dataset in evidence.datasets for one in _by_merit(evidence, dataset, baselines=True)]
    return Table(
        id="table-configurations",
        caption="Every configuration and baseline with the numbers of its seeds, lowest MSE first",
        columns=(NAME, Column(label="Seeds"), *(measure_column(name) for name in names)),
        rows=tuple(_row(one, names) for one in ones),
    )


def _row(one: Configuration, names: Sequence[str]) -> Row:
    count = len(one.results)
    seeds = (
        words.NONE if one.is_baseline else str(count) if count == one.planned else f"{count} of {one.planned}"
    )
    return row(one, Cell(text=seeds, order=count), *(_cell(one, name) for name in names))


def _cell(one: Configuration, name: str) -> Cell:
    """The number of each seed, in their order."""
    values = one.values(name)
    more = f" {words.NONE} {len(values) - views.MOST_SEEDS} more" if len(values) > views.MOST_SEEDS else ""
    told = " · ".join(words.number(name, value) for value in values[: views.MOST_SEEDS])
    return Cell(text=(told or words.NONE) + more, order=one.mean(name))


def _by_merit(evidence: Evidence, dataset: str, *, baselines: bool = False) -> list[Configuration]:
    found = evidence.everything if baselines else evidence.rivals
    ones = [one for one in found if one.settings["dataset"] == dataset]
    return galleries.by_error(ones)


def _views(evidence: Evidence) -> Views:
    """In the order of merit, data set by data set, baselines last."""
    found = [
        view.made(one.unit.key, one.name, functools.partial(views.view, evidence, one, beside))
        for dataset in evidence.datasets
        for beside in [_beside(evidence, dataset)]
        for one in (*beside.order, *evidence.about(dataset).baselines)
    ]
    return Views(
        title=f"All {len(found)}, one by one" if len(found) > 1 else "All that is known of it",
        views=tuple(found),
        is_printed=len(found) <= MOST_PRINTED,
    )


def _beside(evidence: Evidence, dataset: str) -> views.Beside:
    order = tuple(_by_merit(evidence, dataset))
    names = _measures(evidence)
    return views.Beside(
        order=order,
        ranks=views.ranks(order, names),
        pictured=frozenset(_pictured(evidence)),
        measures=frozenset(names),
        is_compared=len(evidence.focus.everything) > 1,
    )


def _measures(evidence: Evidence) -> list[str]:
    names = [one.name for one in measures.every() if not one.is_array]
    if len(evidence.configurations) <= MOST_WHOLE:
        return names
    main = {
        name
        for table in ("leaderboard", "pairs", "standings", "distances")
        for name in measures.of_table(table)
    }
    return [name for name in names if name in main]


def _pictured(evidence: Evidence) -> set[str]:
    """Keys of the trials whose pictures are shown in views."""
    if len(evidence.results) <= MOST_PICTURED:
        return {result.unit.key for result in evidence.results}
    focus = evidence.focus
    return {
        one.unit.key
        for one in (*galleries.representatives(focus), *focus.externals, *galleries.baselines(focus))
    }
