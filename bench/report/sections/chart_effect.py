"""A measure along one setting: lines of numbers, marks of names, and what baselines have there."""

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
from bench.report import words
from bench.report.blocks import drawing, theme
from bench.report.blocks.chart import Chart, canvas, drawn, is_wide
from bench.report.evidence.comparisons import Line, Sweep

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
    lasts = [np.asarray(line.get_xydata(), dtype=float)[-1] for line in named]
    ends = [float(to_share.transform(last)[1]) for last in lasts]
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
            place = _position(sweep, point.settings[sweep.axis])
            spans.setdefault(place, []).append(words.scale(metric) * mean)
    if not spans:
        return
    at = sorted(spans)
    low = np.array([min(spans[each]) for each in at])
    high = np.array([max(spans[each]) for each in at])
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
