"""A latent space: codes of test images as a chart, what is decoded of them, and an explorer of both."""

import dataclasses
from typing import ClassVar

from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Picture


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sprite:
    """A picture of the page alone, behind a fold with a `title`: script takes single images out of it.

    It is packed with losses, near enough for the eye.
    """

    kind: ClassVar[str] = "sprite"
    id: str
    title: str
    picture: str
    alt: str
    width: int
    height: int
    count: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Steps:
    """Rows of images from one end to another, each with its name; script makes a slider of each row.

    `cell` has width and height of one image, in pixels.
    """

    rows: str
    cell: tuple[int, int]
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Space:
    """The codes of one trial.

    Attributes
    ----------
    inset
        Where in the chart its plot lies: distances from the four sides, as CSS has them.
    grid
        For two dimensions, decoded codes on a grid, in `axes` that are those of the chart.
    data
        JSON: what script needs to say of a place which code it is and which images lie there.
    legend
        Of each class its name, its mark as a sign, and the number of its colour.
    traversals, steps
        For other numbers of dimensions, a row for each of the most varied units.
    lines, line_steps
        Rows from one image to another.
    """

    kind: ClassVar[str] = "space"
    name: str
    chart: Chart
    caption: str = ""
    inset: str = ""
    grid: Picture | None = None
    axes: str = ""
    data: str = ""
    legend: tuple[tuple[int, str, str, int], ...] = ()
    traversals: Picture | None = None
    steps: Steps | None = None
    lines: Sprite | None = None
    line_steps: Steps | None = None
    rebuilt: Sprite | None = None
