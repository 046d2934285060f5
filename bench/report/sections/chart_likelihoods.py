"""What the likelihood is worth: one objective at several weights of the KL term, beside learned variances."""

from collections.abc import Mapping, Sequence

from bench.report import words
from bench.report.blocks import chart, finding, isolation
from bench.report.blocks.chart import Chart
from bench.report.blocks.drawing import Paper, clear, shortened, width_of
from bench.report.evidence import Configuration, Evidence, likelihoods
from bench.report.sections import chart_front, looks
from bench.report.sections.chart_front import (
    BOTTOM,
    DISTORTION,
    HEIGHT,
    LEFT,
    OF_CURVE,
    RATE,
    TOP,
    WIDTH,
    FrontChart,
)

NAME = "What the likelihood is worth"
FEWEST = 3
ROOM = 1.2
"""What labels take at most, by what is guessed: capitals and figures are wider than other letters."""
RULE = (
    "One network, {}. The line is a {} whose pixels have the variance 1/2, at several weights β of the KL "
    "term: one of variance s² is one with β = 2 s². Beside it lie models with a likelihood of their own."
)


def draw(evidence: Evidence, dataset: str) -> FrontChart | None:
    """None where weights were not swept, or no other likelihood was tried on the same network."""
    swept, others = _swept(evidence, dataset), _others(evidence, dataset)
    if len(swept) < FEWEST or not others:
        return None
    return _drawn(evidence, dataset, swept, others)


def _swept(evidence: Evidence, dataset: str) -> list[Configuration]:
    """Of the objective whose linear optimum is known at any weight: the base at each, in the order of KL."""
    found = [
        one
        for one in _alike(evidence, dataset)
        if evidence.cards.model(str(one.settings["model"])).linear == "fixed" and not likelihoods.own(one)
        if one.settings["loss"] == "mse" and _is_base_but_beta(evidence, one)
    ]
    return sorted(found, key=chart_front.place)


def _is_base_but_beta(evidence: Evidence, one: Configuration) -> bool:
    return all(
        value == evidence.base.get(name)
        for name, value in one.settings.items()
        if name not in ("model", "beta")
    )


def _others(evidence: Evidence, dataset: str) -> list[Configuration]:
    """With a likelihood of their own, on the same network."""
    return [one for one in _alike(evidence, dataset) if likelihoods.own(one)]


def _alike(evidence: Evidence, dataset: str) -> list[Configuration]:
    """All that pay for codes and differ from the base in nothing but the model, its options and the loss."""
    free = evidence.own_options("model") | {"model", "loss"}
    return [
        one
        for one in evidence.about(dataset).configurations
        if one.values(RATE) and one.values(DISTORTION)
        if all(
            value == evidence.base.get(name, value)
            for name, value in one.settings.items()
            if name not in free
        )
    ]


def _lost(why: str) -> FrontChart:
    return FrontChart(chart=chart.lost(why), front="", name=NAME)


@isolation.isolated("chart", _lost)
def _drawn(
    evidence: Evidence, dataset: str, swept: Sequence[Configuration], others: Sequence[Configuration]
) -> FrontChart:
    where, found = finding.on(evidence, dataset), [*swept, *others]
    curve, level = chart_front.linear(evidence, dataset, found), chart_front.level_of_pca(evidence, dataset)
    across, up = chart_front.scales(found, curve, level)
    paper, known = Paper(width=WIDTH, height=HEIGHT), looks.of(evidence.about(dataset).configurations)
    paper.text(0, 12, f"{NAME}: MSE against KL{where}", is_bold=True, size=11)
    chart_front.axes(paper, across, up)
    for each in filter(None, (curve, level)):
        chart_front.line(paper, each, across, up)
    places = {one.name: (across(chart_front.place(one)[0]), up(chart_front.place(one)[1])) for one in found}
    paper.line(*(places[one.name] for one in swept), color=known.color(swept[0]), width=1.2)
    named = {one.name: words.setting("beta", one.settings["beta"]) for one in swept}
    _labels(paper, places, named, {one.name: _short(one, known) for one in others})
    for one in found:
        known.mark(paper, *places[one.name], one, title=_title(one))
    model = words.model(swept[0].settings["model"])
    alike = words.setting("latent_dim", evidence.base["latent_dim"])
    told = RULE.format(f"{evidence.base['architecture']}, {alike}", model)
    alt = f"{NAME}: {'; '.join(map(_title, found))}."
    id = f"likelihoods{evidence.suffix(dataset)}"
    drawn = Chart(id=id, alt=alt, svg=paper.svg(), is_wide=True)
    return FrontChart(chart=drawn, front=f"{told}{f' {OF_CURVE}' if curve else ''}", name=f"{NAME}{where}")


def _title(one: Configuration) -> str:
    rate, error = chart_front.place(one)
    return f"{one.name}: {words.number(RATE, rate, unit=True)}, MSE {words.number(DISTORTION, error)}"


def _short(one: Configuration, known: looks.Looks) -> str:
    """Model and own options: all have the rest in common."""
    return ", ".join([words.model(one.settings["model"]), *known.short(one).split(", ")[1:]])


def _labels(
    paper: Paper,
    places: Mapping[str, tuple[float, float]],
    above: Mapping[str, str],
    below: Mapping[str, str],
) -> None:
    """Each over or under its mark, within the chart, and none on another."""
    named = [(places[name], label, -8) for name, label in above.items()]
    named += [(places[name], label, 14) for name, label in below.items()]
    texts = [shortened(label, WIDTH - LEFT, 8.5) for _, label, _ in named]
    spans = [_span(x, ROOM * width_of(text, 8.5)) for ((x, _), _, _), text in zip(named, texts, strict=True)]
    ys = clear([y + off for (_, y), _, off in named], spans, 10, TOP + 8, HEIGHT - BOTTOM)
    for text, (left, right), y in zip(texts, spans, ys, strict=True):
        paper.text((left + right) / 2, y, text, anchor="middle", size=8.5, has_halo=True)


def _span(x: float, width: float) -> tuple[float, float]:
    """From where to where a label of that width goes: about its mark, or as near as the chart has room."""
    left = min(max(x - width / 2, LEFT), max(WIDTH - width, LEFT))
    return left, left + width
