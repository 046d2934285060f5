"""A table as text that is ready to print: one source for HTML and Markdown."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bench import measures
from bench.report import words
from bench.report.blocks import isolation
from bench.report.evidence import Configuration
from bench.statistics import Interval

MARKDOWN_COLUMNS = 8
_UNDER = re.compile(rf"{words.NBSP}(?=±{words.NBSP})|{words.NBSP}(?=\()|;{words.NBSP}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """The head of a column.

    Attributes
    ----------
    hint
        What it means, in a sentence, where it is no measure: those are defined in the protocol.
    measure
        The name of the measure that stands in it, if one does.
    """

    label: str
    hint: str = ""
    is_number: bool = True
    measure: str = ""

    @property
    def better(self) -> str:
        """Which way is better, `lower` or `higher`; empty where neither is."""
        return measures.named(self.measure).better if self.measure else ""

    @property
    def kind(self) -> str:
        """What its measure is about, by which columns are chosen together; empty for other columns."""
        return measures.kind(self.measure) if self.measure else ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """One entry: what is printed, and what it is sorted by (the text, where that is None).

    `link` is an address relative to the report, or with # within the page; `shade` is how dark the cell is,
    0 to 6.
    """

    text: str
    order: float | None = None
    is_best: bool = False
    link: str = ""
    shade: int = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """A number, and what stands under it: half the width of its interval, or quartiles and a verdict."""
        return tuple(_UNDER.split(self.text))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """The first cell is the head of the row; `settings`, axis to value, are what rows are filtered by.

    `key` is that of the trial or configuration that the row is about: two of them can be compared. With an
    `id` it can be led to.
    """

    cells: tuple[Cell, ...]
    is_baseline: bool = False
    key: str = ""
    id: str = ""
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a caption, and a note on the marks in it; `lost` says why there is none.

    `reading` is how such a table is read in any run: the page folds it.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    reading: str = ""
    lost: str = ""

    @property
    def name(self) -> str:
        """What it is called on the command line, and in a label: its id less what all have."""
        return self.id.removeprefix("table-")

    def pieces(self) -> "list[Table]":
        """The same as tables of at most eight columns, each with the first column of the whole."""
        step = MARKDOWN_COLUMNS - 1
        starts = range(1, len(self.columns), step)
        return [self._part((0, *range(i, min(i + step, len(self.columns))))) for i in starts]

    def _part(self, kept: Sequence[int]) -> "Table":
        return dataclasses.replace(
            self,
            columns=tuple(self.columns[i] for i in kept),
            rows=tuple(
                dataclasses.replace(row, cells=tuple(row.cells[i] for i in kept)) for row in self.rows
            ),
        )


def lost(why: str) -> Table:
    """What stands in the place of a table that could not be made."""
    return Table(id="", caption="", columns=(), rows=(), lost=why)


made = isolation.isolated("table", lost)
"""A table that cannot be made costs itself alone."""

NAME = Column(label="Configuration", is_number=False)


def measure_column(name: str) -> Column:
    """The head of a measure's column."""
    return Column(label=words.head(name), measure=name)


def interval_cell(name: str, value: Interval) -> Cell:
    """A mean over seeds with its interval."""
    return Cell(text=words.interval(name, value), order=value.mean)


def number_cell(name: str, value: float | None) -> Cell:
    """A value of the measure `name`."""
    return Cell(text=words.number(name, value), order=value)


def name_cell(one: Configuration) -> Cell:
    """The head of the row of a configuration or baseline; it leads to all that is known of it."""
    return Cell(text=one.name + one.mark, link=configuration_link(one))


def configuration_link(one: Configuration) -> str:
    """The address of the view of a configuration or baseline within the page."""
    return f"#configuration-{one.unit.key}"


def row(one: Configuration, *cells: Cell) -> Row:
    """The row of a configuration or baseline: its name, the cells, and what it is filtered by."""
    return Row(
        cells=(name_cell(one), *cells),
        is_baseline=one.is_baseline,
        key=one.unit.key,
        settings=filters(one.settings),
    )


def filters(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as a reader chooses among them; an axis without a value is none."""
    return {
        words.axis(axis): words.model(value) if axis == "model" else words.value_text(value)
        for axis, value in settings.items()
        if value is not None
    }


def present(rows: Sequence[Configuration], names: Sequence[str]) -> list[str]:
    """The measures that at least one of the configurations has."""
    return [name for name in names if any(one.values(name) for one in rows)]
