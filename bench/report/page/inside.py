"""What a report holds, however deep it lies."""

from collections.abc import Iterator

from bench.report.blocks import within
from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.blocks.table import Table
from bench.report.blocks.view import Views
from bench.report.page.content import Report


def charts(report: Report) -> Iterator[Chart]:
    """Those that both pages show, in the order of reading, but for the small ones at findings."""
    return within.of(report, Chart, but=(Table, Views, Finding))


def tables(report: Report) -> dict[str, Table]:
    """Every table that could be made, by its name: those of sections, and those behind charts."""
    sections = [report.blocks.get(id) for id in report.order]
    return {table.name: table for table in within.of(sections, Table) if table.name}
