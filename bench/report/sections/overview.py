"""The figure that tells a run at a glance: three measures against the latent size, labels at line ends."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import matplotlib.axes
import matplotlib.ticker
import numpy as np

from bench import measures
from bench.report import words
from bench.report.blocks import theme
from bench.report.blocks.chart import Chart, canvas, drawn, is_wide
from bench.report.blocks.section import Figure
from bench.report.evidence import Configuration, Evidence, comparisons
from bench.report.evidence.comparisons import Line, Sweep

matplotlib.use("svg")

MEASURES = ("test_mse", "latent_knn_accuracy", "frechet_mixture")
MOST_LINES = 6
_TITLES = {
    "test_mse": "MSE",
    "latent_knn_accuracy": "5-NN accuracy, %",
    "frechet_mixture": "Frechet distance",
}


def figure(evidence: Evidence, dataset: str) -> Figure | None:
    """One chart a measure; None where latent sizes were not varied."""
    part = evidence.focus.about(dataset)
    sweep = next((one for one in comparisons.sweeps(part) if one.axis == "latent_dim"), None)
    if sweep is None or len(sweep.values) < 2:
        return None
    lines = sweep.lines[:MOST_LINES]
    charts = tuple(
        _chart(f"overview-{name}{evidence.suffix(dataset)}", part, dataset, sweep, lines, name)
        for name in MEASURES
        if any(point.values(name) for line in lines for point in line.points)
    )
    return Figure(charts=charts, caption=_caption(evidence, sweep, lines), is_small=True) if charts else None


def _caption(evidence: Evidence, sweep: Sweep, lines: Sequence[Line]) -> str:
    points = [point for line in lines for point in line.points]
    text = f"By latent size{comparisons.after(points, 'latent_dim')}, all else equal along a line. "
    if len(lines) < len(sweep.lines):
        text += f"{len(lines)} of {len(sweep.lines)} lines, those nearest to the base. "
    text += "New images are decoded from a mixture that was fitted to the codes. "
    return text + ("Bars are 95 % intervals over seeds." if evidence.has_intervals else "One seed.")


@drawn
def _chart(
    id: str, evidence: Evidence, dataset: str, sweep: Sweep, lines: Sequence[Line], name: str
) -> Chart:
    with canvas(2.6, 3.7) as (figure, axes):
        known = [one for one in lines if any(point.values(name) for point in one.points)]
        ends = []
        for line in known:
            color, marker, dashes = theme.look(lines.index(line))
            ends.append((line.label, color, _draw(axes, sweep, line.points, name, color, marker, dashes)))
        reference = _pca(evidence, dataset, sweep, name)
        if reference:
            ends.append(("PCA", theme.MUTED, _draw(axes, sweep, reference, name, theme.MUTED, "x", (1, 2))))
        _scale(axes, sweep, name)
        axes.set_title(f"{_TITLES[name]}, {measures.named(name).better} is better", fontsize=10)
        figure.subplots_adjust(left=0.14, right=0.74, top=0.9, bottom=0.18)
        _label(axes, ends)
        svg = theme.to_svg(figure, id)
    told = words.listing(_ends(label, points, name) for label, points in _series(known, reference))
    alt = f"{words.head(name)} by latent size, each line from its first value to its last: {told}."
    return Chart(id=id, alt=alt, svg=svg)


def _series(
    lines: Sequence[Line], reference: Sequence[Configuration]
) -> list[tuple[str, Sequence[Configuration]]]:
    found: list[tuple[str, Sequence[Configuration]]] = [(line.label, line.points) for line in lines]
    return [*found, ("PCA", reference)] if reference else found


def _ends(label: str, points: Sequence[Configuration], name: str) -> str:
    known = [point for point in points if point.values(name)]
    first, last = (words.number(name, known[i].mean(name), unit=True) for i in (0, -1))
    return f"{label} from {first} to {last}"


def _pca(evidence: Evidence, dataset: str, sweep: Sweep, name: str) -> list[Configuration]:
    found = (evidence.baseline(dataset, "pca", int(value)) for value in sweep.values)
    return [one for one in found if one is not None and one.values(name)]


def _draw(
    axes: matplotlib.axes.Axes,
    sweep: Sweep,
    points: Sequence[Configuration],
    name: str,
    color: str,
    marker: str,
    dashes: Any,
) -> tuple[float, float]:
    """Draws a line; returns its last point."""
    known = [point for point in points if point.values(name)]
    by = words.scale(name)
    at = [float(point.settings["latent_dim"]) for point in known]
    values = [point.measure(name) for point in known]
    means = [by * (value.mean or 0.0) for value in values]
    axes.plot(
        at,
        means,
        color=color,
        marker=marker,
        markersize=4.5,
        markeredgecolor=color,
        linewidth=1.6,
        linestyle=(0, dashes) if dashes else "-",
    )
    widths = [by * (value.half_width or 0.0) for value in values]
    if any(widths):
        axes.errorbar(at, means, yerr=widths, fmt="none", ecolor=color, elinewidth=0.9)
    return at[-1], means[-1]


def _scale(axes: matplotlib.axes.Axes, sweep: Sweep, name: str) -> None:
    if is_wide(sweep.values):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.set_xticks([float(v) for v in sweep.values], [words.value_text(v) for v in sweep.values])
    drawn = [float(v) for line in axes.lines for v in np.asarray(line.get_ydata(), dtype=float)]
    if not words.is_share(name) and drawn and is_wide(drawn):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5), numticks=6))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    else:
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    axes.set_xlabel("latent size" + (", log axis" if is_wide(sweep.values) else ""))


def _label(axes: matplotlib.axes.Axes, ends: Sequence[tuple[str, str, tuple[float, float]]]) -> None:
    """Names at the ends of lines, moved apart where they would lie on each other."""
    to_axes = axes.transData + axes.transAxes.inverted()
    placed = sorted(
        ((float(to_axes.transform(point)[1]), label, color) for label, color, point in ends), key=_height
    )
    gap, free = 0.085, -0.05
    heights: list[float] = []
    for height, _, _ in placed:
        free = max(height, free + gap) if heights else height
        heights.append(free)
    over = max(0.0, heights[-1] - 0.96) if heights else 0.0
    for place in range(len(heights) - 1, -1, -1):
        ceiling = heights[place + 1] - gap if place + 1 < len(heights) else heights[place] - over
        heights[place] = min(heights[place], ceiling)
    for height, (_, label, color) in zip(heights, placed, strict=True):
        axes.text(1.04, height, label, transform=axes.transAxes, color=color, fontsize=9, va="center")


def _height(one: tuple[float, str, str]) -> float:
    return one[0]
