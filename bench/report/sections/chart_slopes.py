"""How far images drift from real ones: reconstructed, drawn from densities of codes, drawn from the prior."""

from collections.abc import Iterable, Mapping, Sequence

from bench.measures import generation
from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import LINES, Paper, Scale, apart, scale, shortened
from bench.report.evidence import Configuration, Evidence, floors
from bench.report.evidence.floors import MIXTURE, PRIOR, RECONSTRUCTED
from bench.report.sections import looks

FITTED = {f"frechet_{source}": source for source in generation.FITTED}
STEPS = {RECONSTRUCTED: "reconstructed", MIXTURE: "mixture", **FITTED, PRIOR: "prior"}
MOST_LINES = 30
"""That are drawn one by one; of more, what they span."""
MOST_MODELS, MOST_NAMED = 3, 4
WIDTH, HEIGHT, TOP, BOTTOM = 460, 250, 46, 24
LEFT, LABEL, LABEL_GAP = 40, 120, 12
NARROW, BRIEF = 70, {RECONSTRUCTED: "rec.", MIXTURE: "mix.", PRIOR: "prior"}
"""Room for names, and words under the steps, where panels are three: of five steps there is no room."""
BRIEFER = {**BRIEF, "frechet_gaussian": "gauss.", "frechet_kernel": "kern."}
"""Words under five steps of one of two panels."""
RULE = (
    "Each line is a configuration: the Frechet distance of its reconstructions, of samples from a mixture of "
    "its codes, {}and of samples from its prior. Named are the base of each architecture, and the nearest by "
    "mixture and by prior."
)
OF_FITTED = "from one Gaussian and from kernels, "
BAND = "The band spans all {} of a model."
OF_FLOOR = "1 is the floor: training images in the place of samples, at {}."


@drawn
def draw(evidence: Evidence, dataset: str) -> Chart | None:
    """A panel a model; None where not two of the three were measured of any."""
    ones = [one for one in evidence.about(dataset).configurations if len(steps(one)) > 1]
    if not ones:
        return None
    level = floors.floor(evidence, dataset, MIXTURE) or 0.0
    unit = level if level > 0 else 1.0
    panels, names = _panels(ones), _names(ones)
    paper = Paper(width=WIDTH, height=HEIGHT)
    values = [value / unit for one in ones for value in steps(one, names).values()]
    places = scale([*values, *([1.0] if level > 0 else [])], HEIGHT - BOTTOM, TOP, is_log=True)
    _head(paper, places, level, finding.on(evidence, dataset))
    width = (WIDTH - LEFT) / len(panels)
    named = {one.name for each in panels.values() for one in _named(evidence, each)}
    known = looks.of(evidence.about(dataset).configurations)
    for i, (model, each) in enumerate(panels.items()):
        start = LEFT + i * width
        paper.text(start, 32, words.model(model), color=known.color(each[0]), is_bold=True)
        is_each = len(ones) <= MOST_LINES
        _panel(paper, places, each, names, named, unit, (start, start + width), known, is_each)
    told = [one for each in panels.values() for one in each if one.name in named]
    id = f"slopes{evidence.suffix(dataset)}"
    return Chart(id=id, alt=_told(told, names, len(ones), level), svg=paper.svg(), is_wide=True)


def rule(evidence: Evidence, dataset: str) -> str:
    """What is drawn, and by which rule it was chosen."""
    ones = [one for one in evidence.about(dataset).configurations if len(steps(one)) > 1]
    level = floors.floor(evidence, dataset, MIXTURE)
    fitted = OF_FITTED if FITTED.keys() & set(_names(ones)) else ""
    parts = [RULE.format(fitted), OF_FLOOR.format(words.number(MIXTURE, level)) if level else ""]
    if len(ones) > MOST_LINES:
        parts.append(BAND.format("configurations"))
    models = {one.settings["model"] for one in ones}
    if len(models) > MOST_MODELS:
        parts.append(f"{MOST_MODELS} of {len(models)} models are drawn, those of the nearest samples.")
    return " ".join(filter(None, parts))


def _names(ones: Sequence[Configuration]) -> tuple[str, ...]:
    """The steps that are drawn: fitted densities where they were measured, and panels leave them room."""
    models = {one.settings["model"] for one in ones}
    has_room = len(models) < MOST_MODELS and any(one.values(name) for one in ones for name in FITTED)
    return tuple(name for name in STEPS if has_room or name not in FITTED)


def steps(one: Configuration, names: Iterable[str] = tuple(STEPS)) -> dict[str, float]:
    """The distances that it has, of means over seeds, reconstructions first."""
    found = {name: one.mean(name) for name in names}
    return {name: value for name, value in found.items() if value is not None and value > 0}


def _nearest(ones: Iterable[Configuration], name: str) -> Configuration | None:
    known = [one for one in ones if steps(one).get(name)]
    return min(known, key=lambda one: steps(one)[name]) if known else None


def _panels(ones: Sequence[Configuration]) -> dict[str, list[Configuration]]:
    """By model; of many those with the nearest samples."""
    found: dict[str, list[Configuration]] = {}
    for one in ones:
        found.setdefault(str(one.settings["model"]), []).append(one)
    nearest = {model: min(v for one in each for v in steps(one).values()) for model, each in found.items()}
    kept = sorted(found, key=lambda model: nearest[model])[:MOST_MODELS]
    return {model: each for model, each in found.items() if model in kept}


