"""Many models, each against the one that it builds on: what each changes, in per cent, in one picture."""

from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, shortened, width_of
from bench.report.blocks.forest import BOTTOM, ROW, TOP, Mark, panel
from bench.report.evidence import Evidence
from bench.report.evidence.opponents import Opponents
from bench.report.findings import standings
from bench.report.findings.verdicts import Verdict

MEASURES = ("test_mse", "frechet_mixture", "frechet_prior")
FEWEST = 5
WIDTH, MOST_LABEL, GAP = 520, 150, 10
CAPTION = (
    "Change of each measure against the model that it builds on, all else equal, with its 95 % interval; to "
    "the left is better. Hollow and grey: not told from no change, after Holm over the table. Within a panel "
    "equal lengths are equal factors."
)


def caption(evidence: Evidence) -> str:
    """What is drawn."""
    return CAPTION if evidence.has_intervals else f"{CAPTION} One seed: no interval can be given."


@drawn
def draw(evidence: Evidence, dataset: str, found: Sequence[Opponents]) -> Chart | None:
    """A row a model, those that lower the error most first; None of few models, told by a table."""
    judged = sorted(zip(*standings.judged(found, dataset), strict=True), key=lambda each: _error(each[1]))
    if len(judged) < FEWEST:
        return None
    marks = {name: [_of(row, name) for _, row in judged] for name in MEASURES}
    marks = {name: row for name, row in marks.items() if any(row)}
    if not marks:
        return None
    labels = [" against ".join(one.sides) for one, _ in judged]
    left = min(MOST_LABEL, max(map(width_of, labels))) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(judged) + BOTTOM)
    where = finding.on(evidence, dataset)
    paper.text(0, 12, f"Change by each model, % (log axes){where}", is_bold=True, size=11)
    for i, label in enumerate(labels):
        paper.text(0, TOP + ROW * (i + 0.5) + SIZE * 0.36, shortened(label, left), title=label)
    width = (WIDTH - left - GAP * (len(marks) - 1)) / len(marks)
    for i, (name, row) in enumerate(marks.items()):
        start, every = left + i * (width + GAP), [one for one in row if one is not None]
        panel(paper, row, every, start=start, width=width, title=words.head(name), color=theme.SERIES[0])
    id = f"against{evidence.suffix(dataset)}"
    return Chart(id=id, alt=_told(labels, marks), svg=paper.svg(), is_wide=True)


def _of(row: Sequence[Verdict], name: str) -> Mark | None:
    for one in row:
        if one.measure == name and one.comparison.is_ratio and one.comparison.difference.mean is not None:
            return Mark(comparison=one.comparison, p=one.p)
    return None


def _error(row: Sequence[Verdict]) -> float:
    mark = _of(row, MEASURES[0])
    return (mark.comparison.difference.mean or 0.0) if mark else float("inf")


def _told(labels: Sequence[str], marks: dict[str, list[Mark | None]]) -> str:
    """The ends of each panel, for those who cannot see it."""
    parts = []
    for name, row in marks.items():
        known = sorted(
            ((one.comparison.difference.mean or 0.0, place, one) for place, one in enumerate(row) if one),
            key=lambda each: each[:2],
        )
        low, high = (
            f"{labels[at]} {words.difference(name, one.comparison)}" for _, at, one in (known[0], known[-1])
        )
        parts.append(f"{words.head(name)} from {low} to {high}")
    return f"Change by each of {words.count(len(labels), 'model')}: {'; '.join(parts)}."
