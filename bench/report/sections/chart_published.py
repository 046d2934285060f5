"""Ours beside what was published, a row a number, in units of its tolerance."""

from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, Scale, shortened, width_of
from bench.report.evidence.reproduced import Reproduced

WIDTH, ROW, TOP, BOTTOM, MOST_LABEL = 460, 15, 20, 22, 230
MOST = 3.0
"""Tolerances that are drawn to either side; what lies further is drawn at the edge, and hollow."""
CAPTION = (
    "Our mean less the published number, in units of its tolerance: inside the grey band it is kept. Dot and "
    "line: our mean with its 95 % interval over seeds. Thick grey line: the published number with its bar. "
    "Hollow: further off than is drawn."
)


@drawn
def draw(rows: Sequence[Reproduced]) -> Chart | None:
    """Those that have a number of ours; None where none has."""
    shown = [one for one in rows if one.is_inside is not None]
    if not shown:
        return None
    left = min(MOST_LABEL, max(width_of(one.name) for one in shown)) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(shown) + BOTTOM)
    places = Scale(low=-MOST, high=MOST, start=left + 6, end=WIDTH - 6)
    bottom = paper.height - BOTTOM
    paper.text(0, 12, "Ours less published, in tolerances", is_bold=True, size=11)
    ends = [(places(side), y) for side, y in ((-1, TOP), (1, TOP), (1, bottom), (-1, bottom))]
    paper.area(ends, color=theme.MUTED)
    for tick in range(-int(MOST), int(MOST) + 1):
        x = places(tick)
        paper.line((x, TOP), (x, bottom), color=theme.MUTED if tick == 0 else theme.FAINT)
        text = f"{tick:+d}".replace("-", words.MINUS) if tick else "0"
        paper.text(x, bottom + 12, text, color=theme.MUTED, anchor="middle", size=8.5)
    for i, one in enumerate(shown):
        y = TOP + ROW * (i + 0.5)
        paper.text(0, y + SIZE * 0.36, shortened(one.name, left), title=one.name)
        _mark(paper, one, places, y)
    return Chart(id="published", alt=_told(shown), svg=paper.svg(), is_wide=True)


def _mark(paper: Paper, one: Reproduced, places: Scale, y: float) -> None:
    unit, off, ours = one.tolerance or 1.0, one.off or 0.0, one.ours
    if one.row.bar is not None:
        bar = one.row.bar / unit
        paper.line((places(-bar), y), (places(bar), y), color=theme.MUTED, width=5, opacity=0.5)
    color = theme.SERIES[0] if one.is_inside else theme.SERIES[1]
    if ours.low is not None and ours.high is not None:
        low, high = (places((end - one.row.value) / unit) for end in (ours.low, ours.high))
        paper.line((low, y), (high, y), color=color, width=1.6)
    paper.mark(places(off / unit), y, color=color, is_hollow=abs(off / unit) > MOST)


def _told(shown: Sequence[Reproduced]) -> str:
    inside = sum(bool(one.is_inside) for one in shown)
    furthest = max(shown, key=lambda one: abs(one.off or 0.0) / (one.tolerance or 1.0))
    far = (furthest.off or 0.0) / (furthest.tolerance or 1.0)
    return (
        f"{words.count(len(shown), 'number')} of ours less what is published, in tolerances: {inside} within "
        f"one. Furthest off is {furthest.name}, by {words.signed(far, 2)} tolerances."
    )
