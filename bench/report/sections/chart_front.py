"""What detail costs: KL against MSE, of one likelihood at a time, and which configurations nothing beats."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from bench.report import words
from bench.report.blocks import chart, finding, isolation, theme
from bench.report.blocks.chart import Chart, is_wide
from bench.report.blocks.drawing import LINES, Paper, Scale, apart, scale, shortened, width_of
from bench.report.blocks.table import Cell, Column, Row, Table, measure_column, number_cell
from bench.report.evidence import Configuration, Evidence, likelihoods
from bench.report.sections import looks
from bench.report.sections.looks import Looks

RATE, DISTORTION = "test_kl", "test_mse"
FEWEST = 3
MOST_LABELS = 12
OF_CURVE = (
    "The dashed curve is what linear VAEs reach at any weight of the KL term, in closed form and before "
    "their images are clipped."
)
TITLE = "MSE against KL: a trade-off of detail and nats"
SHORT = "MSE against KL, a trade-off"
WIDTH, HEIGHT, TOP, BOTTOM, LEFT = 460, 270, 44, 38, 48


@dataclasses.dataclass(frozen=True, kw_only=True)
class FrontChart:
    """The chart, its front in a sentence, and the likelihood that is drawn."""

    chart: Chart
    front: str
    name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Curve:
    """What has a name and is no configuration."""

    name: str
    points: tuple[tuple[float, float], ...]


def fronts(evidence: Evidence) -> tuple[FrontChart, ...]:
    """One for each data set and likelihood of which three configurations or more pay for their codes."""
    return tuple(
        draw(evidence, dataset, likelihood, found)
        for dataset in evidence.datasets
        for likelihood, found in of_likelihoods(evidence, dataset).items()
        if len(found) >= FEWEST
    )


def of_likelihoods(evidence: Evidence, dataset: str) -> dict[str, list[Configuration]]:
    """The configurations that pay for their codes, by what their images are likely under."""
    found: dict[str, list[Configuration]] = {}
    for one in evidence.about(dataset).configurations:
        if one.values(RATE) and one.values(DISTORTION):
            name = likelihoods.kind(one) or words.setting("loss", one.settings.get("loss", ""))
            found.setdefault(name, []).append(one)
    return found


def left_out(evidence: Evidence) -> str:
    """Which likelihoods have too few configurations for a chart, in a sentence; empty for none."""
    few = {
        name: len(found)
        for dataset in evidence.datasets
        for name, found in of_likelihoods(evidence, dataset).items()
        if len(found) < FEWEST
    }
    if not few:
        return ""
    told = words.listing([f"{name} ({count})" for name, count in few.items()])
    return f"Each chart has one likelihood; of too few configurations for one, and in the table: {told}."


def _lost(why: str) -> FrontChart:
    return FrontChart(chart=chart.lost(why), front="")


@isolation.isolated("chart", _lost)
def draw(evidence: Evidence, dataset: str, likelihood: str, found: Sequence[Configuration]) -> FrontChart:
    """KL against MSE of configurations of one likelihood."""
    best, where = front(found), finding.on(evidence, dataset)
    number = [*of_likelihoods(evidence, dataset)].index(likelihood)
    id = f"rate{evidence.suffix(dataset)}" + (f"-of-{number + 1}" if number else "")
    curve, level = linear(evidence, dataset, found), level_of_pca(evidence, dataset)
    across, up = scales(found, curve, level)
    paper = Paper(width=WIDTH, height=HEIGHT)
    known = looks.of(evidence.about(dataset).configurations)
    several = len(of_likelihoods(evidence, dataset)) > 1
    title = f"{SHORT}: {likelihood}{where}" if several else f"{TITLE}{where}"
    paper.text(0, 12, title, is_bold=True, size=11)
    known.legend(paper, LEFT, 30, found)
    axes(paper, across, up)
    for one in filter(None, (curve, level)):
        line(paper, one, across, up)
    _points(paper, found, best, across, up, known)
    _labels(paper, _labelled(found, best), across, up)
    alt = (
        f"{_ends(best)} {words.count(len(found), 'configuration')}{where}, {len(best)} of them on the front."
    )
    said = _sentence(best, where) + (f" {OF_CURVE}" if curve else "")
    data = _numbers(found, best, id)
    drawn = Chart(id=id, alt=f"KL against MSE: {alt}", svg=paper.svg(), data=data, is_wide=True)
    return FrontChart(chart=drawn, front=said, name=f"{words.capital(likelihood)}{where}")


def front(found: Sequence[Configuration]) -> list[Configuration]:
    """Those to which no other is better in one and at least as good in the other, the cheapest first."""
    kept: list[Configuration] = []
    for one in sorted(found, key=place):
        if not kept or place(one)[1] < place(kept[-1])[1]:
            kept.append(one)
    return kept


def place(one: Configuration) -> tuple[float, float]:
    """Its KL and its MSE, means over seeds."""
    return one.mean(RATE) or 0.0, one.mean(DISTORTION) or 0.0


def linear(evidence: Evidence, dataset: str, found: Sequence[Configuration]) -> Curve | None:
    """What linear VAEs of the usual latent size reach, as far as configurations go; None without any."""
    size = evidence.base.get("latent_dim")
    rows = [one for one in evidence.about(dataset).baselines if one.settings["model"] == "linear_vae"]
    for one in (one for one in rows if one.settings["latent_dim"] == size):
        arrays = evidence.folder.images(one.unit)
        if "linear_kl" in arrays and "linear_mse" in arrays:
            rates, errors = arrays["linear_kl"], arrays["linear_mse"]
            known = [place(each)[0] for each in found]
            within = (rates >= 0.5 * min(known)) & (rates <= 1.5 * max(known))
            points = np.stack([rates[within], errors[within]], axis=1)[:: max(1, int(within.sum()) // 60)]
            name = f"linear VAE, {words.setting('latent_dim', size)}"
            return Curve(name=name, points=tuple((float(x), float(y)) for x, y in points))
    return None


def level_of_pca(evidence: Evidence, dataset: str) -> Curve | None:
    """PCA of the usual latent size, which pays nothing: a level."""
    size = evidence.base.get("latent_dim")
    pca = evidence.baseline(dataset, "pca", size)
    error = None if pca is None else pca.mean(DISTORTION)
    if pca is None or error is None:
        return None
    return Curve(name=f"{pca.name}, pays no nats", points=((-1.0, error), (1e9, error)))


def scales(found: Sequence[Configuration], curve: Curve | None, level: Curve | None) -> tuple[Scale, Scale]:
    """Of KL and of MSE, which hold all configurations, the curve near them, and the level."""
    rates, errors = (list(each) for each in zip(*map(place, found), strict=True))
    if curve and curve.points:
        errors += [y for _, y in curve.points if y <= 1.3 * max(errors)]
    errors += [level.points[0][1]] if level else []
    across = scale(rates, LEFT, WIDTH - 12, is_log=is_wide(rates, factor=10), pad=0.06)
    up = scale(errors, HEIGHT - BOTTOM, TOP, is_log=is_wide(errors, factor=5), pad=0.06)
    return across, up


def axes(paper: Paper, across: Scale, up: Scale) -> None:
    """Ticks, lines and words of both."""
    for tick in across.ticks():
        x = across(tick)
        paper.line((x, TOP), (x, HEIGHT - BOTTOM), color=theme.FAINT)
        paper.text(x, HEIGHT - BOTTOM + 12, f"{tick:,.6g}", color=theme.MUTED, anchor="middle")
    for tick in up.ticks(LINES):
        paper.line((LEFT, up(tick)), (WIDTH - 12, up(tick)), color=theme.FAINT)
        paper.text(LEFT - 4, up(tick) + 3, f"{tick:,.6g}", color=theme.MUTED, anchor="end")
    logs = [" (log axis)" if one.is_log else "" for one in (across, up)]
    paper.text(
        (LEFT + WIDTH) / 2, HEIGHT - 8, f"KL, nats per image{logs[0]}", color=theme.MUTED, anchor="middle"
    )
    paper.text(0, 30, f"MSE{logs[1]}", color=theme.MUTED)


def line(paper: Paper, one: Curve, across: Scale, up: Scale) -> None:
    """Dashed; a level is named at its right end, a curve where it is highest."""
    points = [(across(x), up(y)) for x, y in one.points if up.low <= y <= up.high]
    if len(points) < 2:
        return
    paper.line(*points, color=theme.INK, dashes="4 2", width=1.2)
    is_level = len({y for _, y in points}) == 1
    x, y = (WIDTH - 14, points[-1][1] - 4) if is_level else (points[0][0] + 4, points[0][1] - 4)
    paper.text(x, y, one.name, color=theme.MUTED, anchor="end" if is_level else "", size=8.5, has_halo=True)


def _points(
    paper: Paper,
    found: Sequence[Configuration],
    best: Sequence[Configuration],
    across: Scale,
    up: Scale,
    known: Looks,
) -> None:
    """The front as steps, and a mark each."""
    steps: list[tuple[float, float]] = []
    for one in best:
        x, y = across(place(one)[0]), up(place(one)[1])
        steps += [(x, steps[-1][1]), (x, y)] if steps else [(x, y)]
    if len(steps) > 1:
        paper.line(*steps, color=theme.MUTED, width=0.8)
    for one in found:
        x, y = place(one)
        title = f"{one.name}: {words.number(RATE, x, unit=True)}, MSE {words.number(DISTORTION, y)}"
        known.mark(paper, across(x), up(y), one, title=title)


def _labelled(
    found: Sequence[Configuration], best: Sequence[Configuration]
) -> dict[str, list[Configuration]]:
    """Labels with what they are of: the weight of the KL term where it varies, and the size on the front."""
    betas = {one.settings.get("beta") for one in found}
    counts = {beta: sum(one.settings.get("beta") == beta for one in found) for beta in betas}
    usual = max(counts, key=lambda beta: counts[beta])
    labels: dict[str, list[Configuration]] = {}
    for one in found:
        beta = one.settings.get("beta")
        if len(betas) > 1 and beta is not None and (beta != usual or one in best):
            label = words.setting("beta", beta)
        elif one in best:
            label = words.setting("latent_dim", one.settings["latent_dim"])
        else:
            continue
        labels.setdefault(label, []).append(one)
    return dict(list(labels.items())[:MOST_LABELS])


def _labels(paper: Paper, labels: dict[str, list[Configuration]], across: Scale, up: Scale) -> None:
    """Each beside the first mark that it is of; marks of one label lie near each other."""
    firsts = [ones[0] for ones in labels.values()]
    xs = [across(place(one)[0]) for one in firsts]
    ys = apart([up(place(one)[1]) - 8 for one in firsts], 10, TOP + 8, HEIGHT - BOTTOM - 2)
    for label, x, y in zip(labels, xs, ys, strict=True):
        to_left = x + 8 + width_of(label, 8.5) > WIDTH
        room = x - LEFT if to_left else WIDTH - x
        at = (x + 4, y - 4, "end") if to_left else (x + 6, y + 3, "")
        paper.text(*at[:2], shortened(label, room, 8.5), anchor=at[2], size=8.5, has_halo=True)


def _ends(best: Sequence[Configuration]) -> str:
    first, last = (
        f"{words.number(RATE, place(one)[0], unit=True)} and MSE {words.number(DISTORTION, place(one)[1])} "
        f"({one.name})"
        for one in (best[0], best[-1])
    )
    return f"the front goes from {first} to {last}."


def _sentence(best: Sequence[Configuration], where: str) -> str:
    names = [one.name for one in best]
    lie = "lies" if len(best) == 1 else "lie"
    return (
        f"On the front{where} {lie} {'; '.join(names[: finding.MOST_NAMED])}{finding.and_more(names)} "
        f"No configuration{where} has both a lower KL and a lower MSE than one of these, by means over seeds."
    )


def _numbers(found: Sequence[Configuration], best: Sequence[Configuration], id: str) -> Table:
    return Table(
        id=f"table-front-{id}",
        caption="KL against MSE, the cheapest first",
        columns=(
            Column(label="Configuration", is_number=False),
            measure_column(RATE),
            measure_column(DISTORTION),
            Column(label="On the front", is_number=False),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=one.name),
                    number_cell(RATE, place(one)[0]),
                    number_cell(DISTORTION, place(one)[1]),
                    Cell(text="yes" if one in best else words.NONE),
                )
            )
            for one in sorted(found, key=place)
        ),
    )
