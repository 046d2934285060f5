"""Precision against recall of generated images: whether they are real, and whether they are all there is."""

from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import Paper, Scale, apart, scale, shortened, width_of
from bench.report.evidence import Configuration, Evidence, floors
from bench.report.sections import looks
from bench.report.sections.looks import Looks

SOURCES = {"prior": "drawn from the prior", "mixture": "drawn from a mixture of codes"}
MOST_NAMED = 3
WIDTH, HEIGHT, TOP, BOTTOM, LEFT, GAP = 460, 262, 54, 36, 30, 36
RULE = (
    "To the right: more of the samples lie among real images. Upwards: more of the real images have a sample "
    "near. The cross is what training images get in the place of samples. Named are the three nearest by "
    "Frechet distance."
)


@drawn
def draw(evidence: Evidence, dataset: str) -> Chart | None:
    """A panel a way of drawing codes; None where nothing was measured."""
    part = evidence.about(dataset)
    panels = {source: [one for one in part.configurations if _has(one, source)] for source in SOURCES}
    panels = {source: ones for source, ones in panels.items() if ones}
    if not panels:
        return None
    paper = Paper(width=WIDTH, height=HEIGHT)
    known = looks.of(part.configurations)
    paper.text(0, 12, f"Recall against precision, %{finding.on(evidence, dataset)}", is_bold=True, size=11)
    known.legend(paper, width_of("Recall against precision, % ", 11) + 24, 12)
    width = (WIDTH - LEFT - GAP - 8) / 2
    for i, (source, ones) in enumerate(panels.items()):
        start = LEFT + i * (width + GAP)
        _panel(paper, evidence, dataset, source, ones, known, (start, start + width))
    id = f"spread{evidence.suffix(dataset)}"
    return Chart(id=id, alt=_told(panels), svg=paper.svg(), is_wide=True)


def _has(one: Configuration, source: str) -> bool:
    return bool(one.values(f"precision_{source}") and one.values(f"recall_{source}"))


def _place(one: Configuration, source: str) -> tuple[float, float]:
    return 100 * (one.mean(f"precision_{source}") or 0.0), 100 * (one.mean(f"recall_{source}") or 0.0)


def _nearest(ones: Sequence[Configuration], source: str) -> list[Configuration]:
    known = [one for one in ones if one.values(f"frechet_{source}")]
    return sorted(known, key=lambda one: one.mean(f"frechet_{source}") or 0.0)[:MOST_NAMED]


def _panel(
    paper: Paper,
    evidence: Evidence,
    dataset: str,
    source: str,
    ones: Sequence[Configuration],
    known: Looks,
    ends: tuple[float, float],
) -> None:
    across = scale([0, 100], *ends, is_log=False, pad=0.02)
    up = scale([0, 100], HEIGHT - BOTTOM, TOP, is_log=False, pad=0.02)
    _axes(paper, source, across, up)
    level = [floors.floor(evidence, dataset, f"{name}_{source}") for name in ("precision", "recall")]
    if level[0] is not None and level[1] is not None:
        x, y = across(100 * level[0]), up(100 * level[1])
        paper.line((x - 5, y), (x + 5, y), color=theme.INK, width=1.4)
        paper.line((x, y - 5), (x, y + 5), color=theme.INK, width=1.4)
    for one in ones:
        x, y = _place(one, source)
        known.mark(paper, across(x), up(y), one, title=_title(one, source))
    _labels(paper, _nearest(ones, source), source, across, up)


def _axes(paper: Paper, source: str, across: Scale, up: Scale) -> None:
    paper.text(across.start, 34, words.capital(SOURCES[source]), color=theme.MUTED)
    bottom = HEIGHT - BOTTOM
    for tick in (0, 25, 50, 75, 100):
        paper.line((across(tick), TOP), (across(tick), bottom), color=theme.FAINT)
        paper.line((across.start, up(tick)), (across.end, up(tick)), color=theme.FAINT)
        paper.text(across(tick), bottom + 12, str(tick), color=theme.MUTED, anchor="middle", size=8.5)
        paper.text(across.start - 4, up(tick) + 3, str(tick), color=theme.MUTED, anchor="end", size=8.5)
    paper.text((across.start + across.end) / 2, HEIGHT - 8, "precision", color=theme.MUTED, anchor="middle")
    paper.text(across.start - 26, TOP - 6, "recall", color=theme.MUTED)


def _labels(paper: Paper, ones: Sequence[Configuration], source: str, across: Scale, up: Scale) -> None:
    """Beside their marks, on the side where there is room, with a thin line to them."""
    places = [_place(one, source) for one in ones]
    heights = apart([up(y) for _, y in places], 11, TOP + 16, HEIGHT - BOTTOM - 4)
    middle = (across.start + across.end) / 2
    for one, (x, y), height in zip(ones, places, heights, strict=True):
        at = across(x)
        to_left = at > middle
        room = (at - across.start if to_left else across.end - at) - 12
        edge = at - 12 if to_left else at + 12
        paper.line((at, up(y)), (edge, height), color=theme.MUTED, width=0.6)
        text = shortened(one.name, room, 8.5)
        paper.text(edge, height + 3, text, anchor="end" if to_left else "", size=8.5, has_halo=True)


def _title(one: Configuration, source: str) -> str:
    x, y = _place(one, source)
    return f"{one.name}: precision {x:.0f} %, recall {y:.0f} %"


def _told(panels: dict[str, list[Configuration]]) -> str:
    """The nearest and the farthest of each panel."""
    parts = []
    for source, ones in panels.items():
        near = _nearest(ones, source)[:1] or ones[:1]
        parts.append(
            f"{SOURCES[source]}, {words.count(len(ones), 'configuration')}, the nearest being "
            f"{_title(near[0], source)}"
        )
    return f"Recall against precision of generated images: {'; '.join(parts)}."
