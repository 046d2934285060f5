"""The charts of effects, training and latent spaces, drawn by seaborn and matplotlib."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import matplotlib.axes
import matplotlib.figure
import matplotlib.patches
import matplotlib.path
import matplotlib.ticker
import numpy as np
import pandas as pd

from bench import measures
from bench.keeping.result import History
from bench.report import words
from bench.report.blocks import curves, drawing, theme
from bench.report.blocks.chart import SMALL_WIDTH, Chart, canvas, drawn, is_wide
from bench.report.evidence import Configuration
from bench.report.evidence.comparisons import Line, Sweep
from bench.report.sections import chart_data

matplotlib.use("svg")
import seaborn  # it imports pyplot, which settles the backend


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reference:
    """A baseline in a chart: points `(value, measure)`, or one level for all values."""

    label: str
    points: Mapping[Any, float]


Styles = Mapping[str, int]


MOST_AT_ENDS = 6
"""Lines that are named at their ends; of more there is a legend."""


@drawn
def effect(
    id: str,
    sweep: Sweep,
    metric: str,
    lines: Sequence[Line],
    styles: Styles,
    references: Sequence[Reference],
    others: Sequence[Line] = (),
) -> Chart:
    """One measure along one axis; bars are 95 % intervals over seeds, a band what `others` span."""
    at_ends = len(lines) + len(references) <= MOST_AT_ENDS
    legend = 0 if at_ends else 0.22 * -(-(len(lines) + len(references)) // 2)
    with canvas(2.9 + legend) as (figure, axes):
        _draw_span(axes, sweep, metric, others)
        for index, line in enumerate(lines):
            _draw_line(axes, sweep, metric, line, styles[line.style], index - (len(lines) - 1) / 2)
        for number, reference in enumerate(references):
            _draw_reference(axes, sweep, reference, *_OF_REFERENCES[number])
        _set_scale(axes, sweep)
        log = _set_height(axes, metric)
        axes.set_xlabel(words.axis(sweep.axis) + (" (log axis)" if _is_log(sweep) else ""))
        axes.set_title(_title(metric, log))
        right = 0.70 if at_ends else 0.98
        bottom = (0.55 + legend) / (2.9 + legend)
        figure.subplots_adjust(left=0.13, right=right, top=0.91, bottom=bottom)
        if at_ends:
            _name_at_ends(axes)
        else:
            figure.legend(
                loc="lower left", ncols=2, bbox_to_anchor=(0.01, 0), columnspacing=1.2, handlelength=2.6
            )
        svg = theme.to_svg(figure, id)
    ends = words.listing(_ends(line, metric) for line in lines)
    alt = f"{_title(metric)} by {words.axis(sweep.axis)}, each line from its first value to its last: {ends}."
    return Chart(id=id, alt=alt, svg=svg)


def _name_at_ends(axes: matplotlib.axes.Axes) -> None:
    """What each line is, where it ends, no two names on each other."""
    named = [line for line in axes.lines if not str(line.get_label()).startswith("_")]
    to_share = axes.transData + axes.transAxes.inverted()
    ends = [to_share.transform((line.get_xdata()[-1], line.get_ydata()[-1]))[1] for line in named]
    labels = [str(line.get_label()).split(", ") for line in named]
    common = set.intersection(*map(set, labels)) if len(labels) > 1 else set()
    for line, parts, share in zip(named, labels, drawing.apart(ends, 0.075, 0.0, 1.0), strict=True):
        text = drawing.shortened(", ".join(part for part in parts if part not in common), 92, 9.5)
        axes.text(
            1.02, share, text, transform=axes.transAxes, va="center", color=line.get_color(), fontsize=9.5
        )


def _draw_span(axes: matplotlib.axes.Axes, sweep: Sweep, metric: str, others: Sequence[Line]) -> None:
    """What lines that are too many to be drawn span at each value."""
    spans: dict[float, list[float]] = {}
    for point in (point for line in others for point in line.points):
        mean = point.mean(metric)
        if mean is not None:
            at = _position(sweep, point.settings[sweep.axis])
            spans.setdefault(at, []).append(words.scale(metric) * mean)
    if not spans:
        return
    at = sorted(spans)
    low, high = [min(spans[each]) for each in at], [max(spans[each]) for each in at]
    if sweep.is_numeric:
        axes.fill_between(at, low, high, color=theme.MUTED, alpha=0.15, linewidth=0)
    else:
        axes.vlines(at, low, high, color=theme.MUTED, alpha=0.15, linewidth=18)


def _set_height(axes: matplotlib.axes.Axes, metric: str) -> bool:
    """Logarithmic where errors span a factor of three or more: else the lowest lie on each other."""
    found = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines])
    values = found[np.isfinite(found)]
    is_log = measures.named(metric).scale == "log" and len(values) > 0 and is_wide(values)
    if is_log:
        axes.set_yscale("log")
        ticks = drawing.scale(values, 0, 180, is_log=True).ticks()
        axes.yaxis.set_major_locator(matplotlib.ticker.FixedLocator(ticks))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    else:
        _cut_off_impossible(axes, metric)
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    return is_log


def _ends(line: Line, metric: str) -> str:
    """`AE conv from 0.0281 to 0.0092`."""
    first, last = (words.number(metric, line.points[i].mean(metric), unit=True) for i in (0, -1))
    return f"{line.label} from {first} to {last}"


def _title(metric: str, is_log: bool = False) -> str:
    better = measures.named(metric).better
    told = [f"{better} is better"] if better else []
    told += ["log axis"] if is_log else []
    return words.head(metric) + (f" ({', '.join(told)})" if told else "")


def _draw_line(
    axes: matplotlib.axes.Axes, sweep: Sweep, metric: str, line: Line, style: int, rank: float
) -> None:
    """A line with its intervals, which stand a little beside each other: `rank` is its place among lines."""
    scale = 100 if words.is_share(metric) else 1
    points = [point for point in line.points if point.values(metric)]
    intervals = [point.measure(metric) for point in points]
    means = [scale * (interval.mean or 0.0) for interval in intervals]
    widths = [scale * (interval.half_width or 0.0) for interval in intervals]
    beside = rank if any(widths) else 0.0
    at = [_position(sweep, point.settings[sweep.axis], beside) for point in points]
    color, marker, dashes = theme.look(style)
    seaborn.lineplot(
        data=pd.DataFrame({"at": np.asarray(at, dtype=float), "mean": np.asarray(means, dtype=float)}),
        x="at",
        y="mean",
        ax=axes,
        color=color,
        marker=marker,
        markersize=6.5,
        markeredgecolor=theme.PAPER,
        linewidth=1.8,
        linestyle=((0, dashes) if dashes else "-") if sweep.is_numeric else "none",  # names have no order
        label=line.label,
        legend=False,
        errorbar=None,
    )
    axes.set_ylabel("")
    if any(widths):
        axes.errorbar(at, means, yerr=widths, fmt="none", ecolor=color, elinewidth=1, capsize=2.5)


def _cut_off_impossible(axes: matplotlib.axes.Axes, metric: str) -> None:
    """Student's interval knows no bounds, but a share ends at 100 % and an error at 0."""
    low, high = axes.get_ylim()
    highest = {"test_ssim": 1.0, "test_mse": high}.get(metric, 100.0)
    lowest = -1.0 if metric == "test_ssim" else 0.0
    axes.set_ylim(max(low, lowest), min(high, highest * 1.005))


