"""Which classes are hard, as a chart: a row a class, the hardest first, and in it a mark a network."""

import numpy as np

from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, scale, shortened, width_of
from bench.report.evidence import Evidence
from bench.report.sections import looks
from bench.report.sections.classes import ByClass

WIDTH, ROW, TOP, BOTTOM, MOST_NAME = 460, 15, 48, 16, 130


@drawn
def draw(evidence: Evidence, dataset: str, found: ByClass) -> Chart | None:
    """None where no network has finite errors."""
    networks = [i for i, one in enumerate(found.ones) if not one.is_baseline]
    known = found.errors[networks]
    if not (np.isfinite(known) & (known > 0)).any():
        return None
    level = _pca(evidence, found)
    values = np.concatenate([known.ravel(), level])
    left = min(MOST_NAME, max(map(width_of, found.names))) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(found.names) + BOTTOM)
    shown = values[np.isfinite(values) & (values > 0)].tolist()
    across = scale(shown, left + 4, WIDTH - 6, is_log=True)
    title = f"MSE of the test images of each class{finding.on(evidence, dataset)} (log axis)"
    paper.text(0, 12, title, is_bold=True, size=11)
    styles = looks.of(evidence.about(dataset).rivals)
    styles.legend(paper, 0, 30, [found.ones[i] for i in networks])
    bottom = paper.height - BOTTOM
    for tick in across.ticks():
        paper.line((across(tick), TOP - 4), (across(tick), bottom), color=theme.FAINT)
        paper.text(across(tick), bottom + 12, f"{tick:,.6g}", color=theme.MUTED, anchor="middle")
    for place, name in enumerate(found.names):
        y = TOP + ROW * (place + 0.5)
        paper.text(0, y + SIZE * 0.36, shortened(name, left), title=name)
        if len(level) and level[place] > 0:
            x = across(float(level[place]))
            paper.line((x, y - 5), (x, y + 5), color=theme.MUTED, width=1.4)
        for i in networks:
            error = float(found.errors[i, place])
            if np.isfinite(error) and error > 0:
                one = found.ones[i]
                styles.mark(paper, across(error), y, one, title=one.name + one.mark)
    return Chart(
        id=f"classes{evidence.suffix(dataset)}", alt=_told(found, known), svg=paper.svg(), is_wide=True
    )


def caption(evidence: Evidence) -> str:
    """What a mark is."""
    return "A mark a network; the tick is PCA of the usual size." + (
        " Of the first seed." if evidence.has_intervals else ""
    )


def _pca(evidence: Evidence, found: ByClass) -> np.ndarray:
    """Its errors by class; empty where it is not among those shown."""
    usual = evidence.base.get("latent_dim")
    rows = [
        found.errors[i]
        for i, one in enumerate(found.ones)
        if one.settings["model"] == "pca" and one.settings.get("latent_dim") == usual
    ]
    return np.asarray(rows[0] if rows else [])


def _told(found: ByClass, known: np.ndarray) -> str:
    """The median over networks of the hardest class and of the easiest."""
    middle = np.median(known, axis=0)
    ends = (
        f"{found.names[i]} {words.number('test_mse', float(middle[i]))}" for i in (0, len(found.names) - 1)
    )
    return (
        f"MSE of each class by {words.count(len(known), 'network')}, the hardest class first; in the median "
        f"from {' to '.join(ends)}."
    )
