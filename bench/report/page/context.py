"""A run folder -> everything that its report says and shows, each section made by itself."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

from bench.keeping.store import RunFolder
from bench.report.blocks import isolation, sharing
from bench.report.blocks.finding import Finding
from bench.report.blocks.section import Blocks
from bench.report.evidence import Evidence, collapse, gather
from bench.report.page.content import QUESTION, SECTIONS, Report
from bench.report.sections import (
    alerts,
    answers,
    backends,
    beyond,
    codes,
    configurations,
    cost,
    effects,
    errors,
    failures,
    findings,
    galleries,
    generated,
    latent_spaces,
    leaderboard,
    made_of,
    opening,
    origin,
    published,
    reading,
    side_by_side,
    stability,
    training,
    versus,
)

Told = Callable[[], tuple[Finding, ...]]


def build(folder: RunFolder, since: Blocks = ()) -> Report:
    """Read a run folder and say everything that can be said of it.

    What holds backends against each other, ranks or costs is about the whole run; what holds models and
    settings against each other, and the pictures, are about one backend. Each section is made by itself, so
    that one that cannot be made costs no other, and each sentence likewise. `since` is what is said of an
    earlier run.
    """
    evidence = gather(folder)
    told = functools.cache(lambda: tuple(findings.all_findings(evidence)))
    missing: dict[str, str] = {}
    blocks: dict[str, Blocks] = {}
    for section, give in _of_blocks(evidence, since, told).items():
        given = isolation.attempt("section", give, _Missing)
        if isinstance(given, _Missing):
            missing[section] = given.why
        elif given is not None:
            blocks[section] = given
    losses = [f"{SECTIONS[section]}: {why}" for section, why in missing.items()]
    losses += isolation.lost_in(blocks)
    values: dict[str, Any] = {"findings": () if "findings" in missing else told()}
    for name, say in _sentences(evidence).items():
        found = isolation.attempt("sentence", say, _Missing)
        if isinstance(found, _Missing):
            losses.append(found.why)
            found = (("", found.why),) if name == "glance" else found.why
        values[name] = found
    return Report(
        question=QUESTION,
        order=tuple(SECTIONS),
        sections=_titles(evidence, missing, blocks),
        blocks=sharing.once(blocks, SECTIONS),
        reading=reading.blocks(evidence),
        missing=missing,
        losses=tuple(dict.fromkeys(losses)),
        has_intervals=evidence.has_intervals,
        **values,
    )


@dataclasses.dataclass(frozen=True)
class _Missing:
    why: str


def _titles(evidence: Evidence, missing: Mapping[str, str], blocks: Mapping[str, Blocks]) -> dict[str, str]:
    """The sections there are; those on models and architectures are called after what they compare."""
    named = isolation.attempt("section", lambda: versus.titles(evidence.focus), lambda _: {})
    known = {**SECTIONS, **named}
    return {id: title for id, title in known.items() if id in missing or id in blocks}


def _of_blocks(evidence: Evidence, since: Blocks, told: Told) -> dict[str, Callable[[], Blocks | None]]:
    """The sections that are blocks, which both pages print alike; None where a run has nothing to show."""
    focus, shown = evidence.focus, _shown(evidence)
    sound = collapse.without(focus)
    return {
        "alerts": lambda: alerts.section(evidence),
        "answers": lambda: answers.section(evidence),
        "findings": lambda: findings.section(told()),
        "published": lambda: published.section(evidence),
        "failures": lambda: failures.section(evidence),
        "leaderboard": lambda: leaderboard.section(evidence),
        "versus": lambda: versus.models(sound, _also(shown, sound)),
        "architectures": lambda: versus.architectures(sound, _also(shown, sound)),
        "stability": lambda: stability.section(sound),
        "effects": lambda: effects.section(sound, _also(shown, sound)),
        "codes": lambda: codes.section(focus, shown),
        "generation": lambda: generated.section(focus),
        "beyond": lambda: beyond.section(focus),
        "latent": lambda: latent_spaces.section(focus),
        "galleries": lambda: galleries.section(focus, shown),
        "errors": lambda: errors.section(focus, shown),
        "training": lambda: training.section(focus, evidence, shown),
        "cost": lambda: cost.section(evidence),
        "backends": lambda: backends.section(evidence),
        "trials": lambda: configurations.section(evidence),
        "protocol": lambda: made_of.section(evidence),
        "compare": lambda: side_by_side.section(focus),
        "provenance": lambda: origin.section(evidence, since),
    }


def _sentences(evidence: Evidence) -> dict[str, Callable[[], Any]]:
    """What is said beside the sections, and in them."""
    focus, shown = evidence.focus, _shown(evidence)
    return {
        "title": lambda: f"Autoencoders on {opening.data(evidence)}",
        "introduction": lambda: origin.introduction(evidence),
        "day": lambda: origin.started_on(evidence),
        "glance": lambda: tuple(opening.glance(evidence)),
        "progress": lambda: opening.progress(evidence),
        "focus": lambda: shown,
        "galleries": lambda: tuple(galleries.galleries(focus)),
    }


def _also(sentence: str, evidence: Evidence) -> str:
    """A sentence, and after it how many trials are left out of what is said."""
    return f"{sentence} {collapse.note(evidence)}".strip()


def _shown(evidence: Evidence) -> str:
    """Said where several backends ran and one is shown."""
    if len({one.settings["backend"] for one in evidence.configurations}) < 2:
        return ""
    return f"Of the backends, {evidence.focus.configurations[0].settings['backend']} is shown."
