"""What each setting does: for every axis charts, a sentence and a table."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench.ask import schedules
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.blocks.section import Blocks, Figure, Fold, Heading, Text, text
from bench.report.blocks.table import Table
from bench.report.evidence import Configuration, Evidence, comparisons
from bench.report.findings import about_pca, about_settings, influence
from bench.report.sections import chart_effect, chart_forest, chart_ranges, shares, sheets
from bench.report.sections.chart_effect import Reference

_TEXT = "One setting changes along each chart; everything else is held equal along a line or among marks."
_RANGES = (
    "The mean change against the most common value of a setting with all else equal, from its lowest to its "
    "highest: of the MSE in % of that value's, of an accuracy in percentage points."
)
_CAPTION = "First, how close reconstructions are; then, how well the code tells classes apart."
_NONE = (
    "No two configurations differ in one setting only, model and architecture apart, so no effect can be "
    "told."
)
_BARS = "Bars are 95 % intervals over seeds."
_ONE_SEED = "One seed: a small step may be chance."
MOST_LINES, MANY_LINES, FEW_LINES = 8, 30, 3
"""Lines in one chart; of many more than that a few are drawn, and what all others span."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Effect:
    """What one setting does."""

    id: str
    dataset: str
    axis: str
    title: str
    finding: Finding | None
    note: str
    charts: tuple[Chart, ...]
    main: Table | None
    table: Table


def section(evidence: Evidence, shown: str) -> Blocks:
    """Which setting to change, how far all move measures, then what each does; `shown`: of which backend."""
    forests = [_forest(evidence, dataset) for dataset in evidence.datasets]
    ranges = [block for dataset in evidence.datasets for block in _ranges(evidence, dataset)]
    told = [_fold(evidence, one) for one in effects(evidence)]
    if not told and not ranges:
        return (text(_NONE),)
    each = (Heading(text="Each setting by itself"), *told)
    return (
        *((text(shown),) if shown else ()),
        *(block for one in forests for block in one),
        *ranges,
        *(each if told else ()),
    )


def _forest(evidence: Evidence, dataset: str) -> Blocks:
    drawn = chart_forest.draw(evidence, dataset)
    if drawn is None:
        return ()
    advice = chart_forest.advice(evidence, dataset)
    return (
        *(
            (Text(lead=f"What lowers the error most{finding.on(evidence, dataset)}.", text=advice),)
            if advice
            else ()
        ),
        Figure(charts=(drawn,), caption=chart_forest.caption(evidence, dataset)),
    )


def _ranges(evidence: Evidence, dataset: str) -> Blocks:
    """Bars, and behind folds the numbers and the shares of what varies."""
    bars = chart_ranges.draw(evidence, dataset)
    table, parts = influence.range_table(evidence, dataset), shares.table(evidence, dataset)
    figure = (Figure(charts=(bars,), caption=_RANGES),) if bars else ()
    if table is None:
        return figure
    title = "How far each setting moves a measure, from its lowest change to its highest"
    folds = [Fold(title=title, blocks=(*figure, table))]
    if parts is not None:
        folds.append(Fold(title="Which setting has which share of what varies", blocks=(parts,)))
    return tuple(folds)


def _fold(evidence: Evidence, one: Effect) -> Fold:
    """What a setting does, in a line; charts and numbers behind it."""
    bars = _BARS if evidence.has_intervals else _ONE_SEED
    found = one.finding
    return Fold(
        title=_line(evidence, one) or (found.lead.removesuffix(".") if found else one.title),
        blocks=(
            *((Text(lead=found.lead, text=found.text),) if found else ()),
            Figure(
                charts=one.charts,
                caption=text(_TEXT, _CAPTION * (len(one.charts) > 1), bars, one.note).text,
            ),
            *((one.main,) if one.main else ()),
            one.table,
        ),
    )


def _line(evidence: Evidence, one: Effect) -> str:
    """What it does to the MSE of each model, where that is told from nothing."""
    part = evidence.about(one.dataset)
    said = chart_forest.line(chart_forest.changes(part), one.axis)
    return f"{one.title}: MSE of {said}" if said else ""


def effects(evidence: Evidence) -> list[Effect]:
    """Of each data set by itself; a line of one name looks the same in every chart."""
    found = [
        (evidence.suffix(dataset), evidence.about(dataset), finding.on(evidence, dataset), sweep)
        for dataset in evidence.datasets
        for sweep in comparisons.sweeps(evidence.about(dataset))
    ]
    labels = dict.fromkeys(line.style for *_, sweep in found for line in _drawn(sweep))
    styles = {label: index for index, label in enumerate(labels)}
    return [_effect(part, sweep, styles, suffix, where) for suffix, part, where, sweep in found]


