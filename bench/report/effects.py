"""What each setting does: for every axis charts, a sentence and a table."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench.ask import schedules
from bench.report import (
    comparisons,
    figures,
    finding,
    findings_pca,
    findings_settings,
    influence,
    sheets,
    words,
)
from bench.report.chart import Chart
from bench.report.evidence import Configuration, Evidence
from bench.report.figures import Reference
from bench.report.finding import Finding
from bench.report.table import Table

MOST_LINES = 8  # in one chart


@dataclasses.dataclass(frozen=True, kw_only=True)
class Effect:
    """What one setting does."""

    id: str
    title: str
    finding: Finding | None
    note: str
    charts: tuple[Chart, ...]
    main: Table | None
    table: Table


def effects(evidence: Evidence) -> list[Effect]:
    """Of each data set by itself; a line of one name looks the same in every chart."""
    found = [
        (sheets.suffix(evidence, dataset), evidence.about(dataset), finding.on(evidence, dataset), sweep)
        for dataset in evidence.datasets
        for sweep in comparisons.sweeps(evidence.about(dataset))
    ]
    labels = dict.fromkeys(line.style for *_, sweep in found for line in sweep.lines[:MOST_LINES])
    styles = {label: index for index, label in enumerate(labels)}
    return [_effect(part, sweep, styles, suffix, where) for suffix, part, where, sweep in found]


def _effect(
    evidence: Evidence, sweep: comparisons.Sweep, styles: figures.Styles, suffix: str, where: str
) -> Effect:
    lines = sweep.lines[:MOST_LINES]
    baselines = _baselines(evidence, sweep, lines)
    charts = [
        figures.effect(
            _id(sweep, metric, suffix), sweep, metric, lines, styles, _reference(baselines, sweep, metric)
        )
        for metric in sweep.metrics
        if any(point.values(metric) for line in lines for point in line.points)
    ]
    return Effect(
        id=f"{sweep.axis}{suffix}",
        title=words.capital(words.axis(sweep.axis)) + where,
        finding=findings_settings.along_axis(sweep),
        note=_effect_note(sweep, lines, bool(baselines)),
        charts=tuple(charts),
        main=influence.effect_table(sweep, evidence.base, suffix),
        table=sheets.sweep(sweep, baselines, suffix),
    )


def _id(sweep: comparisons.Sweep, metric: str, suffix: str) -> str:
    return f"effect-{sweep.axis}-{metric.removeprefix('test_').removeprefix('latent_')}{suffix}"


def _effect_note(sweep: comparisons.Sweep, lines: Sequence[comparisons.Line], has_pca: bool) -> str:
    text = ""
    if len(sweep.lines) > len(lines):
        text = f"{len(lines)} of {len(sweep.lines)} lines are drawn, those nearest to the base. "
    if sweep.axis == "loss":
        text += "SSIM, because a squared error favours the model that was trained on it. "
    if sweep.axis == "epochs" and all(_goes_on(point) for line in sweep.lines for point in line.points):
        text += (
            "The epoch with the best validation loss is kept, so more epochs can only help on validation. "
        )
    if has_pca and any(point.values("test_kl") for line in lines for point in line.points):
        text += findings_pca.NO_LINE_TO_BEAT
    return text.strip()


def _goes_on(one: Configuration) -> bool:
    """Whether a longer training begins as a shorter one, and the best epoch of both is kept."""
    return one.settings["keep"] == "best" and one.settings["schedule"] != schedules.COSINE


def _baselines(
    evidence: Evidence, sweep: comparisons.Sweep, lines: Sequence[comparisons.Line]
) -> dict[Any, Configuration]:
    """By value: PCA along the latent size; along another axis, PCA with the latent size all lines share."""
    latent_sizes = {point.settings["latent_dim"] for line in lines for point in line.points}
    is_latent = sweep.axis == "latent_dim"
    if len(evidence.datasets) != 1 or not (is_latent or len(latent_sizes) == 1):
        return {}
    sizes = {value: value if is_latent else min(latent_sizes) for value in sweep.values}
    found = {value: evidence.baseline(evidence.datasets[0], "pca", size) for value, size in sizes.items()}
    return {value: pca for value, pca in found.items() if pca is not None}


def _reference(
    baselines: Mapping[Any, Configuration], sweep: comparisons.Sweep, metric: str
) -> Reference | None:
    """What the chart of one measure draws of them."""
    levels = {value: pca.mean(metric) for value, pca in baselines.items()}
    points = {value: words.scale(metric) * level for value, level in levels.items() if level is not None}
    if not points:
        return None
    label = "PCA" if sweep.axis == "latent_dim" else next(iter(baselines.values())).name
    return Reference(label=label, points=points)
