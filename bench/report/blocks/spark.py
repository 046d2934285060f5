"""Charts of a thumb's size, which stand beside a sentence: lines, bars, a share, a cloud of points.

They are written as they are, without a library: a page has many, and each is a few lines.
"""

import math
from collections.abc import Sequence

import numpy as np

from bench import foreign
from bench.report.blocks import theme
from bench.report.blocks.chart import Chart, drawn, is_wide
from bench.report.blocks.drawing import width_of

WIDTH, HEIGHT = 120, 56
_PAD = 5
_SIZE, _GAP, _WIDER = 10, 8, 1.15
"""Of letters; between a name and its number; and how much wider letters of many figures are than guessed."""

Points = Sequence[tuple[float, float]]


def _svg(body: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )


def _places(values: Sequence[float], low: float, high: float) -> list[float]:
    """From the least to the most, evenly between two ends; by logarithms where they are far apart."""
    scaled = np.log(values) if is_wide(values) else np.asarray(values, dtype=float)
    span = float(scaled.max() - scaled.min()) or 1.0
    return [round(low + (high - low) * float(v - scaled.min()) / span, 1) for v in scaled]


@drawn
def lines(id: str, alt: str, found: Sequence[Points], reference: Points = ()) -> Chart:
    """Up to eight lines on common axes, each with its colour; the reference in grey and dashed."""
    every = [point for line in (*found, reference) for point in line]
    across = dict(zip(every, _places([x for x, _ in every], _PAD, WIDTH - _PAD), strict=True))
    up = dict(zip(every, _places([y for _, y in every], HEIGHT - _PAD, _PAD), strict=True))
    body = []
    for index, line in enumerate([*found, reference]):
        color = theme.MUTED if index == len(found) else theme.SERIES[index % len(theme.SERIES)]
        dashes = ' stroke-dasharray="2 2"' if index == len(found) else ""
        path = " ".join(f"{across[point]:g},{up[point]:g}" for point in line)
        if path:
            body.append(
                f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.6"{dashes}/>'
            )
            x, y = across[line[-1]], up[line[-1]]
            body.append(f'<circle cx="{x:g}" cy="{y:g}" r="2.2" fill="{color}"/>')
    return Chart(id=id, alt=alt, svg=_svg("".join(body)))


@drawn
def bars(id: str, alt: str, found: Sequence[tuple[str, float, str]], width: int = WIDTH) -> Chart:
    """Some bars from 0, each under its name; with each the text of its number, for which there is room."""
    width = max(
        width, *(math.ceil(width_of(label + text, _SIZE) * _WIDER + _GAP) for label, _, text in found)
    )
    longest = max(value for _, value, _ in found) or 1.0
    step = 20
    body = []
    for index, (label, value, text) in enumerate(found):
        color = theme.SERIES[0] if index == 0 else theme.MUTED
        top = index * step
        length = max(1.0, (width - 2) * value / longest)
        body.append(_text(0, top + 9, label) + _text(width, top + 9, text, end=True))
        body.append(f'<rect x="0" y="{top + 12}" width="{length:.1f}" height="4" fill="{color}"/>')
    return Chart(id=id, alt=alt, svg=_svg("".join(body), width, step * len(found)))


@drawn
def share(id: str, alt: str, part: int, whole: int) -> Chart:
    """A bar of which a part is filled: so many of so many."""
    length = (WIDTH - 2) * part / max(1, whole)
    body = (
        f'<rect x="0" y="16" width="{WIDTH - 2}" height="8" fill="{theme.FAINT}"/>'
        f'<rect x="0" y="16" width="{length:.1f}" height="8" fill="{theme.SERIES[0]}"/>'
        + _text(0, 11, f"{part} of {whole}")
    )
    return Chart(id=id, alt=alt, svg=_svg(body, height=28))


@drawn
def changes(id: str, alt: str, found: Sequence[tuple[float, float, float]], names: Sequence[str]) -> Chart:
    """Changes with the ends of their intervals, about a line for none."""
    ends = [0.0, *(end for each in found for end in each)]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return round(_PAD + (WIDTH - 2 * _PAD) * (value - low) / span, 1)

    step = 20
    height = step * len(found)
    body = [f'<path d="M{at(0.0):g} 0v{height}" stroke="{theme.MUTED}" stroke-dasharray="2 2"/>']
    for index, (mean, left, right) in enumerate(found):
        middle = index * step + 14
        color = theme.SERIES[index % len(theme.SERIES)]
        body.append(_text(0, middle - 5, names[index]))
        body.append(f'<path d="M{at(left):g} {middle}H{at(right):g}" stroke="{color}" stroke-width="1.6"/>')
        body.append(f'<circle cx="{at(mean):g}" cy="{middle}" r="2.6" fill="{color}"/>')
    return Chart(id=id, alt=alt, svg=_svg("".join(body), height=height))


@drawn
def cloud(id: str, alt: str, points: np.ndarray, labels: np.ndarray, most: int = 600) -> Chart:
    """Points `(n, 2)` in the colours of their classes; the first of them, and the middle 99 %."""
    width, height = 300, 120
    points, labels = points[:most], labels[:most]
    low, high = np.quantile(points, [0.005, 0.995], axis=0)
    unit = (points - low) / np.maximum(high - low, 1e-9)
    inside = ((unit >= 0) & (unit <= 1)).all(axis=1)
    body = []
    for label in np.unique(labels[inside]):
        chosen = unit[inside & (labels == label)]
        path = "".join(f"M{3 + x * (width - 6):.0f} {3 + (1 - y) * (height - 6):.0f}h0" for x, y in chosen)
        color = theme.CLASSES[int(label) % len(theme.CLASSES)]
        body.append(f'<path d="{path}" stroke="{color}" stroke-width="3.4" stroke-linecap="round"/>')
    return Chart(id=id, alt=alt, svg=_svg("".join(body), width, height))


def _text(x: float, y: float, text: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    safe = foreign.visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    style = f"font: {_SIZE}px {theme.FONT}"
    return f'<text x="{x:g}" y="{y:g}" fill="{theme.INK}" style="{style}"{anchor}>{safe}</text>'