def _drawn(sweep: comparisons.Sweep) -> tuple[comparisons.Line, ...]:
    """Those nearest to the base."""
    return sweep.lines[: MOST_LINES if len(sweep.lines) <= MANY_LINES else FEW_LINES]


def _effect(
    evidence: Evidence, sweep: comparisons.Sweep, styles: chart_effect.Styles, suffix: str, where: str
) -> Effect:
    lines = _drawn(sweep)
    others = sweep.lines[len(lines) :] if len(sweep.lines) > MANY_LINES else ()
    drawn = _baselines(evidence, sweep, lines)
    charts = [
        chart_effect.effect(
            _id(sweep, metric, suffix),
            sweep,
            metric,
            lines,
            styles,
            [one for each in drawn if (one := _reference(each, sweep, metric))],
            others,
        )
        for metric in sweep.metrics
        if any(point.values(metric) for line in lines for point in line.points)
    ]
    return Effect(
        id=f"{sweep.axis}{suffix}",
        dataset=str(lines[0].points[0].settings["dataset"]),
        axis=sweep.axis,
        title=words.capital(words.axis(sweep.axis)) + where,
        finding=about_settings.along_axis(sweep),
        note=_effect_note(sweep, lines, {one.settings["model"] for each in drawn for one in each.values()}),
        charts=tuple(charts),
        main=influence.effect_table(sweep, evidence.base, suffix),
        table=sheets.sweep(sweep, [one for each in drawn for one in each.values()], suffix),
    )


def _id(sweep: comparisons.Sweep, metric: str, suffix: str) -> str:
    return f"effect-{sweep.axis}-{metric.removeprefix('test_').removeprefix('latent_')}{suffix}"


def _effect_note(sweep: comparisons.Sweep, lines: Sequence[comparisons.Line], drawn: set[str]) -> str:
    text = ""
    if len(sweep.lines) > len(lines):
        text = f"{len(lines)} of {len(sweep.lines)} lines are drawn, those nearest to the base. "
    if len(sweep.lines) > MANY_LINES:
        text += "The grey band spans all others. "
    if sweep.axis == "loss":
        text += "SSIM, because a squared error favours the model that was trained on it. "
    if sweep.axis == "epochs" and all(_goes_on(point) for line in sweep.lines for point in line.points):
        text += (
            "The epoch with the best validation loss is kept, so more epochs can only help on validation. "
        )
    if "pca" in drawn and any(map(_pays, lines)):
        text += f"{about_pca.NO_LINE_TO_BEAT} "
    if "linear_vae" in drawn:
        text += "The linear VAE is the linear optimum of the same objective, in closed form. "
    return text.strip()


def _goes_on(one: Configuration) -> bool:
    """Whether a longer training begins as a shorter one, and the best epoch of both is kept."""
    return one.settings["keep"] == "best" and one.settings["schedule"] != schedules.COSINE


def _pays(line: comparisons.Line) -> bool:
    """Whether its codes cost nats."""
    return any(point.values("test_kl") for point in line.points)


def _baselines(
    evidence: Evidence, sweep: comparisons.Sweep, lines: Sequence[comparisons.Line]
) -> list[dict[Any, Configuration]]:
    """By value: PCA where codes are free, and the linear optimum of the same objective where they are not.

    PCA along the latent size; along another axis, PCA with the latent size all lines share. The linear
    optimum where it is one for all lines that pay for their codes.
    """
    latent_sizes = {point.settings["latent_dim"] for line in lines for point in line.points}
    is_latent = sweep.axis == "latent_dim"
    if len(evidence.datasets) != 1 or not (is_latent or len(latent_sizes) == 1):
        return []
    paid = [line for line in lines if _pays(line)]
    found = []
    if len(paid) < len(lines):
        sizes = {value: value if is_latent else min(latent_sizes) for value in sweep.values}
        found.append(
            {value: evidence.baseline(evidence.datasets[0], "pca", size) for value, size in sizes.items()}
        )
    optima: dict[Any, list[Configuration | None]] = {value: [] for value in sweep.values}
    for point in (point for line in paid for point in line.points):
        optima[point.settings[sweep.axis]].append(evidence.linear(point))
    found.append({v: each[0] for v, each in optima.items() if each and all(one is each[0] for one in each)})
    known = ({value: one for value, one in each.items() if one is not None} for each in found)
    return [each for each in known if each]


def _reference(
    baselines: Mapping[Any, Configuration], sweep: comparisons.Sweep, metric: str
) -> Reference | None:
    """What the chart of one measure draws of them."""
    levels = {value: pca.mean(metric) for value, pca in baselines.items()}
    points = {value: words.scale(metric) * level for value, level in levels.items() if level is not None}
    if not points:
        return None
    first = next(iter(baselines.values()))
    label = first.family if len({one.name for one in baselines.values()}) > 1 else first.name
    return Reference(label=label, points=points)
