"""What can be had in so many seconds: validation error against the time of steps that were timed alone."""

import dataclasses
import math
from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import curves, finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import LINES, Paper, Scale, apart, scale, shortened
from bench.report.blocks.table import Cell, Column, Row, Table, made, number_cell
from bench.report.evidence import Configuration, Evidence, likelihoods, naming
from bench.report.sections import looks, timings
from bench.report.sections.looks import Looks

ERROR = "test_mse"
MOST_LINES, MOST_FAMILIES, FEWEST = 30, 6, 2
WIDTH, HEIGHT, TOP, BOTTOM, LEFT, LABEL = 460, 262, 46, 38, 46, 84
_BUDGETS = tuple(m * 10.0**power for power in range(-2, 6) for m in (1, 3))
MOST_BUDGETS = 5
USUAL = 30.0  # seconds
CAPTION = (
    "Seconds are epochs times steps times the time of a step that was timed with nothing else running; "
    "compiling and validation come on top. The error is the reconstruction term on validation images a "
    "pixel, mean over seeds; a model that draws its codes is measured with drawn codes, which is above the "
    "MSE of its mean codes. Networks trained with MSE are shown."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Course:
    """How the error of a configuration fell: `(seconds, error)` after each epoch."""

    one: Configuration
    points: tuple[tuple[float, float], ...]

    def within(self, seconds: float) -> tuple[float, float, int] | None:
        """The lowest error in so much time: when, how low, after how many epochs."""
        known = [(s, error, i + 1) for i, (s, error) in enumerate(self.points) if s <= seconds]
        return min(known, key=lambda each: each[1]) if known else None


def courses(evidence: Evidence, dataset: str) -> list[Course]:
    """Of all that were trained with squared errors, were watched, and whose networks were timed."""
    steps = timings.step_seconds(evidence)
    found = (_course(evidence, one, steps) for one in evidence.about(dataset).configurations)
    return [one for one in found if one is not None]


def _course(evidence: Evidence, one: Configuration, steps: dict[str, float]) -> Course | None:
    step, known = timings.step_of(one, steps), evidence.run.get("datasets", {})
    about = known.get(one.settings["dataset"], {})
    images, shape = about.get("images", {}).get("train"), about.get("image_shape")
    fewer = naming.train_images(one.settings)
    if not (step and images and shape) or one.settings.get("loss") != "mse" or likelihoods.own(one):
        return None
    count = images if fewer == naming.ALL else int(fewer)
    each = step * math.ceil(count / one.settings["batch_size"])
    errors = _errors(evidence, one)
    points = [(each * (i + 1), error / math.prod(shape)) for i, error in enumerate(errors)]
    return Course(one=one, points=tuple(points)) if points else None


def _errors(evidence: Evidence, one: Configuration) -> list[float]:
    """The reconstruction term of validation images by epoch, mean over the seeds that had it."""
    histories = [curves.first_stage(evidence.folder.history(each.unit)) for each in one.results]
    found = []
    for rows in zip(*(each for each in histories if each), strict=False):
        values = [row["val_reconstruction"] for row in rows if "val_reconstruction" in row]
        if not values or not all(math.isfinite(value) and value > 0 for value in values):
            break
        found.append(math.fsum(values) / len(values))
    return found


@drawn
def draw(evidence: Evidence, dataset: str, found: Sequence[Course]) -> Chart | None:
    """The best of each family by its time; None for fewer than two networks."""
    if len(found) < FEWEST:
        return None
    paper, where = Paper(width=WIDTH, height=HEIGHT), finding.on(evidence, dataset)
    across = scale([s for one in found for s, _ in one.points], LEFT, WIDTH - LABEL, is_log=True)
    up = scale([e for one in found for _, e in one.points], HEIGHT - BOTTOM, TOP, is_log=True)
    known = looks.of(evidence.about(dataset).configurations)
    paper.text(0, 12, f"Error by clean seconds of training, log axes{where}", is_bold=True, size=11)
    _axes(paper, across, up)
    if len(found) <= MOST_LINES:
        for one in found:
            line = [(across(s), up(error)) for s, error in one.points]
            paper.line(*line, color=known.color(one.one), width=0.8, opacity=0.45)
    best = {family: envelope(each) for family, each in _families(found).items()}
    _lines(paper, found, best, across, up, known)
    id = f"budget{evidence.suffix(dataset)}"
    data = _numbers(best, id)
    return Chart(id=id, alt=_told(best, where), svg=paper.svg(), data=data, is_wide=True)


def note(found: Sequence[Course]) -> str:
    """What is drawn of so many."""
    families = {one.one.family for one in found}
    lines = (
        f"Thick: the best of a family by then; thin: each of {len(found)} networks."
        if len(found) <= MOST_LINES
        else f"Of {len(found)} networks the best of each family by then is drawn."
    )
    more = f" {MOST_FAMILIES} of {len(families)} families are drawn." if len(families) > MOST_FAMILIES else ""
    return f"{lines}{more} {CAPTION}"


def envelope(found: Sequence[Course]) -> list[tuple[float, float, Course]]:
    """When a lower error than ever before is reached, which, and by whom."""
    points = sorted(((s, error, one) for one in found for s, error in one.points), key=lambda each: each[:2])
    kept: list[tuple[float, float, Course]] = []
    for point in points:
        if not kept or point[1] < kept[-1][1]:
            kept.append(point)
    return kept


def _families(found: Sequence[Course]) -> dict[str, list[Course]]:
    known: dict[str, list[Course]] = {}
    for one in found:
        known.setdefault(one.one.family, []).append(one)
    lowest = {name: min(error for one in each for _, error in one.points) for name, each in known.items()}
    kept = sorted(known, key=lambda name: lowest[name])[:MOST_FAMILIES]
    return {name: each for name, each in known.items() if name in kept}


def _axes(paper: Paper, across: Scale, up: Scale) -> None:
    for tick in across.ticks():
        x = across(tick)
        paper.line((x, TOP), (x, HEIGHT - BOTTOM), color=theme.FAINT)
        paper.text(x, HEIGHT - BOTTOM + 12, f"{tick:,.6g}", color=theme.MUTED, anchor="middle")
    for tick in up.ticks(LINES):
        paper.line((LEFT, up(tick)), (WIDTH - LABEL, up(tick)), color=theme.FAINT)
        paper.text(LEFT - 4, up(tick) + 3, f"{tick:,.6g}", color=theme.MUTED, anchor="end")
    middle = (LEFT + WIDTH - LABEL) / 2
    paper.text(middle, HEIGHT - 8, "seconds of training steps (log axis)", color=theme.MUTED, anchor="middle")
    paper.text(0, 30, "error", color=theme.MUTED)


def _lines(
    paper: Paper,
    found: Sequence[Course],
    best: dict[str, list[tuple[float, float, Course]]],
    across: Scale,
    up: Scale,
    known: Looks,
) -> None:
    """The best of each family as steps to where the family ends, named there."""
    ends, names, tails = [], [], []
    for family, points in best.items():
        one = points[0][2].one
        last = max(s for each in found if each.one.family == family for s, _ in each.points)
        steps: list[tuple[float, float]] = []
        for s, error, _ in points:
            steps += [(across(s), steps[-1][1])] if steps else []
            steps.append((across(s), up(error)))
        steps.append((across(last), steps[-1][1]))
        dashes = ("", "5 2", "2 2", "6 2 1 2")[known.shape(one) % 4]
        paper.line(*steps, color=known.color(one), width=2, dashes=dashes)
        ends.append(steps[-1][1])
        tails.append(steps[-1][0])
        names.append((family, known.color(one)))
    for (family, color), x, y, place in zip(
        names, tails, ends, apart(ends, 11, TOP, HEIGHT - BOTTOM), strict=True
    ):
        edge = WIDTH - LABEL + 6
        paper.line((x, y), (edge - 2, place), color=color, width=0.6)
        paper.text(edge, place + 3, shortened(family, LABEL - 6), color=color)


def _told(best: dict[str, list[tuple[float, float, Course]]], where: str) -> str:
    """Of each family the first and the last of its best."""
    parts = [
        f"{family} from {words.number(ERROR, points[0][1])} after {words.two_digits(points[0][0])} s to "
        f"{words.number(ERROR, points[-1][1])} after {words.two_digits(points[-1][0])} s"
        for family, points in best.items()
    ]
    return (
        f"Validation error by seconds of training steps{where}, the best of each family: {'; '.join(parts)}."
    )


def _numbers(best: dict[str, list[tuple[float, float, Course]]], id: str) -> Table:
    """When each family reaches a lower error than before, and with whom."""
    return Table(
        id=f"table-of-{id}",
        caption="When the best of a family reaches which validation error",
        columns=(
            Column(label="Configuration", is_number=False),
            Column(label="Seconds"),
            Column(label="Validation error"),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=of.one.name),
                    Cell(text=words.two_digits(s), order=s),
                    number_cell(ERROR, error),
                )
            )
            for points in best.values()
            for s, error, of in points
        ),
    )


