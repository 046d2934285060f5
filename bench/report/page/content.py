"""Everything that a report says and shows, in its order of reading: the one source of HTML and Markdown."""

import dataclasses
from collections.abc import Mapping

from bench.report.blocks.finding import Finding
from bench.report.blocks.section import Blocks
from bench.report.sections import versus
from bench.report.sections.galleries import Gallery

QUESTION = "For these images, which autoencoder, with which settings, and how sure are we?"
SECTIONS = {
    "alerts": "Before you read on",
    "answers": "What to take",
    "findings": "What was found",
    "published": "Published and obtained",
    "failures": "Failures",
    "leaderboard": "Leaderboard",
    "versus": versus.MODELS,
    "architectures": versus.ARCHITECTURES,
    "stability": "What holds from when",
    "effects": "What each setting does",
    "codes": "What the codes cost",
    "generation": "Generation",
    "beyond": "Likelihood and robustness",
    "latent": "Latent spaces",
    "galleries": "Galleries",
    "errors": "Where reconstructions err",
    "compare": "Compare two",
    "training": "Training curves",
    "cost": "Timing and cost",
    "backends": "Backends",
    "trials": "Every configuration",
    "protocol": "Protocol",
    "provenance": "Provenance",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """The context of both templates.

    Attributes
    ----------
    blocks
        Those of the sections that both pages print alike, by their ids.
    order
        The ids of all sections that there may be, in their order of reading.
    sections
        The titles of those that there are, by their ids.
    focus
        Which of several backends is shown.
    missing
        Why a section could not be made, by its id.
    reading
        How the page is to be read.
    losses
        All that could not be made: sections, and parts that say so in their places.
    """

    title: str
    question: str
    order: tuple[str, ...]
    sections: Mapping[str, str]
    blocks: Mapping[str, Blocks]
    reading: Blocks
    missing: Mapping[str, str]
    losses: tuple[str, ...]
    introduction: str
    day: str
    glance: tuple[tuple[str, str], ...]
    progress: str
    focus: str
    findings: tuple[Finding, ...]
    galleries: tuple[Gallery, ...]
    has_intervals: bool