def _named(evidence: Evidence, ones: Sequence[Configuration]) -> list[Configuration]:
    """Of each architecture that nearest to the base, and the best two ways of drawing codes."""
    bases: dict[str, Configuration] = {}
    for one in sorted(ones, key=lambda one: _distance(one, evidence.base)):
        bases.setdefault(str(one.settings["architecture"]), one)
    best = (_nearest(ones, name) for name in (MIXTURE, PRIOR))
    chosen = [*(one for one in best if one is not None), *bases.values()]
    return list({one.name: one for one in chosen}.values())[:MOST_NAMED]


def _distance(one: Configuration, base: Mapping[str, object]) -> int:
    ignored = ("model", "architecture")
    return sum(value != base.get(name) for name, value in one.settings.items() if name not in ignored)


def _head(paper: Paper, places: Scale, level: float, where: str) -> None:
    unit = "multiples of the floor" if level > 0 else "lower is better"
    paper.text(0, 12, f"Frechet distance to test images{where}, {unit} (log axis)", is_bold=True, size=11)
    for tick in places.ticks(LINES):
        y = places(tick)
        paper.line((LEFT - 4, y), (WIDTH, y), color=theme.FAINT)
        paper.text(LEFT - 8, y + 3, f"{tick:,.6g}", color=theme.MUTED, anchor="end")
    if level > 0:
        paper.line((LEFT - 4, places(1)), (WIDTH, places(1)), color=theme.INK, dashes="4 2")


def _panel(
    paper: Paper,
    places: Scale,
    ones: Sequence[Configuration],
    names: Sequence[str],
    named: set[str],
    unit: float,
    ends: tuple[float, float],
    known: looks.Looks,
    is_each: bool,
) -> None:
    start, end = ends
    is_narrow = end - start < 2 * LABEL
    room = NARROW if is_narrow else LABEL
    xs = dict(zip(names, _across(start, end - room, len(names)), strict=True))
    is_brief = is_narrow or len(names) > len(BRIEF)
    for name, x in xs.items():
        x -= 16 if name == RECONSTRUCTED and not is_brief else 0  # a long word
        known_words = BRIEFER if is_narrow else BRIEF if is_brief else STEPS
        step = known_words.get(name, STEPS[name])
        paper.text(x, HEIGHT - BOTTOM + 14, step, color=theme.MUTED, anchor="middle", size=8.5)
    color = known.color(ones[0])
    if not is_each:
        _band(paper, places, ones, xs, unit, color)
    chosen = [one for one in ones if one.name in named]
    for one in ones:
        if is_each or one in chosen:
            line = [(xs[name], places(value / unit)) for name, value in steps(one, names).items()]
            width, opacity = (1.8, 1.0) if one in chosen else (0.8, 0.5)
            paper.line(*line, color=color, width=width, opacity=opacity)
    for one in chosen:
        for name, value in steps(one, names).items():
            known.mark(paper, xs[name], places(value / unit), one, title=one.name)
    last = {one.name: places([*steps(one, names).values()][-1] / unit) for one in chosen}
    _labels(paper, chosen, last, (end - room + LABEL_GAP, end), known)


def _across(start: float, last: float, count: int) -> list[float]:
    first = start + (22 if last - start > LABEL else 8)
    return [first + i * (last - first) / (count - 1) for i in range(count)]


def _band(
    paper: Paper,
    places: Scale,
    ones: Sequence[Configuration],
    xs: Mapping[str, float],
    unit: float,
    color: str,
) -> None:
    """From the lowest to the highest at each step."""
    spans = {name: [steps(one, xs)[name] / unit for one in ones if name in steps(one, xs)] for name in xs}
    known = [(xs[name], places(min(each)), places(max(each))) for name, each in spans.items() if each]
    lows, highs = [(x, low) for x, low, _ in known], [(x, high) for x, _, high in known]
    if len(known) > 1:
        paper.area([*lows, *reversed(highs)], color=color)


def _labels(
    paper: Paper,
    ones: Sequence[Configuration],
    last: Mapping[str, float],
    within: tuple[float, float],
    known: looks.Looks,
) -> None:
    """At the ends of lines, whose heights are given by name, without what all have."""
    x, end = within
    ends = [last[one.name] for one in ones]
    for one, y in zip(ones, apart(ends, 11, TOP, HEIGHT - BOTTOM), strict=True):
        paper.line((x - LABEL_GAP, last[one.name]), (x - 2, y), color=theme.MUTED, width=0.6)
        paper.text(x, y + 3, shortened(known.short(one), end - x, 8.5), size=8.5, title=one.name)


def _told(ones: Sequence[Configuration], names: Sequence[str], total: int, level: float) -> str:
    """The named lines from their first step to their last."""
    told = "; ".join(
        f"{one.name}: "
        + ", ".join(f"{STEPS[name]} {words.number(name, value)}" for name, value in steps(one, names).items())
        for one in ones
    )
    end = f"; training images {words.number(MIXTURE, level)}" if level else ""
    counted = words.count(total, "configuration")
    return f"Frechet distance to test images of {counted}, of which {len(ones)} are named: {told}{end}."
