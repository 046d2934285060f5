"""Everything that a report says and shows, in its order of reading: the one source of HTML and Markdown."""

import dataclasses
from collections.abc import Mapping

from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.blocks.table import Table
from bench.report.sections import versus
from bench.report.sections.backends import Comparison
from bench.report.sections.chart_front import FrontChart
from bench.report.sections.chart_labels import FewLabels
from bench.report.sections.cost import Cost
from bench.report.sections.downloads import Download
from bench.report.sections.effects import Effect
from bench.report.sections.failures import Failure
from bench.report.sections.galleries import Gallery
from bench.report.sections.generated import Generation
from bench.report.sections.keepsakes import Keepsakes
from bench.report.sections.latent_spaces import LatentSpaces
from bench.report.sections.side_by_side import SideBySide
from bench.report.sections.trials import Trials
from bench.report.sections.versus import Versus

QUESTION = "For these images, which autoencoder, with which settings, and how sure are we?"
SECTIONS = {
    "findings": "What was found",
    "purposes": "What to take for what",
    "failures": "Failures",
    "leaderboard": "Leaderboard",
    "models": "Take the winner away",
    "versus": versus.MODELS,
    "architectures": versus.ARCHITECTURES,
    "stability": "What holds from when",
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
class Report:
    """The context of both templates.

    Attributes
    ----------
    focus
        Which of several backends is shown.
    missing
        Why a section could not be made, by its id.
    losses
        All that could not be made: sections, and parts that say so in their places.
    """

    title: str
    question: str
    sections: Mapping[str, str]
    missing: Mapping[str, str]
    losses: tuple[str, ...]
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
    stability: tuple[Table, ...]
    importance: tuple[Table, ...]
    shares: tuple[Table, ...]
    effects: tuple[Effect, ...]
    rates: tuple[FrontChart, ...]
    rate: Table | None
    held: tuple[Table, ...]  # what codes hold
    few_labels: tuple[FewLabels, ...]
    generation: Generation | None
    beyond: tuple[Table, ...]  # likelihood and robustness
    latent_spaces: LatentSpaces
    galleries: tuple[Gallery, ...]
    side_by_side: SideBySide | None
    training: tuple[Chart, ...]
    snapshots: tuple[Table, ...]
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
