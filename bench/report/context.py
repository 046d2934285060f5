"""Everything that a report says and shows, in its order of reading: the one source of HTML and Markdown."""

import dataclasses
from collections.abc import Mapping

from bench import networks
from bench.report import (
    backends,
    chart_front,
    comparisons,
    cost,
    downloads,
    effects,
    failures,
    finding,
    findings,
    findings_settings,
    galleries,
    generated,
    influence,
    keepsakes,
    measured,
    opening,
    origin,
    protocol,
    purposes,
    sheets,
    side_by_side,
    trials,
    verdicts,
    words,
)
from bench.report.backends import Comparison
from bench.report.chart import Chart
from bench.report.chart_front import FrontChart
from bench.report.cost import Cost
from bench.report.downloads import Download
from bench.report.effects import Effect
from bench.report.evidence import Evidence, gather
from bench.report.failures import Failure
from bench.report.finding import Finding
from bench.report.galleries import Gallery, Side
from bench.report.generated import Generation
from bench.report.keepsakes import Keepsakes
from bench.report.latent_spaces import LatentSpaces, latent_spaces
from bench.report.side_by_side import SideBySide
from bench.report.table import Table
from bench.report.trials import Trials
from bench.store import RunFolder

QUESTION = "For these images, which autoencoder, with which settings, and how sure are we?"
SECTIONS = {
    "findings": "What was found",
    "purposes": "What to take for what",
    "failures": "Failures",
    "leaderboard": "Leaderboard",
    "models": "Take the winner away",
    "ae-vae": "AE against VAE",
    "dense-conv": "Dense against conv",
    "effects": "What each setting does",
    "codes": "What the codes cost",
    "generation": "Generation",
    "beyond": "Likelihood and robustness",
    "latent": "Latent spaces",
    "galleries": "Galleries",
    "compare": "Compare two",
    "training": "Training curves",
    "cost": "Timing and cost",
    "backends": "Backends",
    "trials": "Every trial",
    "protocol": "Protocol",
    "provenance": "Provenance",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Versus:
    """Two values of a setting against each other over all pairs, pair by pair, and in pictures."""

    verdicts: tuple[Table, ...]  # one a data set
    table: Table | None
    sides: tuple[Side, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """The context of both templates; `focus` says which of several backends is shown."""

    title: str
    question: str
    sections: Mapping[str, str]
    introduction: str
    day: str
    glance: tuple[tuple[str, str], ...]
    progress: str
    focus: str
    findings: tuple[Finding, ...]
    purposes: tuple[Table, ...]
    failures: tuple[Failure, ...]
    failed: str
    leaderboards: tuple[Table, ...]
    classes: tuple[Table, ...]
    models: Keepsakes | None
    backends: Comparison | None
    versus: Versus
    architectures: Versus
    importance: tuple[Table, ...]
    effects: tuple[Effect, ...]
    rates: tuple[FrontChart, ...]
    rate: Table | None
    held: tuple[Table, ...]  # what codes hold
    generation: Generation | None
    beyond: tuple[Table, ...]  # likelihood and robustness
    latent_spaces: LatentSpaces
    galleries: tuple[Gallery, ...]
    side_by_side: SideBySide | None
    training: tuple[Chart, ...]
    late: str
    cost: Cost | None
    trials: Trials | None
    thinning: str
    has_intervals: bool
    protocol: tuple[tuple[str, str], ...]
    definitions: Table
    references: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    downloads: tuple[Download, ...]
    commands: str
    caveat: str


def build(folder: RunFolder) -> Report:
    """Read a run folder and say everything that can be said of it.

    What holds backends against each other, ranks or costs is about the whole run; what holds models and
    settings against each other, and the pictures, are about one backend.
    """
    evidence = gather(folder)
    focus = evidence.focus
    models, compared = keepsakes.keepsakes(evidence), backends.compare(evidence)
    shown = _focus(focus) if compared else ""
    images, beyond = generated.generation(focus), measured.tables(focus, measured.OUTSIDE)
    shown_galleries = tuple(galleries.galleries(focus))
    every = trials.trials(evidence, shown_galleries)
    both = side_by_side.side_by_side(focus)
    chosen = tuple(table for name in focus.datasets if (table := purposes.table(evidence, name)))
    absent = {
        "purposes": not chosen,
        "models": models is None,
        "backends": compared is None,
        "generation": images is None,
        "beyond": not beyond,
        "compare": both is None,
        "trials": every is None,
    }
    return Report(
        title=f"Autoencoders on {opening.data(evidence)}",
        question=QUESTION,
        sections={id: title for id, title in SECTIONS.items() if not absent.get(id)},
        introduction=origin.introduction(evidence),
        day=origin.started_on(evidence),
        glance=tuple(opening.glance(evidence)),
        progress=opening.progress(evidence),
        focus=shown,
        findings=tuple(findings.all_findings(evidence)),
        purposes=chosen,
        failures=tuple(failures.failures(evidence)),
        failed=failures.summary(evidence),
        leaderboards=tuple(_leaderboards(evidence)),
        classes=measured.by_class(focus),
        models=models,
        backends=compared,
        versus=_models(focus),
        architectures=_architectures(focus),
        importance=tuple(_importance(focus)),
        effects=tuple(effects.effects(focus)),
        rates=chart_front.fronts(focus, chart_front.RATE),
        rate=sheets.rate(focus),
        held=measured.tables(focus, measured.HELD),
        generation=images,
        beyond=beyond,
        latent_spaces=latent_spaces(focus),
        galleries=shown_galleries,
        side_by_side=both,
        training=tuple(galleries.training_charts(focus)),
        late=_late(evidence),
        cost=cost.cost(evidence),
        trials=every,
        thinning=f"{shown} {galleries.thinning(focus)}".strip(),
        has_intervals=evidence.has_intervals,
        protocol=protocol.PROTOCOL,
        definitions=sheets.metric_definitions(),
        references=sheets.references(),
        provenance=tuple(origin.facts(evidence)),
        downloads=tuple(
            downloads.downloads(evidence.results, networks.timed(evidence.folder, evidence.planned))
        ),
        commands=origin.commands(evidence),
        caveat=origin.caveat(evidence),
    )


def _focus(evidence: Evidence) -> str:
    """Said where several backends ran and one is shown."""
    return f"Of the backends, {evidence.configurations[0].settings['backend']} is shown."


def _late(evidence: Evidence) -> str:
    """Who had not stopped learning, by name where it is not everybody."""
    late = findings_settings.unfinished_learning(evidence)
    if not late:
        return ""
    if len(late) == len(evidence.configurations):
        return "For every configuration the last epoch was the best of some seed."
    others = [one for one in evidence.configurations if one not in late]
    but, named = ("all but ", others) if len(others) < len(late) else ("", late)
    return f"The last epoch was the best of some seed for {but}{'; '.join(one.name for one in named)}."


def _leaderboards(evidence: Evidence) -> list[Table]:
    tables = (sheets.leaderboard(evidence, dataset) for dataset in evidence.datasets)
    return [table for table in tables if table.rows]


def _importance(evidence: Evidence) -> list[Table]:
    tables = (influence.importance_table(evidence, dataset) for dataset in evidence.datasets)
    return [table for table in tables if table is not None]


def _models(evidence: Evidence) -> Versus:
    caption = "AE and VAE at equal settings, each VAE with β 1"
    versus = _versus(evidence, "ae-vae", caption, "model", "ae", "vae")
    pairs = comparisons.pairs(evidence, "model", "ae", "vae")
    return dataclasses.replace(versus, sides=tuple(galleries.sides(evidence, pairs)))


def _architectures(evidence: Evidence) -> Versus:
    caption = "Dense and convolutional networks at equal settings"
    return _versus(evidence, "dense-conv", caption, "architecture", "dense", "conv")


def _versus(evidence: Evidence, id: str, caption: str, axis: str, first: str, second: str) -> Versus:
    found = comparisons.pairs(evidence, axis, first, second)
    sides = words.setting(axis, first), words.setting(axis, second)
    tables = (
        verdicts.table(
            f"table-{id}-verdicts{sheets.suffix(evidence, dataset)}",
            [pair for pair in found if pair.first.settings["dataset"] == dataset],
            words.capital(sides[0]),
            sides[1],
            finding.on(evidence, dataset),
        )
        for dataset in evidence.datasets
    )
    return Versus(
        verdicts=tuple(table for table in tables if table is not None),
        table=sheets.paired(f"table-{id}", caption, found, *sides) if found else None,
        sides=(),
    )
