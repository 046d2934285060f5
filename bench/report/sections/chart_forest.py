"""Which setting to change: what each value does to the error of each model, the base held against it."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench import statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, shortened, width_of
from bench.report.blocks.forest import BOTTOM, ROW, TOP, Mark, panel
from bench.report.blocks.table import Cell, Column, Row, Table
from bench.report.evidence import Configuration, Evidence, comparisons
from bench.report.findings import influence
from bench.report.findings.influence import MainEffect
from bench.report.sections import looks
from bench.statistics import Comparison

MEASURE = "test_mse"
MOST_MODELS, MOST_ROWS, MOST_ADVISED = 3, 30, 4
WIDTH, MOST_LABEL, GAP = 460, 150, 10
CAPTION = (
    "Change of the MSE against the base with all else equal, mean over lines that have both, with its 95 % "
    "interval over seeds. Hollow and grey: not told from no change, after Holm over all marks. Equal lengths "
    "are equal factors."
)
OF_LOSS = "Another loss is another aim."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """A value of a setting against the one that it stands beside, of each model that has both."""

    axis: str
    value: Any
    standard: Any
    effects: Mapping[str, MainEffect]

    @property
    def label(self) -> str:
        """`latent 64`, `conv`, `learning rate 0.003`."""
        return words.setting(self.axis, self.value)

    @property
    def size(self) -> float:
        """The largest change of a model, either way."""
        return max(abs(one.comparison.difference.mean or 0.0) for one in self.effects.values())


@drawn
def draw(evidence: Evidence, dataset: str) -> Chart | None:
    """A row a value of a setting, the largest change first; None where nothing can be compared by ratios."""
    part = evidence.about(dataset)
    found = changes(part)
    if not found:
        return None
    models = _models(part, found)
    shown = [one for one in found if set(models) & one.effects.keys()][:MOST_ROWS]
    id = f"forest{evidence.suffix(dataset)}"
    left = min(MOST_LABEL, max(width_of(one.label) for one in shown)) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(shown) + BOTTOM)
    where = finding.on(evidence, dataset)
    after = comparisons.after(part.configurations)
    paper.text(0, 12, f"Change of the MSE{after} by one setting, % (log axis){where}", is_bold=True, size=11)
    for i, one in enumerate(shown):
        y = TOP + ROW * (i + 0.5) + SIZE * 0.36
        paper.text(0, y, shortened(one.label, left), title=f"{one.label} against {_standard(one)}")
    width = (WIDTH - left - GAP * (len(models) - 1)) / len(models)
    every = [mark for each in shown for one in each.effects.values() if (mark := _mark(one))]
    for i, model in enumerate(models):
        start = left + i * (width + GAP)
        color = looks.of(part.configurations).color(_any_of(part, model))
        marks = [_mark(one.effects.get(model)) for one in shown]
        panel(paper, marks, every, start=start, width=width, title=words.model(model), color=color)
    return Chart(id=id, alt=_told(shown, models), svg=paper.svg(), data=_numbers(found, id), is_wide=True)


def caption(evidence: Evidence, dataset: str) -> str:
    """What is drawn, and what of it is left out."""
    found = changes(evidence.about(dataset))
    models = dict.fromkeys(model for one in found for model in one.effects)
    against = "; ".join(
        f"{words.axis(axis)} {words.value_text(standard)}"
        for axis, standard in {one.axis: one.standard for one in found}.items()
    )
    more = [
        OF_LOSS if any(one.axis == "loss" for one in found) else "",
        f"{MOST_ROWS} of {len(found)} rows are drawn." if len(found) > MOST_ROWS else "",
        f"{MOST_MODELS} of {len(models)} models are drawn." if len(models) > MOST_MODELS else "",
        "One seed: no interval can be given." if not evidence.has_intervals else "",
    ]
    return " ".join(filter(None, (CAPTION, *more, f"The base: {against}.")))


def changes(part: Evidence) -> list[Change]:
    """Of every setting and value, the largest first, told after Holm over all of them."""
    found: dict[tuple[str, Any, Any], dict[str, MainEffect]] = {}
    for axis, lines in influence.settings(part).items():
        if axis == "model":
            continue
        standard = influence.reference(lines, axis, part.base)
        for model in dict.fromkeys(str(line[0].settings["model"]) for line in lines):
            of_model = [line for line in lines if line[0].settings["model"] == model]
            if standard != influence.reference(of_model, axis, {axis: standard}):
                continue  # this model knows the setting at other values alone
            for one in influence.main_effects(of_model, axis, {axis: standard}, (MEASURE,)):
                if one.comparison.is_ratio and one.comparison.difference.mean is not None:
                    found.setdefault((axis, one.value, standard), {})[model] = one
    every = [
        Change(axis=axis, value=value, standard=standard, effects=effects)
        for (axis, value, standard), effects in _adjusted(found).items()
    ]
    return sorted(every, key=lambda one: -one.size)


def line(found: Sequence[Change], axis: str) -> str:
    """What one setting does to each model, as far as it is told; empty where nothing is.

    `AE -22 % at 64 to +145 % at 2; VAE +7.6 % at 64, against 16`.
    """
    mine = [one for one in found if one.axis == axis]
    parts = []
    for model in dict.fromkeys(model for one in mine for model in one.effects):
        having = [(one.effects[model], one.value) for one in mine if model in one.effects]
        sure = [(effect.comparison, value) for effect, value in having if effect.is_sure]
        if sure:
            ends = sorted(sure, key=lambda each: each[0].difference.mean or 0.0)
            kept = ends if len(ends) == 1 else [ends[0], ends[-1]]
            parts.append(f"{words.model(model)} {' to '.join(_end(one, value) for one, value in kept)}")
    return f"{'; '.join(parts)}, against {words.value_text(mine[0].standard)}" if parts else ""


def advice(evidence: Evidence, dataset: str) -> str:
    """Which setting lowers the error of each model most, of those that are told; empty where none is.

    Another loss is another aim, and so is another weight of its terms: neither is the answer.
    """
    aims = {"loss", *evidence.own_options("model")}
    found = [one for one in changes(evidence.about(dataset)) if one.axis not in aims]
    models = dict.fromkeys(model for one in found for model in one.effects)
    best = {model: one for model in models if (one := _best(found, model)) is not None}
    if not best:
        return ""
    parts = [
        f"{words.model(model)}: {one.label} in place of {_standard(one)}, "
        + words.difference(MEASURE, one.effects[model].comparison)
        for model, one in best.items()
    ]
    more = f"; and {len(parts) - MOST_ADVISED} more models" if len(parts) > MOST_ADVISED else ""
    without = [words.model(model) for model in models if model not in best]
    rest = f" For {words.listing(without)} no change is told to lower it." if without else ""
    return f"{'; '.join(parts[:MOST_ADVISED])}{more}.{rest}"


def _best(found: Sequence[Change], model: str) -> Change | None:
    """What lowers the error of a model most and beyond chance."""
    sure = [one for one in found if model in one.effects and one.effects[model].is_sure]
    lower = [one for one in sure if (one.effects[model].comparison.difference.mean or 0.0) < 0]
    return min(lower, key=lambda one: one.effects[model].comparison.difference.mean or 0.0, default=None)


def _end(found: Comparison, value: Any) -> str:
    with_ = "with" if isinstance(value, str) else "at"
    return f"{words.change(found.difference.mean or 0.0)} {with_} {words.value_text(value)}"


def _adjusted(
    found: Mapping[tuple[str, Any, Any], Mapping[str, MainEffect]],
) -> dict[tuple[str, Any, Any], dict[str, MainEffect]]:
    """The same with p-values after Holm over all of them."""
    places = [(key, model) for key, effects in found.items() for model in effects]
    adjusted = statistics.holm([found[key][model].comparison.p for key, model in places])
    told: dict[tuple[str, Any, Any], dict[str, MainEffect]] = {}
    for (key, model), p in zip(places, adjusted, strict=True):
        told.setdefault(key, {})[model] = dataclasses.replace(found[key][model], p=p)
    return told


def _models(part: Evidence, found: Sequence[Change]) -> list[str]:
    """Those with the most rows, in the order of the run."""
    known = dict.fromkeys(str(one.settings["model"]) for one in part.configurations)
    rows = {model: sum(model in one.effects for one in found) for model in known}
    kept = sorted((model for model in known if rows[model]), key=lambda model: -rows[model])[:MOST_MODELS]
    return [model for model in known if model in kept]


def _any_of(part: Evidence, model: str) -> Configuration:
    return next(one for one in part.configurations if one.settings["model"] == model)


def _mark(one: MainEffect | None) -> Mark | None:
    return None if one is None else Mark(comparison=one.comparison, p=one.p)


def _standard(one: Change) -> str:
    return words.setting(one.axis, one.standard)


def _told(shown: Sequence[Change], models: Sequence[str]) -> str:
    """The first row and the last, for those who cannot see it."""
    ends = shown if len(shown) == 1 else (shown[0], shown[-1])
    rows = "; ".join(
        f"{one.label} against {_standard(one)} "
        + words.listing(
            f"{words.model(model)} {words.difference(MEASURE, one.effects[model].comparison)}"
            for model in models
            if model in one.effects
        )
        for one in ends
    )
    told = [one for each in shown for one in each.effects.values() if one.is_sure]
    marks = sum(len(each.effects) for each in shown)
    return (
        f"Change of the MSE by one setting, {words.count(len(shown), 'row')}, largest first, from {rows}. "
        f"{len(told)} of {words.count(marks, 'change')} told from none."
    )


def _numbers(found: Sequence[Change], id: str) -> Table:
    models = list(dict.fromkeys(model for one in found for model in one.effects))
    columns = [Column(label=label, is_number=False) for label in ("Change", "Against")]
    for model in models:
        columns += [Column(label=f"{words.model(model)}: {label}") for label in ("MSE", "p, Holm")]
    return Table(
        id=f"table-{id}",
        caption="What one setting changes, largest first",
        columns=tuple(columns),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=one.label),
                    Cell(text=_standard(one)),
                    *(cell for model in models for cell in _cells(one.effects.get(model))),
                )
            )
            for one in found
        ),
    )


def _cells(one: MainEffect | None) -> tuple[Cell, Cell]:
    if one is None:
        return Cell(text=words.NONE), Cell(text=words.NONE)
    mean = one.comparison.difference.mean
    text = words.difference(MEASURE, one.comparison)
    return Cell(text=text, order=mean), Cell(text=words.p_value(one.p), order=one.p)
