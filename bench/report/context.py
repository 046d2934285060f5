"""Everything that a report says and shows, in its order of reading: the one source of HTML and Markdown."""

import dataclasses
from collections.abc import Mapping, Sequence

from bench.report import (
    comparisons,
    figures,
    findings,
    findings_settings,
    galleries,
    origin,
    protocol,
    sheets,
    words,
)
from bench.report.evidence import Evidence, gather
from bench.report.figures import Chart, Reference
from bench.report.finding import Finding
from bench.report.galleries import Gallery, LatentSpace, Side
from bench.report.sheets import Table
from bench.result import Result
from bench.store import RunFolder
from bench.trial import Trial

QUESTION = "For these images, which autoencoder, with which settings, and how sure are we?"
SECTIONS = {
    "findings": "What was found",
    "failures": "Failures",
    "leaderboard": "Leaderboard",
    "ae-vae": "AE against VAE",
    "effects": "What each setting does",
    "codes": "What the codes cost",
    "latent": "Latent spaces",
    "galleries": "Galleries",
    "training": "Training curves",
    "cost": "Timing and cost",
    "protocol": "Protocol",
    "provenance": "Provenance",
}
MOST_LINES = 6  # in one chart


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failure:
    """A trial that did not end well."""

    name: str
    status: str
    error: str
    traceback: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Versus:
    """One model against another, in numbers and pictures."""

    table: Table | None
    sides: tuple[Side, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Effect:
    """What one setting does."""

    axis: str
    title: str
    finding: Finding | None
    note: str
    charts: tuple[Chart, ...]
    table: Table


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """The context of both templates."""

    title: str
    question: str
    sections: Mapping[str, str]
    introduction: str
    day: str
    glance: tuple[tuple[str, str], ...]
    progress: str
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    leaderboards: tuple[Table, ...]
    versus: Versus
    effects: tuple[Effect, ...]
    rate: Table | None
    latent_spaces: tuple[LatentSpace, ...]
    galleries: tuple[Gallery, ...]
    training: tuple[Chart, ...]
    late: str
    cost: Table | None
    thinning: str
    has_intervals: bool
    protocol: tuple[tuple[str, str], ...]
    definitions: Table
    provenance: tuple[tuple[str, str], ...]
    commands: str
    is_exact: bool


def build(folder: RunFolder) -> Report:
    """Read a run folder and say everything that can be said of it."""
    evidence = gather(folder)
    has_results = bool(evidence.configurations)
    return Report(
        title=f"Autoencoders on {_data(evidence)}",
        question=QUESTION,
        sections=SECTIONS,
        introduction=origin.introduction(evidence),
        day=origin.started_on(evidence),
        glance=tuple(_glance(evidence)),
        progress=_progress(evidence),
        findings=tuple(findings.all_findings(evidence)),
        failures=tuple(_failure(evidence, result) for result in evidence.failures),
        leaderboards=tuple(_leaderboards(evidence)),
        versus=_versus(evidence),
        effects=tuple(_effects(evidence)),
        rate=sheets.rate(evidence),
        latent_spaces=tuple(galleries.latent_spaces(evidence)),
        galleries=tuple(galleries.galleries(evidence)),
        training=tuple(galleries.training_charts(evidence)),
        late=_late(evidence),
        cost=sheets.cost(evidence) if has_results else None,
        thinning=galleries.thinning(evidence),
        has_intervals=evidence.has_intervals,
        protocol=protocol.PROTOCOL,
        definitions=sheets.metric_definitions(),
        provenance=tuple(origin.facts(evidence)),
        commands=origin.commands(evidence),
        is_exact=origin.is_exact(evidence),
    )


def _data(evidence: Evidence) -> str:
    return words.listing(words.dataset(name) for name in evidence.datasets or ("no images",))


def _glance(evidence: Evidence) -> list[tuple[str, str]]:
    run = evidence.run
    found = []
    for name, data in run.get("datasets", {}).items():
        images = ", ".join(f"{count:,} {split}" for split, count in data["images"].items())
        classes = words.count(len(data["classes"]), "class", "classes")
        found.append((f"Images: {words.dataset(name)}", f"{images}; {origin.size(data)}; {classes}"))
    ok = sum(len(one.results) for one in evidence.configurations)
    seeds = sorted({trial.seed for trial in evidence.planned})
    found += [
        (
            "Trials",
            f"{ok} of {len(evidence.planned)} ended well, {len(evidence.baselines)} baselines beside them",
        ),
        ("Configurations", f"{len(evidence.configurations)}"),
        ("Seeds", words.listing(str(seed) for seed in seeds) if seeds else words.NONE),
        (
            "Backend",
            f"{run.get('backend')} on {(run.get('machine') or {}).get('device', 'an unknown device')}",
        ),
    ]
    seconds = sum(value for one in evidence.configurations for value in one.values("fit_seconds"))
    if seconds:
        found.append(("Training time", f"{words.duration(seconds)} in all"))
    return found


def _progress(evidence: Evidence) -> str:
    if evidence.finished == len(evidence.planned):
        return ""
    return (
        f"{evidence.finished} of {len(evidence.planned)} trials have finished. This report is about those; "
        "the command of the run, given again, runs the rest."
    )


def _late(evidence: Evidence) -> str:
    """Who had not stopped learning, by name where it is not everybody."""
    late = findings_settings.unfinished_learning(evidence)
    if not late:
        return ""
    if len(late) == len(evidence.configurations):
        return "For every configuration the last epoch was the best of some seed."
    names = "; ".join(one.name for one in late)
    return f"The last epoch was the best of some seed for {names}."


def _failure(evidence: Evidence, result: Result) -> Failure:
    unit = result.unit
    name = f"{evidence.name(unit)}, seed {unit.seed}" if isinstance(unit, Trial) else str(unit)
    return Failure(name=name, status=result.status, error=result.error, traceback=result.traceback)


def _leaderboards(evidence: Evidence) -> list[Table]:
    tables = (sheets.leaderboard(evidence, dataset) for dataset in evidence.datasets)
    return [table for table in tables if table.rows]


def _versus(evidence: Evidence) -> Versus:
    found = comparisons.pairs(evidence, "model", "ae", "vae")
    caption = "AE and VAE at equal settings, each VAE with β 1"
    table = sheets.paired("table-ae-vae", caption, found, "AE", "VAE") if found else None
    return Versus(table=table, sides=tuple(galleries.sides(evidence, found)))


def _effects(evidence: Evidence) -> list[Effect]:
    """A line of one name looks the same in every chart."""
    sweeps = comparisons.sweeps(evidence)
    labels = dict.fromkeys(line.style for sweep in sweeps for line in sweep.lines[:MOST_LINES])
    styles = {label: index for index, label in enumerate(labels)}
    return [_effect(evidence, sweep, styles) for sweep in sweeps]


def _effect(evidence: Evidence, sweep: comparisons.Sweep, styles: figures.Styles) -> Effect:
    lines = sweep.lines[:MOST_LINES]
    charts = [
        figures.effect(sweep, metric, lines, styles, _reference(evidence, sweep, lines, metric))
        for metric in sweep.metrics
        if any(point.values(metric) for line in lines for point in line.points)
    ]
    return Effect(
        axis=sweep.axis,
        title=words.capital(words.axis(sweep.axis)),
        finding=findings_settings.along_axis(sweep),
        note=_effect_note(sweep, lines),
        charts=tuple(charts),
        table=sheets.sweep(sweep),
    )


def _effect_note(sweep: comparisons.Sweep, lines: Sequence[comparisons.Line]) -> str:
    text = ""
    if len(sweep.lines) > len(lines):
        text = f"{len(lines)} of {len(sweep.lines)} lines are drawn, those nearest to the base. "
    if sweep.axis == "loss":
        text += "SSIM, because a squared error favours the model that was trained on it."
    if sweep.axis == "epochs":
        text += "The epoch with the best validation loss is kept, so more epochs can only help on validation."
    return text.strip()


def _reference(
    evidence: Evidence, sweep: comparisons.Sweep, lines: Sequence[comparisons.Line], metric: str
) -> Reference | None:
    """PCA along the latent size; along another axis, PCA with the latent size that all lines share."""
    latent_sizes = {point.settings["latent_dim"] for line in lines for point in line.points}
    is_latent = sweep.axis == "latent_dim"
    if len(evidence.datasets) != 1 or not (is_latent or len(latent_sizes) == 1):
        return None
    scale = 100 if metric in words.SHARES else 1
    found = {}
    for value in sweep.values:
        pca = evidence.baseline(evidence.datasets[0], "pca", value if is_latent else min(latent_sizes))
        level = pca.mean(metric) if pca else None
        if level is not None:
            found[value] = scale * level
    label = "PCA" if is_latent else f"PCA, {words.setting('latent_dim', min(latent_sizes))}"
    return Reference(label=label, points=found) if found else None
