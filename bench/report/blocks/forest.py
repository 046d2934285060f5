"""A panel of changes in per cent, a row each, with their intervals: what forests of charts are made of."""

import dataclasses
import math
from collections.abc import Sequence

from bench import statistics
from bench.report import words
from bench.report.blocks import theme
from bench.report.blocks.drawing import SIZE, Paper, Scale
from bench.statistics import Comparison

ROW, TOP, BOTTOM = 15, 40, 22
VALUE = 36
_PERCENTS = (-90, -75, -50, -25, -10, 0, 10, 25, 50, 100, 200, 400, 900)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mark:
    """A ratio and its p-value, None where nothing was tested."""

    comparison: Comparison
    p: float | None

    @property
    def is_grey(self) -> bool:
        """Whether it was tested, and may be none."""
        return self.p is not None and not statistics.is_told(self.p)


def panel(
    paper: Paper,
    shown: Sequence[Mark | None],
    every: Sequence[Mark],
    *,
    start: float,
    width: float,
    title: str,
    color: str,
) -> None:
    """One panel of a chart, a mark a row; panels of the same `every` have the same axis."""
    places = _scale(every, start, start + width - VALUE)
    bottom = paper.height - BOTTOM
    paper.text(start, 30, title, color=color, is_bold=True)
    previous, middle = -math.inf, places(1.0)
    for percent in _PERCENTS:
        x = places(percent / 100 + 1)
        if not places.low <= percent / 100 + 1 <= places.high:
            continue
        paper.line((x, TOP), (x, bottom), color=theme.MUTED if percent == 0 else theme.FAINT)
        if percent == 0 or (x - previous >= 25 and abs(x - middle) >= 20):
            previous = x
            text = f"{percent:+d}".replace("-", words.MINUS) if percent else "0"
            paper.text(x, bottom + 12, text, color=theme.MUTED, anchor="middle", size=8.5)
    for i, one in enumerate(shown):
        if one is not None:
            _mark(paper, one, places, TOP + ROW * (i + 0.5), color, start + width)


def _scale(every: Sequence[Mark], start: float, end: float) -> Scale:
    """By ratios, with none at all in it."""
    ends = [0.0]
    for each in every:
        of = each.comparison.difference
        ends += [one for one in (of.mean, of.low, of.high) if one is not None]
    low, high = (max(min(one, 3.0), -3.0) for one in (min(ends), max(ends)))
    pad = 0.05 * (high - low) or 0.1
    return Scale(low=math.exp(low - pad), high=math.exp(high + pad), start=start, end=end, is_log=True)


def _mark(paper: Paper, one: Mark, places: Scale, y: float, color: str, right: float) -> None:
    found = one.comparison.difference
    color = theme.MUTED if one.is_grey else color
    if found.low is not None and found.high is not None:
        low, high = (places(math.exp(min(max(end, -9.0), 9.0))) for end in (found.low, found.high))
        paper.line((low, y), (high, y), color=color, width=1.6)
    paper.mark(places(math.exp(min(found.mean or 0.0, 9.0))), y, color=color, is_hollow=one.is_grey)
    paper.text(
        right,
        y + SIZE * 0.36,
        words.change(found.mean or 0.0).removesuffix(f"{words.NBSP}%"),
        color=theme.MUTED if one.is_grey else theme.INK,
        anchor="end",
    )