@made
def table(evidence: Evidence, dataset: str, found: Sequence[Course]) -> Table | None:
    """What to take within so many seconds; None where fewer than two networks were timed."""
    if len(found) < FEWEST:
        return None
    rows = [_row(evidence, found, seconds) for seconds in budgets(found)]
    return Table(
        id=f"table-budget{evidence.suffix(dataset)}",
        caption=f"The lowest validation error within so many seconds{finding.on(evidence, dataset)}",
        columns=(
            Column(label="Within"),
            Column(label="Take", is_number=False),
            Column(label="Epochs"),
            Column(label="Seconds"),
            Column(label="Validation error"),
            Column(label="PCA of its size, test MSE"),
        ),
        rows=tuple(rows),
    )


def budgets(found: Sequence[Course]) -> list[float]:
    """Round times between the first epoch of the fastest and the last of the slowest."""
    first = min(one.points[0][0] for one in found)
    last = max(one.points[-1][0] for one in found)
    known = [seconds for seconds in _BUDGETS if seconds >= first]
    kept = [seconds for i, seconds in enumerate(known) if i == 0 or known[i - 1] < last]
    return kept[-MOST_BUDGETS:]


def said(found: Sequence[Course], compared: int) -> str:
    """What to take within the usual budget, or that nearest to it; empty for fewer than two networks.

    Of `compared` configurations those of `found` can be; where these are not all, it is said.
    """
    if len(found) < FEWEST or not budgets(found):
        return ""
    seconds = min(budgets(found), key=lambda each: abs(math.log(each / USUAL)))
    best, (spent, error, epochs) = _lowest(found, seconds)
    return (
        f"In {seconds:,g}{words.NBSP}s of training steps the lowest validation error is "
        f"{words.number(ERROR, error)}: {best.one.name}, after {words.count(epochs, 'epoch')} in "
        f"{words.two_digits(spent)}{words.NBSP}s.{_of_whom(len(found), compared)}"
    )


def _of_whom(count: int, compared: int) -> str:
    told = (
        f" {count} of {compared} configurations compete: those with squared error of a fixed variance whose "
        "networks were timed."
    )
    return "" if count == compared else told


def _lowest(found: Sequence[Course], seconds: float) -> tuple[Course, tuple[float, float, int]]:
    known = [(one, of) for one in found if (of := one.within(seconds)) is not None]
    return min(known, key=lambda each: each[1][1])


def _row(evidence: Evidence, found: Sequence[Course], seconds: float) -> Row:
    best, (spent, error, epochs) = _lowest(found, seconds)
    pca = evidence.beside(best.one, "pca")
    return Row(
        cells=(
            Cell(text=f"{seconds:,g}{words.NBSP}s", order=seconds),
            Cell(text=best.one.name),
            Cell(text=str(epochs), order=epochs),
            Cell(text=words.two_digits(spent), order=spent),
            number_cell(ERROR, error),
            number_cell(ERROR, None if pca is None else pca.mean(ERROR)),
        )
    )