_OF_REFERENCES = (((1, 2), "x"), ((4, 2), "+"))  # dashes and marker of each


def _draw_reference(
    axes: matplotlib.axes.Axes, sweep: Sweep, reference: Reference, dashes: tuple[int, int], marker: str
) -> None:
    at = [_position(sweep, value) for value in reference.points]
    axes.plot(
        at,
        list(reference.points.values()),
        color=theme.MUTED,
        linestyle=(0, dashes) if sweep.is_numeric else "none",
        linewidth=1.6,
        marker=marker,
        markersize=5.5,
        label=reference.label,
    )


def _position(sweep: Sweep, value: Any, beside: float = 0.0) -> float:
    """Where a value lies, moved by `beside` hundredths or so of the axis."""
    if not _is_log(sweep):
        return sweep.values.index(value) + 0.012 * len(sweep.values) * beside
    return float(value) * (max(sweep.values) / min(sweep.values)) ** (0.012 * beside)


def _is_log(sweep: Sweep) -> bool:
    return sweep.is_numeric and is_wide(sweep.values)


def _set_scale(axes: matplotlib.axes.Axes, sweep: Sweep) -> None:
    positions = [_position(sweep, value) for value in sweep.values]
    if _is_log(sweep):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    else:
        axes.set_xlim(-0.4, len(positions) - 0.6)
    axes.set_xticks(positions, [words.value_text(value) for value in sweep.values])


@drawn
def training(id: str, configuration: Configuration, history: History) -> Chart:
    """Loss on training and validation images by epoch, that of the lowest validation loss marked."""
    table = pd.DataFrame(curves.thinned(history))
    shown = [name for name in ("val_loss", "loss") if name in table]
    with canvas(2.5, SMALL_WIDTH) as (figure, axes):
        seaborn.lineplot(
            data=table.melt("epoch", shown, "images", "value"),
            x="epoch",
            y="value",
            hue="images",
            style="images",
            palette=[theme.INK, theme.MUTED][-len(shown) :],
            dashes=list(theme.DASHES[:2])[-len(shown) :],
            linewidth=1.8,
            legend=False,
            errorbar=None,
            ax=axes,
        )
        for line, label in zip(axes.lines, ("validation", "training")[-len(shown) :], strict=False):
            line.set_label(label)
        if "val_loss" in table:
            _mark_best(axes, table.loc[table["val_loss"].idxmin()])
        _set_loss_scale(axes, table[shown].to_numpy())
        axes.set_xlim(left=0.5)
        axes.set_title(configuration.name)
        axes.set(xlabel="epoch", ylabel="")
        axes.legend(loc="upper right", handlelength=2.2)
        figure.subplots_adjust(left=0.13, right=0.98, top=0.89, bottom=0.19)
        svg = theme.to_svg(figure, id)
    alt = f"{configuration.name}: {curves.told(history)}"
    return Chart(id=id, alt=alt, svg=svg, data=chart_data.epochs(id, configuration.name, history))


