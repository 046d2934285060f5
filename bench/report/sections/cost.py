"""Timing and cost: networks timed alone, and what the trials themselves took."""

import dataclasses

from bench.report import words
from bench.report.blocks.chart import Chart
from bench.report.blocks.section import Block, Blocks, Figure, Fold, Heading, folded, text
from bench.report.blocks.table import (
    NAME,
    Cell,
    Table,
    interval_cell,
    made,
    measure_column,
    number_cell,
    present,
    row,
)
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import chart_budget, chart_steps, timings

_TIMED = (
    "After the trials, each network trains, encodes and decodes with no other trial running. Batches of 1 "
    "show what a call costs, batches of 128 what an image costs."
)
_CAPTION = (
    "A training step with one batch of images; the line through a mark spans its quartiles, not what another "
    "machine would give."
)
COST = ("test_mse", "parameters", "fit_seconds", "epoch_seconds", "trials_beside", "peak_memory_mb")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cost:
    """What networks and trials cost.

    Attributes
    ----------
    missing
        Why there are no timings, or not all.
    left_out
        Which networks are not in the chart.
    budgets
        What can be had in so many seconds: charts and tables.
    beside
        What ran beside the trials.
    """

    timing: Table | None
    chart: Chart | None
    missing: str
    left_out: str
    budgets: Blocks
    trials: Table
    beside: str


def section(evidence: Evidence) -> Blocks:
    """What can be had in so many seconds, then networks, and then the trials."""
    found = cost(evidence)
    if found is None:
        return (text("No trial has ended well, so there is nothing to time."),)
    budgets = (Heading(text="I have 30 seconds", id="seconds"), *found.budgets) if found.budgets else ()
    return (
        *budgets,
        *((text(found.missing),) if found.missing else ()),
        *_timed(found),
        Fold(title="Trials, as they ran", blocks=(text(found.beside), found.trials)),
    )


def _timed(found: Cost) -> Blocks:
    if found.timing is None:
        return ()
    caption = text(_CAPTION, found.left_out).text
    drawn = (Figure(charts=(found.chart,), caption=caption),) if found.chart else ()
    return (Fold(title="Networks, timed alone", blocks=(text(_TIMED), *drawn, found.timing)),)


def _budgets(evidence: Evidence) -> Blocks:
    """Of each data set, on one backend."""
    blocks: list[Block] = []
    for dataset in evidence.datasets:
        found = chart_budget.courses(evidence, dataset)
        table = chart_budget.table(evidence, dataset, found)
        drawn = chart_budget.draw(evidence, dataset, found)
        said = chart_budget.said(found, len(evidence.about(dataset).configurations))
        blocks += [text(said)] if said else []
        blocks += [Figure(charts=(drawn,), caption=chart_budget.note(found))] if drawn is not None else []
        blocks += [folded(table)] if table is not None else []
    return tuple(blocks)


def cost(evidence: Evidence) -> Cost | None:
    """None where no trial has ended well."""
    if not evidence.configurations:
        return None
    networks = timings.networks_of(evidence)
    return Cost(
        timing=timings.table(evidence, networks),
        chart=chart_steps.draw(evidence, networks),
        missing=timings.missing(evidence, networks),
        left_out=chart_steps.left_out(evidence, networks),
        budgets=_budgets(evidence.focus),
        trials=_trials(evidence),
        beside=_beside(evidence),
    )


@made
def _trials(evidence: Evidence) -> Table:
    """What the trials of each configuration took; means over seeds."""
    rows = list(evidence.configurations)
    names = present(rows, COST)
    return Table(
        id="table-cost",
        caption="Size of each configuration and what its trials took, means over its seeds"
        + (" with half the width of the 95 % interval" if evidence.has_intervals else ""),
        columns=(NAME, *(measure_column(name) for name in names)),
        rows=tuple(row(one, *(_cell(one, name) for name in names)) for one in rows),
    )


def _cell(one: Configuration, name: str) -> Cell:
    """What is counted is the same for every seed."""
    is_counted = name in ("parameters", "trials_beside")
    return number_cell(name, one.mean(name)) if is_counted else interval_cell(name, one.measure(name))


def _beside(evidence: Evidence) -> str:
    """How crowded it was while trials ran."""
    beside = [value for one in evidence.configurations for value in one.values("trials_beside")]
    if not beside:
        return "Trials ran one after the other, as far as this run tells."
    if not max(beside):
        return "No trial ran beside another."
    most = words.count(int(max(beside)), "other trial")
    return (
        f"Up to {most} ran at the same time as a trial, on the same machine or cluster, so the seconds below "
        "may be longer than they would be alone."
    )
