"""What a report holds, however deep it lies."""

import dataclasses
from collections.abc import Iterator, Mapping

from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.blocks.table import Table
from bench.report.blocks.view import Views
from bench.report.page.content import Report


def charts(part: object) -> Iterator[Chart]:
    """Those in a part of a report, in the order of reading, but for the small ones at findings."""
    if isinstance(part, Chart):
        yield part
    elif not isinstance(part, Table | Views | Finding):
        for each in _parts(part):
            yield from charts(each)


def tables(report: Report) -> dict[str, Table]:
    """Every table that could be made, by its name: those of sections, and those behind charts."""
    sections = [report.blocks.get(id, getattr(report, id, None)) for id in report.order]
    return {table.name: table for table in _tables(sections) if table.name}


def _tables(part: object) -> Iterator[Table]:
    if isinstance(part, Table):
        yield part
    else:
        for each in _parts(part):
            yield from _tables(each)


def _parts(part: object) -> list[object]:
    if isinstance(part, Mapping):
        return [*part.values()]
    if isinstance(part, tuple | list):
        return [*part]
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        return [getattr(part, field.name) for field in dataclasses.fields(part)]
    return []
