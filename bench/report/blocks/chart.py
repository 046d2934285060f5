"""A chart with its words, and the paper that all charts are drawn on."""

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator

import matplotlib
import matplotlib.axes
import matplotlib.figure

from bench.report.blocks import isolation, theme
from bench.report.blocks.table import Table

WIDTH, SMALL_WIDTH = 4.7, 3.7  # inches, each shown as about 90 pixels


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart with its words.

    Attributes
    ----------
    alt
        What it shows, for those who cannot see it.
    svg
        In the colours of the light theme; see `theme`.
    data
        What is drawn, as a table; None where one stands beside the chart.
    lost
        Why there is none, in a sentence.
    is_wide
        Whether it has long names in it, so that a narrow screen pans over it rather than shrinking it.
    """

    id: str
    alt: str
    svg: str
    data: Table | None = None
    lost: str = ""
    is_wide: bool = False


def lost(why: str) -> Chart:
    """What stands in the place of a chart that could not be drawn."""
    return Chart(id="", alt="", svg="", lost=why)


drawn = isolation.isolated("chart", lost)
"""A chart that cannot be drawn costs itself alone."""


def is_wide(values: Iterable[float], factor: float = 3) -> bool:
    """Whether values are positive and span such a factor or more: an axis of them is then logarithmic."""
    every = list(values)
    return min(every) > 0 and max(every) / min(every) >= factor


@contextlib.contextmanager
def canvas(
    height: float, width: float = WIDTH
) -> Iterator[tuple[matplotlib.figure.Figure, matplotlib.axes.Axes]]:
    """An empty figure of one pair of axes, in the style of the report; sizes are in inches."""
    with matplotlib.rc_context(theme.RC):
        figure = matplotlib.figure.Figure(figsize=(width, height))
        yield figure, figure.subplots()
