"""The configurations in the order of their merit, with all that tells them apart."""

from bench import measures
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.section import Blocks, Figure, Fold, Heading, Tabs, text
from bench.report.blocks.table import Table
from bench.report.evidence import Evidence
from bench.report.sections import chart_board, sheets
from bench.report.sections.chart_board import Board

_STAR = (
    "★ marks the best of a column, baselines included, raw pixels (which are no code) apart; it does not say "
    "that the second is worse by more than chance: for that see the groups, where there are any."
)
_NONE = "No trial or baseline has ended well, so there is nothing to rank."


def section(evidence: Evidence) -> Blocks:
    """A chart of each measure, and a table, for each data set."""
    made = {dataset: sheets.leaderboard(evidence, dataset) for dataset in evidence.datasets}
    tables = {dataset: table for dataset, table in made.items() if table.rows or table.lost}
    if not tables:
        return (text(_NONE),)
    return tuple(block for dataset, table in tables.items() for block in _blocks(evidence, dataset, table))


def _blocks(evidence: Evidence, dataset: str, table: Table) -> Blocks:
    drawn = _charts(evidence, dataset)
    heading = (Heading(text=words.capital(finding.on(evidence, dataset).strip())),)
    several = len(evidence.datasets) > 1
    if table.lost or not drawn:
        return (*(heading if several else ()), text(_means(evidence), _STAR), table)
    whole = Fold(
        title=f"All {words.count(len(table.rows), 'row')} as a table",
        blocks=(text(_means(evidence), _STAR), table),
    )
    return (*(heading if several else ()), *drawn, whole)


def _means(evidence: Evidence) -> str:
    spread = ", with ± half the width of the 95 % interval" if evidence.has_intervals else ""
    return f"Test images, means over seeds{spread}."


def _charts(evidence: Evidence, dataset: str) -> Blocks:
    """One at a time, chosen by the measure."""
    suffix = evidence.suffix(dataset)
    tabs = tuple(
        (measures.named(board.measure).label, _drawn(board, suffix))
        for board in chart_board.boards(evidence, dataset)
    )
    if len(tabs) < 2:
        return tuple(block for _, shown in tabs for block in shown)
    return (Tabs(id=f"board{suffix}", title="In the order of", tabs=tabs),)


def _drawn(board: Board, suffix: str) -> Blocks:
    """The best, and behind a fold as many as a chart holds."""
    first = board.first
    shown = Figure(charts=(chart_board.draw(first, suffix),), caption=chart_board.caption(first))
    if len(board.ones) == len(first.ones):
        return (shown,)
    more = Figure(charts=(chart_board.draw(board, f"-more{suffix}"),), caption=chart_board.caption(board))
    return (shown, Fold(title=f"The best {len(board.ones)} in one chart", blocks=(more,)))
