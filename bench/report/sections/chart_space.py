"""Codes in two dimensions as a chart: a mark for each test image, in the colour and shape of its class."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from bench.report import words
from bench.report.blocks import drawing, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import Paper, Scale
from bench.report.evidence import Configuration
from bench.report.sections import chart_data

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 360, 34, 8, 20, 32
PLOT = WIDTH - LEFT - RIGHT
SHAPES = ("m-2.3 0a2.3 2.3 0 1 1 0 .01z", "m-2-2h4v4h-4z", "m0-2.8l2.6 4.6h-5.2z")
"""Marks around a place: ten colours are not told apart by everybody, so neighbours differ in shape, too."""
SIGNS = "●■▲"
"""The same marks as letters."""
_NAME = 10.5  # size of the letters of a class

Extent = tuple[float, float, float, float]  # left, right, bottom, top


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plane:
    """What is seen of a plane of codes, how high its plot is in units of the chart, and what its axes are."""

    extent: Extent
    axes: tuple[str, str]
    height: float = PLOT

    @property
    def inset(self) -> str:
        """Distances of the plot from the four sides of the chart, as CSS has them."""
        whole = self.height + TOP + BOTTOM
        sides = (TOP / whole, RIGHT / WIDTH, BOTTOM / whole, LEFT / WIDTH)
        return " ".join(f"{100 * side:.3f}%" for side in sides)

    def places(self, points: np.ndarray) -> np.ndarray:
        """Points `(n, 2)` as parts of the plot from its upper left corner; not-a-number outside."""
        left, right, bottom, top = self.extent
        parts = np.column_stack(
            [(points[:, 0] - left) / (right - left), (top - points[:, 1]) / (top - bottom)]
        )
        return np.where(((parts >= 0) & (parts <= 1)).all(axis=1, keepdims=True), parts, np.nan)


def limits(points: np.ndarray) -> Extent:
    """The middle 99 % of finite points with a margin."""
    low, high = np.quantile(points.astype(np.float64), [0.005, 0.995], axis=0)
    margin = np.maximum(0.08 * (high - low), 1e-6 * np.maximum(1, np.abs(high)))
    (left, bottom), (right, top) = low - margin, high + margin
    return float(left), float(right), float(bottom), float(top)


@drawn
def latent(
    id: str,
    configuration: Configuration,
    plane: Plane,
    points: np.ndarray,
    labels: np.ndarray | None,
    classes: Sequence[str],
) -> Chart:
    """Codes `(n, 2)` of test images, marked by class, each class named where its median lies.

    Without labels all have one mark.
    """
    paper = _with_axes(plane, configuration.name)
    places = plane.places(points) * (PLOT, plane.height)
    paper.pieces.append(f'<g transform="translate({LEFT} {TOP})">')
    if labels is None:
        paper.pieces.append(_path(places, 0, ""))
    else:
        _mark_classes(paper, places, labels, classes, plane.height)
    paper.pieces.append("</g>")
    size = configuration.settings["latent_dim"]
    what = "codes" if size <= 2 else "first two principal components of the codes"
    told = "" if labels is None else ", coloured, marked and named by class"
    alt = f"{configuration.name}: {what} of {len(points)} test images{told}."
    data = chart_data.classes(id, configuration.name, points, labels, classes)
    return Chart(id=id, alt=alt, svg=paper.svg(), data=data)


def _mark_classes(
    paper: Paper, places: np.ndarray, labels: np.ndarray, classes: Sequence[str], height: float
) -> None:
    for label in map(int, np.unique(labels)):
        paper.pieces.append(_path(places[labels == label], label, str(label)))
    paper.pieces.append('<g class="names">')
    for label, (x, y) in _names(places, labels, classes, height).items():
        paper.text(x, y, classes[label], anchor="middle", size=_NAME, is_bold=True, has_halo=True)
    paper.pieces.append("</g>")


def _path(places: np.ndarray, label: int, name: str) -> str:
    """Marks at places `(n, 2)` of which some may be outside, in the colour and shape of a class."""
    shown = places[np.isfinite(places[:, 0])]
    return (
        f'<path data-class="{name}" d="{marks(shown, label)}" fill="{color(label)}" '
        f'stroke="{theme.PAPER}" stroke-width=".4" opacity=".85"/>'
    )


def axes(plane: Plane) -> str:
    """The same axes without points, for a page."""
    return theme.to_page(_with_axes(plane, "Decoded codes on a grid").svg(), "Axes of the decoded codes")


def color(label: int) -> str:
    """That of a class; after ten they come again."""
    return theme.CLASSES[label % len(theme.CLASSES)]


def marks(places: np.ndarray, label: int) -> str:
    """Marks of a class as a path."""
    shape = SHAPES[label % len(SHAPES)]
    return "".join(f"M{x:.1f} {y:.1f}{shape}" for x, y in places)


def _with_axes(plane: Plane, title: str) -> Paper:
    paper = Paper(width=WIDTH, height=plane.height + TOP + BOTTOM)
    bottom, right = TOP + plane.height, LEFT + PLOT
    paper.text(LEFT, 13, drawing.shortened(title, PLOT, 12), size=12, is_bold=True)
    paper.line((LEFT, TOP), (LEFT, bottom), (right, bottom), color=theme.MUTED, width=0.8)
    paper.pieces.append('<g class="axes">')
    low, high, below, above = plane.extent
    across, up = plane.axes
    scale = Scale(low=low, high=high, start=LEFT, end=right)
    for value in scale.ticks():
        paper.line((scale(value), bottom), (scale(value), bottom + 3), color=theme.MUTED, width=0.8)
        paper.text(scale(value), bottom + 13, _tick(value), anchor="middle", color=theme.MUTED)
    scale = Scale(low=below, high=above, start=bottom, end=TOP)
    for value in scale.ticks(drawing.LINES) if up else ():
        paper.text(LEFT - 4, scale(value) + 3, _tick(value), anchor="end", color=theme.MUTED)
    paper.text((LEFT + right) / 2, bottom + 26, across, anchor="middle", color=theme.MUTED)
    if up:
        middle = TOP + plane.height / 2
        paper.pieces.append(f'<g transform="rotate(-90 8 {middle:g})">')
        paper.text(8, middle, up, anchor="middle", color=theme.MUTED)
        paper.pieces.append("</g>")
    paper.pieces.append("</g>")
    return paper


def _tick(value: float) -> str:
    return f"{value:.4g}".replace("-", words.MINUS)


def _names(
    places: np.ndarray, labels: np.ndarray, classes: Sequence[str], height: float
) -> dict[int, tuple[float, float]]:
    """The median of each class, moved up where two names would lie on each other, while there is room."""
    seen = np.isfinite(places[:, 0])
    medians = {
        label: np.median(places[seen & (labels == label)], axis=0)
        for label in map(int, np.unique(labels[seen]))
    }
    width = {label: 1.15 * drawing.width_of(classes[label], _NAME) for label in medians}
    found: dict[int, tuple[float, float]] = {}
    for label, (x, y) in sorted(medians.items(), key=lambda item: -float(item[1][1])):
        y += 3.5  # from the middle of letters to their base line
        while any(
            abs(y - v) < 14 and abs(x - u) < (width[label] + width[other]) / 2
            for other, (u, v) in found.items()
        ):
            y -= 3
        if y > 8:
            found[label] = (float(x), float(y))
    return found
