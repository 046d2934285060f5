"""A section: a title, and the blocks that both pages print in their order."""

import dataclasses
from collections.abc import Iterable
from typing import ClassVar

from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Pictures
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
    """Charts beside each other, with one caption."""

    kind: ClassVar[str] = "figure"
    charts: tuple[Chart, ...]
    caption: str
    is_small: bool = False


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
    """Blocks that are opened by who wants to see them."""

    kind: ClassVar[str] = "fold"
    title: str
    blocks: "Blocks"


Block = Text | Heading | Figure | Columns | Facts | Items | Fold | Pictures | Table | Views
Blocks = tuple[Block, ...]


def text(*sentences: str) -> Text:
    """A paragraph of those sentences that are not empty."""
    return Text(text=" ".join(filter(None, sentences)))


def some(blocks: Iterable[Block | None]) -> Blocks | None:
    """Those that are there; None where there are none, and so no section."""
    return tuple(block for block in blocks if block is not None) or None
