"""How far each setting moves a measure: bars from the lowest change to the highest."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, Scale, shortened, width_of
from bench.report.evidence import Evidence
from bench.report.findings import influence
from bench.report.findings.influence import Range

WIDTH, ROW, TOP, BOTTOM = 460, 18, 22, 22
GAP, MOST_LABEL, END = 18, 120, 46


@drawn
def draw(evidence: Evidence, dataset: str) -> Chart | None:
    """Two panels, one an error and one an accuracy; None for fewer than two settings."""
    part = evidence.about(dataset)
    found = {name: known for name in influence.MEASURES if (known := influence.ranges(part, name))}
    axes = list(dict.fromkeys(axis for known in found.values() for axis in known))
    if len(axes) < 2:
        return None
    id = f"importance-bars{evidence.suffix(dataset)}"
    left = min(MOST_LABEL, max(width_of(words.axis(axis)) for axis in axes)) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(axes) + BOTTOM)
    where = finding.on(evidence, dataset)
    for i, axis in enumerate(axes):
        name = words.capital(words.axis(axis))
        paper.text(0, TOP + ROW * (i + 0.5) + SIZE * 0.36, shortened(name, left))
    width = (WIDTH - left - GAP * (len(found) - 1)) / len(found)
    for i, (name, known) in enumerate(found.items()):
        _panel(paper, name, known, axes, left + i * (width + GAP), width)
    return Chart(id=id, alt=_told(found, where), svg=paper.svg(), is_wide=True)


def _panel(
    paper: Paper, name: str, known: Mapping[str, Range], axes: Sequence[str], start: float, width: float
) -> None:
    is_ratio = any(change.is_ratio for one in known.values() for _, change in one.ends)
    by = 1 if is_ratio else words.scale(name)
    unit = "change, %" if is_ratio else "points" if words.is_share(name) else "change"
    label = words.head(name).removesuffix(", %")
    paper.text(start, 12, f"{label}, {unit}{' (log axis)' if is_ratio else ''}", color=theme.MUTED)
    means = [change.difference.mean or 0.0 for one in known.values() for _, change in one.ends]
    values = [0.0, *(by * mean for mean in means)]
    low, high = min(values), max(values)
    pad = 0.02 * (high - low) or 1.0
    places = Scale(low=low - pad, high=high + pad, start=start + END / 2, end=start + width - END / 2)
    _axis(paper, places, is_ratio)
    for i, axis in enumerate(axes):
        if axis in known:
            _bar(paper, places, known[axis], by, TOP + ROW * (i + 0.5))


def _axis(paper: Paper, places: Scale, is_ratio: bool) -> None:
    bottom = paper.height - BOTTOM
    shown: list[float] = []
    if is_ratio:
        steps = (-90, -75, -50, -25, -10, 0, 10, 25, 50, 100, 200, 400, 900)
        marks = [(math.log1p(step / 100), f"{step:+d}" if step else "0") for step in steps]
    else:
        ticks = dict.fromkeys((0.0, *places.ticks()))
        marks = [(tick, f"{tick:+g}" if tick else "0") for tick in ticks]
    for value, text in sorted(marks, key=lambda mark: abs(mark[0])):
        x = places(value)
        if not places.low <= value <= places.high:
            continue
        paper.line((x, TOP), (x, bottom), color=theme.FAINT if value else theme.MUTED)
        if all(abs(x - other) >= 25 for other in shown):
            shown.append(x)
            paper.text(
                x, bottom + 12, text.replace("-", words.MINUS), color=theme.MUTED, anchor="middle", size=8.5
            )


def _bar(paper: Paper, places: Scale, one: Range, by: float, y: float) -> None:
    """From the lowest change to the highest, none among them, with the values that make the ends."""
    ends = [(by * (change.difference.mean or 0.0), value) for value, change in one.ends]
    low, high = min(0.0, *(end for end, _ in ends)), max(0.0, *(end for end, _ in ends))
    paper.bar(places(low), y - 4, places(high) - places(low), 8, color=theme.SERIES[0], opacity=0.8)
    farthest = max(abs(end) for end, _ in ends)
    on_one_side = low == 0 or high == 0
    for end, value in ends:
        is_low = end < 0
        if on_one_side and abs(end) < farthest:
            continue  # it lies within the bar
        x = places(end) + (-4 if is_low else 4)
        text = shortened(_value(one.axis, value), 60)
        paper.text(x, y + 3, text, color=theme.MUTED, anchor="end" if is_low else "", size=8.5)


def _value(axis: str, value: Any) -> str:
    return words.model(value) if axis == "model" else words.value_text(value)


def _told(found: Mapping[str, Mapping[str, Range]], where: str) -> str:
    """The widest and the narrowest of each measure."""
    parts = []
    for name, known in found.items():
        ranked = list(known.items())
        ends = ranked if len(ranked) == 1 else (ranked[0], ranked[-1])
        told = " to ".join(f"{words.axis(axis)} {one}" for axis, one in ends)
        parts.append(f"{words.head(name).removesuffix(', %')}: from {told}")
    return f"How far each setting moves a measure{where}, widest first. {'; '.join(parts)}."
