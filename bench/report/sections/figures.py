"""The charts of training, drawn by seaborn and matplotlib."""

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