def _mark_best(axes: matplotlib.axes.Axes, best: pd.Series) -> None:
    axes.plot(
        [best["epoch"]],
        [best["val_loss"]],
        "o",
        markersize=8,
        markerfacecolor="none",
        markeredgecolor=theme.SERIES[1],
        markeredgewidth=1.8,
        label=f"best: epoch {best['epoch']:.0f}",
    )


def _set_loss_scale(axes: matplotlib.axes.Axes, values: np.ndarray) -> None:
    """Logarithmic where the loss falls to a third or less: else the first epoch is all one sees."""
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(6, integer=True))
    if is_wide(values.ravel()):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5), numticks=6))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    else:
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))


_COMPONENTS = ("principal component 1", "principal component 2")


@drawn
def latent(
    id: str, configuration: Configuration, points: np.ndarray, labels: np.ndarray, classes: Sequence[str]
) -> Chart:
    """Codes `(n, 2)` of test images, coloured by class, each class named where its median lies."""
    size = configuration.settings["latent_dim"]
    with canvas(4.0) as (figure, axes):
        for label in np.unique(labels):
            axes.add_artist(_dots(points[labels == label], int(label)))
        _set_limits(axes, points)
        for label, (x, y) in _label_places(axes, points, labels, classes).items():
            text = axes.text(x, y, classes[label], ha="center", va="center", weight="bold", color=theme.INK)
            text.set_gid(f"class-{label}")
        axes.grid(False)
        axes.set_title(configuration.name)
        across, up = {1: ("code", ""), 2: ("code 1", "code 2")}.get(size, _COMPONENTS)
        axes.set(xlabel=across, ylabel=up)
        if size == 1:
            axes.set_yticks([])
        figure.subplots_adjust(left=0.14, right=0.98, top=0.93, bottom=0.13)
        svg = _with_halo(theme.to_svg(figure, id), id)
    shown = "codes" if size <= 2 else "first two principal components of the codes"
    alt = f"{configuration.name}: {shown} of {len(points)} test images, coloured and labelled by class."
    data = chart_data.classes(id, configuration.name, points, labels, classes)
    return Chart(id=id, alt=alt, svg=svg, data=data)


def _label_places(
    axes: matplotlib.axes.Axes, points: np.ndarray, labels: np.ndarray, classes: Sequence[str]
) -> dict[int, tuple[float, float]]:
    """The median of each class, moved up where two names would lie on each other, while there is room."""
    bottom, top = axes.get_ylim()
    left, right = axes.get_xlim()
    gap, letter = 0.06 * (top - bottom), 0.025 * (right - left)  # what a name takes of the chart
    width = {int(label): letter * len(classes[label]) for label in np.unique(labels)}
    places: dict[int, tuple[float, float]] = {}
    medians = {int(label): np.median(points[labels == label], axis=0) for label in np.unique(labels)}
    for label, (x, y) in sorted(medians.items(), key=lambda item: float(item[1][1])):
        while any(
            abs(y - v) < gap and abs(x - u) < (width[label] + width[other]) / 2
            for other, (u, v) in places.items()
        ):
            y += gap / 4
        if y < top:
            places[label] = (float(x), float(y))
    return places


def _dots(points: np.ndarray, label: int) -> matplotlib.patches.PathPatch:
    """Points as one path of lines without length: a tenth of what markers take.

    Their ends make them round or square, in turns: ten colours alone are not told apart by everybody.
    """
    vertices = points.repeat(2, axis=0)
    codes = [matplotlib.path.Path.MOVETO, matplotlib.path.Path.LINETO] * len(points)
    path = matplotlib.path.Path(vertices, codes)
    path.should_simplify = False
    return matplotlib.patches.PathPatch(
        path,
        facecolor="none",
        edgecolor=theme.CLASSES[label % len(theme.CLASSES)],
        alpha=0.8,
        linewidth=3.4 if label % 2 == 0 else 3.0,
        capstyle="round" if label % 2 == 0 else "projecting",
    )


def _set_limits(axes: matplotlib.axes.Axes, points: np.ndarray) -> None:
    """The middle 99 % of the points with a margin; what lies outside is cut off."""
    low, high = np.quantile(points, [0.005, 0.995], axis=0)
    margin = np.maximum(0.08 * (high - low), 1e-6)
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(matplotlib.ticker.MaxNLocator(5))


def _with_halo(svg: str, id: str) -> str:
    """A rim in the colour of the paper around class names, so that they can be read over points."""
    style = f"paint-order: stroke; stroke: {theme.PAPER}; stroke-width: 3px; stroke-linejoin: round"
    return svg.replace(f'<g id="{id}-class-', f'<g style="{style}" id="{id}-class-')
