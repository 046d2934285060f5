"""How validation losses fell: a panel an objective, few named lines with their seeds, the others' span."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from bench.keeping.result import History
from bench.report import words
from bench.report.blocks import curves, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import LINES, Paper, Scale, apart, scale, shortened
from bench.report.blocks.table import Cell, Column, Row, Table
from bench.report.evidence import Configuration, Evidence, comparisons
from bench.report.sections import looks
from bench.report.sections.looks import Looks

MOST_PANELS, MOST_LINES = 4, 4
WIDTH, HEIGHT, TOP, BOTTOM = 200, 150, 34, 30
LEFT, LABEL = 30, 80
RULE = (
    "Validation loss by epoch, a panel a training objective, since losses compare within one alone (a sum "
    "over pixels, plus β times KL for a VAE). Named are the base of each architecture and the lowest; a band "
    "spans the seeds of a line, the grey one all others."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fall:
    """Of a configuration mean, lowest and highest validation loss over seeds, by epoch."""

    one: Configuration
    means: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def draw(evidence: Evidence) -> tuple[Chart, ...]:
    """One of each objective, of those with the most configurations; none where no loss was watched."""
    known = looks.of(evidence.configurations)
    return tuple(
        _panel(evidence, title, falls, known, f"losses-{i + 1}")
        for i, (title, falls) in enumerate(_panels(evidence).items())
    )


def rule(evidence: Evidence) -> str:
    """What is drawn, and how many objectives are not."""
    count = len(_by_objective(evidence))
    more = f" {MOST_PANELS} of {count} objectives are drawn, those of the most configurations."
    return RULE + (more if count > MOST_PANELS else "")


def _by_objective(evidence: Evidence) -> dict[object, list[Configuration]]:
    found: dict[object, list[Configuration]] = {}
    for one in evidence.configurations:
        found.setdefault((one.settings["dataset"], one.objective), []).append(one)
    return found


def _panels(evidence: Evidence) -> dict[str, list[Fall]]:
    """By title, the largest first."""
    groups = sorted(_by_objective(evidence).values(), key=len, reverse=True)[:MOST_PANELS]
    found = {
        _title(evidence, ones): [fall for one in ones if (fall := _fall(evidence, one))] for ones in groups
    }
    return {title: falls for title, falls in found.items() if falls}


def _title(evidence: Evidence, ones: Sequence[Configuration]) -> str:
    """`VAE, BCE loss, β 4`: what an objective has of its own."""
    settings = ones[0].settings
    own = evidence.own_options("model")
    parts = [words.model(settings["model"])]
    for name, value in settings.items():
        same = all(one.settings.get(name) == value for one in ones)
        if name in ("loss", *own) and same and value != evidence.base.get(name):
            parts.append(words.setting(name, value))
    if len(evidence.datasets) > 1:
        parts.append(words.dataset(settings["dataset"]))
    return ", ".join(parts)


def _fall(evidence: Evidence, one: Configuration) -> Fall | None:
    histories = [curves.first_stage(evidence.folder.history(each.unit)) for each in one.results]
    watched = [_losses(history) for history in histories if history and curves.is_watched(history)]
    epochs = list(zip(*watched, strict=False)) if watched else []
    if not epochs or not all(math.isfinite(value) for values in epochs for value in values):
        return None
    return Fall(
        one=one,
        means=tuple(math.fsum(values) / len(values) for values in epochs),
        lows=tuple(map(min, epochs)),
        highs=tuple(map(max, epochs)),
    )


def _losses(history: History) -> list[float]:
    return [row["val_loss"] for row in history]


def _named(evidence: Evidence, falls: Sequence[Fall]) -> list[Fall]:
    """Of each architecture that nearest to the base, and the lowest of all."""
    bases: dict[str, Fall] = {}
    for fall in sorted(falls, key=lambda fall: _distance(fall.one, evidence.base)):
        bases.setdefault(str(fall.one.settings["architecture"]), fall)
    picks = comparisons.picks(fall.one for fall in falls)
    lowest = [fall for fall in falls if fall.one in picks]
    return list({fall.one.name: fall for fall in (*lowest, *bases.values())}.values())[:MOST_LINES]


def _distance(one: Configuration, base: Mapping[str, object]) -> int:
    ignored = ("model", "architecture", "loss", "beta")
    return sum(value != base.get(name) for name, value in one.settings.items() if name not in ignored)


@drawn
def _panel(evidence: Evidence, title: str, falls: Sequence[Fall], known: Looks, id: str) -> Chart:
    paper = Paper(width=WIDTH, height=HEIGHT)
    named = _named(evidence, falls)
    others = [fall for fall in falls if fall not in named]
    values = [value for fall in falls for ends in (fall.lows, fall.highs) for value in ends]
    up = scale(values, HEIGHT - BOTTOM, TOP, is_log=min(values) > 0)
    epochs = max(len(fall.means) for fall in falls)
    across = Scale(low=1, high=max(epochs, 2), start=LEFT, end=WIDTH - LABEL)
    log = ", log axis" if up.is_log else ""
    paper.text(0, 12, shortened(title, WIDTH, 11), is_bold=True, size=11)
    paper.text(0, 26, f"validation loss{log}", color=theme.MUTED, size=8.5)
    _axes(paper, across, up)
    _others(paper, others, across, up)
    for fall in named:
        _line(paper, fall, across, up, known)
    ends = [up(fall.means[-1]) for fall in named]
    for fall, y in zip(named, apart(ends, 11, TOP, HEIGHT - BOTTOM), strict=True):
        text = shortened(known.short(fall.one), LABEL - 8, 8.5)
        x = across.end + 8
        paper.line((across(len(fall.means)), up(fall.means[-1])), (x - 2, y), color=theme.MUTED, width=0.6)
        paper.text(x, y + 3, text, size=8.5, title=fall.one.name)
    return Chart(id=id, alt=_told(title, named), svg=paper.svg(), data=_numbers(title, named, id))


def _axes(paper: Paper, across: Scale, up: Scale) -> None:
    for tick in up.ticks(LINES):
        paper.line((across.start, up(tick)), (across.end, up(tick)), color=theme.FAINT)
        paper.text(across.start - 4, up(tick) + 3, f"{tick:,.6g}", color=theme.MUTED, anchor="end", size=8.5)
    found = (round(tick) for tick in across.ticks(20) if tick == round(tick))
    ticks = [1, *(tick for tick in found if across(tick) - across.start >= 14)]
    for epoch in ticks:
        paper.text(across(epoch), up.start + 11, str(epoch), color=theme.MUTED, anchor="middle", size=8.5)
    middle = (across.start + across.end) / 2
    paper.text(middle, up.start + 22, "epoch", color=theme.MUTED, anchor="middle", size=8.5)


def _others(paper: Paper, others: Sequence[Fall], across: Scale, up: Scale) -> None:
    """What all that have no name span."""
    count = max((len(fall.means) for fall in others), default=0)
    if count < 2:
        return
    at = [[fall.means[i] for fall in others if i < len(fall.means)] for i in range(count)]
    lows = [(across(i + 1), up(min(values))) for i, values in enumerate(at)]
    highs = [(across(i + 1), up(max(values))) for i, values in enumerate(at)]
    paper.area([*lows, *reversed(highs)], color=theme.MUTED, opacity=0.15)


def _line(paper: Paper, fall: Fall, across: Scale, up: Scale, known: Looks) -> None:
    shown = sorted({*range(0, len(fall.means), max(1, len(fall.means) // 100)), len(fall.means) - 1})
    xs = [across(i + 1) for i in shown]
    color = known.color(fall.one)
    lows = [(x, up(fall.lows[i])) for x, i in zip(xs, shown, strict=True)]
    highs = [(x, up(fall.highs[i])) for x, i in zip(xs, shown, strict=True)]
    if len(shown) > 1 and len(fall.one.results) > 1:
        paper.area([*lows, *reversed(highs)], color=color, opacity=0.25)
    means = [(x, up(fall.means[i])) for x, i in zip(xs, shown, strict=True)]
    dashes = ("", "5 2", "2 2", "6 2 1 2")[known.shape(fall.one) % 4]
    if len(means) > 1:
        paper.line(*means, color=color, width=1.6, dashes=dashes)
    known.mark(paper, *means[-1], fall.one, title=fall.one.name)


def _told(title: str, named: Sequence[Fall]) -> str:
    parts = [
        f"{fall.one.name} from {fall.means[0]:.4g} in epoch 1 to {fall.means[-1]:.4g} in epoch "
        f"{len(fall.means)}"
        for fall in named
    ]
    return f"{title}: validation loss by epoch, means over seeds: {'; '.join(parts)}."


def _numbers(title: str, named: Sequence[Fall], id: str) -> Table:
    """Of each line by epoch mean, and the span of its seeds."""
    longest = max(len(fall.means) for fall in named)
    shown = sorted({*range(0, longest, max(1, longest // 50)), longest - 1})
    return Table(
        id=f"table-{id}",
        caption=f"{title}: validation loss by epoch, mean over seeds (lowest to highest)",
        columns=(
            Column(label="Epoch", is_number=False),
            *(Column(label=fall.one.name) for fall in named),
        ),
        rows=tuple(
            Row(cells=(Cell(text=str(i + 1), order=i + 1), *(_cell(fall, i) for fall in named)))
            for i in shown
        ),
    )


def _cell(fall: Fall, i: int) -> Cell:
    if i >= len(fall.means):
        return Cell(text=words.NONE)
    low, mean, high = (
        words.number("validation_loss", each[i]) for each in (fall.lows, fall.means, fall.highs)
    )
    span = f"{words.NBSP}({low}{words.NBSP}to{words.NBSP}{high})" if len(fall.one.results) > 1 else ""
    return Cell(text=f"{mean}{span}", order=fall.means[i])
