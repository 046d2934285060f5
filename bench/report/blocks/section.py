"""A section: a title, and the blocks that both pages print in their order."""

import dataclasses
from collections.abc import Iterable
from typing import ClassVar

from bench.report.blocks.alert import Alert
from bench.report.blocks.card import Cards
from bench.report.blocks.chart import Chart
from bench.report.blocks.files import Files
from bench.report.blocks.finding import Findings
from bench.report.blocks.glossary import Terms
from bench.report.blocks.pictures import Pictures
from bench.report.blocks.side_by_side import SideBySide
from bench.report.blocks.space import Space, Sprite
from bench.report.blocks.table import Table
from bench.report.blocks.view import Views


@dataclasses.dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph, which may begin with words in bold; or a notice, which stands out."""

    kind: ClassVar[str] = "text"
    text: str
    lead: str = ""
    is_notice: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Heading:
    """The title of a part of a section; with an `id` it can be led to."""

    kind: ClassVar[str] = "heading"
    text: str
    id: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figure:
    """Charts beside each other, with one caption; in a row, all in one line however many."""

    kind: ClassVar[str] = "figure"
    charts: tuple[Chart, ...]
    caption: str
    is_small: bool = False
    is_row: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Columns:
    """Figures beside each other."""

    kind: ClassVar[str] = "columns"
    figures: tuple[Figure, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """Words, each with its text."""

    kind: ClassVar[str] = "facts"
    facts: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Items:
    """A list."""

    kind: ClassVar[str] = "items"
    items: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fold:
    """Blocks that are opened by who wants to see them; with an `id` they can be led to."""

    kind: ClassVar[str] = "fold"
    title: str
    blocks: "Blocks"
    id: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines of text as they are: code, or what a program printed."""

    kind: ClassVar[str] = "lines"
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tabs:
    """Blocks of which one part is shown at a time, chosen by name; the first as long as nobody chose.

    `title` says what is chosen, `id` begins with a letter.
    """

    kind: ClassVar[str] = "tabs"
    id: str
    title: str
    tabs: tuple[tuple[str, "Blocks"], ...]


Block = (
    Alert
    | Cards
    | Columns
    | Facts
    | Figure
    | Files
    | Findings
    | Fold
    | Heading
    | Items
    | Lines
    | Pictures
    | SideBySide
    | Space
    | Sprite
    | Table
    | Tabs
    | Terms
    | Text
    | Views
)
Blocks = tuple[Block, ...]


def text(*sentences: str) -> Text:
    """A paragraph of those sentences that are not empty."""
    return Text(text=" ".join(filter(None, sentences)))


def some(blocks: Iterable[Block | None]) -> Blocks | None:
    """Those that are there; None where there are none, and so no section."""
    return tuple(block for block in blocks if block is not None) or None


def folded(table: Table, fewest: int = 0) -> Block:
    """A table behind a fold that says what is in it, where it has so many rows; a lost one as it is."""
    if table.lost or len(table.rows) < fewest:
        return table
    return Fold(title=table.caption, blocks=(table,))
