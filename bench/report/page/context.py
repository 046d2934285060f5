"""A run folder -> everything that its report says and shows, each section made by itself."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

from bench.keeping import networks
from bench.keeping.store import RunFolder
from bench.report.blocks import isolation
from bench.report.blocks.table import Table
from bench.report.evidence import Evidence, gather
from bench.report.findings import about_settings, influence
from bench.report.page.content import QUESTION, SECTIONS, Report
from bench.report.sections import (
    backends,
    chart_front,
    chart_labels,
    cost,
    downloads,
    effects,
    failures,
    findings,
    galleries,
    generated,
    keepsakes,
    made_of,
    measured,
    opening,
    origin,
    purposes,
    shares,
    sheets,
    side_by_side,
    snapshots,
    stability,
    trials,
    versus,
)
from bench.report.sections.latent_spaces import LatentSpaces, latent_spaces
from bench.report.sections.versus import Versus


def build(folder: RunFolder) -> Report:
    """Read a run folder and say everything that can be said of it.

    What holds backends against each other, ranks or costs is about the whole run; what holds models and
    settings against each other, and the pictures, are about one backend. Each section is made by itself, so
    that one that cannot be made costs no other, and each sentence likewise.
    """
    evidence = gather(folder)
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for section, parts in _sections(evidence, values).items():
        for name, make in parts.items():
            found = isolation.attempt("section", make, _Missing)
            if isinstance(found, _Missing):
                missing[section] = found.why
                found = _NOTHING.get(name, ())
            values[name] = found
    losses = [f"{SECTIONS[section]}: {why}" for section, why in missing.items()]
    losses += isolation.lost_in(values)
    for name, say in _sentences(evidence, values).items():
        found = isolation.attempt("sentence", say, _Missing)
        if isinstance(found, _Missing):
            losses.append(found.why)
            found = (("", found.why),) if name == "glance" else found.why
        values[name] = found
    return Report(
        question=QUESTION,
        sections=_titles(missing, values),
        missing=missing,
        losses=tuple(dict.fromkeys(losses)),
        has_intervals=evidence.has_intervals,
        **values,
    )


@dataclasses.dataclass(frozen=True)
class _Missing:
    why: str


def _titles(missing: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """The sections there are; those on models and architectures are called after what they compare."""
    known = {**SECTIONS, "versus": values["versus"].title, "architectures": values["architectures"].title}
    return {id: title for id, title in known.items() if id in missing or _is_there(id, values)}


def _is_there(section: str, values: Mapping[str, Any]) -> bool:
    """Whether a run has this section: some it has not, for want of anything to show."""
    name = "side_by_side" if section == "compare" else section
    return bool(values[name]) if section in _MAY_BE_ABSENT else True


_MAY_BE_ABSENT = ("purposes", "stability", "models", "backends", "generation", "beyond", "compare", "trials")


def _sections(evidence: Evidence, made: Mapping[str, Any]) -> dict[str, dict[str, Callable[[], Any]]]:
    """What each section shows, to be made in this order; `made` has what was made before."""
    focus = evidence.focus
    timed = functools.partial(networks.timed, evidence.folder, evidence.planned)
    return {
        "findings": {"findings": lambda: tuple(findings.all_findings(evidence))},
        "purposes": {"purposes": lambda: _of_each(purposes.table, evidence)},
        "failures": {
            "failures": lambda: tuple(failures.failures(evidence)),
            "failed": lambda: failures.summary(evidence),
        },
        "leaderboard": {"leaderboards": lambda: tuple(_leaderboards(evidence))},
        "models": {"models": lambda: keepsakes.keepsakes(evidence)},
        "versus": {"versus": lambda: versus.models(focus)},
        "architectures": {"architectures": lambda: versus.architectures(focus)},
        "stability": {"stability": lambda: _of_each(stability.table, focus)},
        "effects": {
            "importance": lambda: _of_each(influence.range_table, focus),
            "shares": lambda: _of_each(shares.table, focus),
            "effects": lambda: tuple(effects.effects(focus)),
        },
        "codes": {
            "rates": lambda: chart_front.fronts(focus, chart_front.RATE),
            "rate": lambda: sheets.rate(focus),
            "held": lambda: (
                *measured.tables(focus, measured.HELD),
                *measured.tables(focus, measured.SCALING),
            ),
            "few_labels": lambda: chart_labels.curves(focus),
        },
        "generation": {"generation": lambda: generated.generation(focus)},
        "beyond": {
            "beyond": lambda: (
                *measured.tables(focus, measured.LIKELIHOOD),
                *measured.tables(focus, measured.OUTSIDE),
                *measured.of_plugins(focus),
            )
        },
        "latent": {"latent_spaces": lambda: latent_spaces(focus)},
        "galleries": {
            "galleries": lambda: tuple(galleries.galleries(focus)),
            "classes": lambda: measured.by_class(focus),
        },
        "compare": {"side_by_side": lambda: side_by_side.side_by_side(focus)},
        "training": {
            "training": lambda: tuple(galleries.training_charts(focus)),
            "snapshots": lambda: _of_each(snapshots.table, focus),
        },
        "cost": {"cost": lambda: cost.cost(evidence)},
        "backends": {"backends": lambda: backends.compare(evidence)},
        "trials": {"trials": lambda: trials.trials(evidence, made["galleries"])},
        "protocol": {
            "protocol": lambda: made_of.told(evidence),
            "definitions": sheets.metric_definitions,
            "references": sheets.references,
        },
        "provenance": {
            "provenance": lambda: tuple(origin.facts(evidence)),
            "downloads": lambda: tuple(downloads.downloads(evidence.results, timed())),
        },
    }


def _sentences(evidence: Evidence, made: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    """What is said beside the sections, and in them."""
    focus = evidence.focus
    shown = _focus(focus) if made["backends"] else ""
    return {
        "title": lambda: f"Autoencoders on {opening.data(evidence)}",
        "introduction": lambda: origin.introduction(evidence),
        "day": lambda: origin.started_on(evidence),
        "glance": lambda: tuple(opening.glance(evidence)),
        "progress": lambda: opening.progress(evidence),
        "focus": lambda: shown,
        "late": lambda: _late(evidence),
        "thinning": lambda: f"{shown} {galleries.thinning(focus)}".strip(),
        "commands": lambda: origin.commands(evidence),
        "caveat": lambda: origin.caveat(evidence),
    }


def _of_each(make: Callable[[Evidence, str], Table | None], evidence: Evidence) -> tuple[Table, ...]:
    """A table for each data set that has one."""
    tables = (make(evidence, dataset) for dataset in evidence.datasets)
    return tuple(table for table in tables if table is not None)


def _focus(evidence: Evidence) -> str:
    """Said where several backends ran and one is shown."""
    return f"Of the backends, {evidence.configurations[0].settings['backend']} is shown."


def _late(evidence: Evidence) -> str:
    """Who had not stopped learning, by name where it is not everybody."""
    late = about_settings.unfinished_learning(evidence)
    if not late:
        return ""
    if len(late) == len(evidence.configurations):
        return "For every configuration the last epoch was the best of some seed."
    others = [one for one in evidence.configurations if one not in late]
    but, named = ("all but ", others) if len(others) < len(late) else ("", late)
    return f"The last epoch was the best of some seed for {but}{'; '.join(one.name for one in named)}."


def _leaderboards(evidence: Evidence) -> list[Table]:
    tables = (sheets.leaderboard(evidence, dataset) for dataset in evidence.datasets)
    return [table for table in tables if table.rows or table.lost]


_NOTHING: Mapping[str, Any] = {
    "versus": Versus(title=SECTIONS["versus"]),
    "architectures": Versus(title=SECTIONS["architectures"]),
    "latent_spaces": LatentSpaces(shown=(), thinning="", originals=()),
}
"""What stands for a part of a section that could not be made; the others are an empty tuple."""
