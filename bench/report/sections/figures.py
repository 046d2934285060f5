"""The charts of training and latent spaces, drawn by seaborn and matplotlib."""

from collections.abc import Sequence

import matplotlib
import matplotlib.axes
import matplotlib.figure
import matplotlib.patches
import matplotlib.path
import matplotlib.ticker
import numpy as np
import pandas as pd

from bench.keeping.result import History
from bench.report.blocks import curves, theme
from bench.report.blocks.chart import SMALL_WIDTH, Chart, canvas, drawn, is_wide
from bench.report.evidence import Configuration
from bench.report.sections import chart_data

matplotlib.use("svg")
import seaborn  # it imports pyplot, which settles the backend


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
        log = _set_loss_scale(axes, table[shown].to_numpy())
        axes.set_xlim(left=0.5)
        axes.set_title(configuration.name)
        axes.set(xlabel=f"epoch{' (loss on a log axis)' if log else ''}", ylabel="")
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


def _set_loss_scale(axes: matplotlib.axes.Axes, values: np.ndarray) -> bool:
    """Logarithmic, which is given, where the loss falls to a third: else the first epoch is all one sees."""
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(6, integer=True))
    is_log = is_wide(values.ravel())
    if is_log:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5), numticks=6))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    else:
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    return is_log


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
