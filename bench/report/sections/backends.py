"""The same configurations on several backends: side by side, and how much the backend matters."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from bench import measures
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.blocks.section import Blocks, folded, text
from bench.report.blocks.table import (
    NAME,
    Row,
    Table,
    filters,
    interval_cell,
    made,
    measure_column,
    name_cell,
    number_cell,
    present,
)
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence import differences as apart
from bench.report.sections import timings

METRIC = "test_mse"
MANY = 20
"""Rows from which on a table is folded."""

Group = dict[str, Configuration]  # by backend


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """Backends in sentences and in a table."""

    lead: str
    quality: str
    chance: str
    speed: str
    table: Table


def compare(evidence: Evidence) -> Comparison | None:
    """Everything that several backends let one say; None where the run has one."""
    if len({one.settings["backend"] for one in evidence.configurations}) < 2:
        return None
    groups, steps = _groups(evidence), timings.step_seconds(evidence)
    return Comparison(
        lead="Backends, side by side.",
        quality=_quality(groups),
        chance=_chance(groups),
        speed=_speed(evidence, groups),
        table=_table(evidence, groups, steps),
    )


def section(evidence: Evidence) -> Blocks | None:
    """None where the run has one backend."""
    found = compare(evidence)
    if found is None:
        return None
    speed = (text(found.speed),) if found.speed else ()
    return (text(found.quality, found.chance), *speed, folded(found.table, MANY))


@finding.told
def differences(evidence: Evidence) -> Finding | None:
    """Whether the backend matters, and which part of the run the other findings are about."""
    found = compare(evidence)
    if found is None:
        return None
    about = evidence.focus.configurations[0].settings["backend"]
    text = (
        f"{found.quality} {found.speed} What is found about models and settings is found on {about} alone: a "
        "second backend is no second seed."
    )
    more = "moves the result more than another seed does" in found.quality
    head = "Another backend moves the result no more than another seed does."
    if more:
        head = "For some models another backend moves the result more than another seed."
    elif "no more than another seed does" not in found.quality:
        head = "Whether the backend matters cannot be told from one seed."
    told = f"Findings are of {about} alone, as a second backend is no second seed."
    return Finding(lead=found.lead, text=text, see="backends").in_short(head, told)


def _groups(evidence: Evidence) -> list[Group]:
    """Configurations that differ in nothing but the backend, in the order of the grid."""
    groups: dict[Any, Group] = {}
    for one in evidence.configurations:
        key = tuple((name, value) for name, value in one.settings.items() if name != "backend")
        groups.setdefault(key, {})[one.settings["backend"]] = one
    order = evidence.backends
    return [dict(sorted(group.items(), key=lambda item: order.index(item[0]))) for group in groups.values()]


# --- quality --------------------------------------------------------------------------------------------


def _quality(groups: Sequence[Group]) -> str:
    """How far backends lie apart in test MSE, held against how far seeds do, for each model."""
    across = _by_model(groups, lambda group: [part for pair in _pairs(group) for part in _same_seed(*pair)])
    within = _by_model(groups, lambda group: [part for one in group.values() for part in _two_seeds(one)])
    if not across:
        return "No configuration has ended well on two backends with the same seed."
    told = (
        f"{words.model(model)} by {_percent(median(parts))} in the median and {_percent(max(parts))} at most"
        for model, parts in across.items()
    )
    text = f"With all else equal, the seed too, two backends differ in test MSE: {'; '.join(told)}."
    if not within:
        return f"{text} With one seed it cannot be told whether another seed would differ as much."
    told = (f"{words.model(model)} by {_percent(median(parts))}" for model, parts in within.items())
    return (
        f"{text} Two seeds on one backend differ in the median: {'; '.join(told)}. {_verdict(across, within)}"
    )


def _by_model(groups: Sequence[Group], parts: Callable[[Group], list[float]]) -> dict[str, list[float]]:
    """Differences by model: two backends draw other noise, which an AE has none of."""
    found: dict[str, list[float]] = {}
    for group in groups:
        model = next(iter(group.values())).settings["model"]
        found.setdefault(model, []).extend(parts(group))
    return {model: differences for model, differences in found.items() if differences}


def _verdict(across: Mapping[str, list[float]], within: Mapping[str, list[float]]) -> str:
    more = [words.model(m) for m in across if m in within and median(across[m]) > median(within[m])]
    if not more:
        return "So in the median another backend moves the result no more than another seed does."
    return (
        "So in the median another backend moves the result more than another seed does for "
        f"{words.listing(more)}."
    )


def _pairs(group: Group) -> list[tuple[Configuration, Configuration]]:
    return list(itertools.combinations(group.values(), 2))


def _same_seed(first: Configuration, second: Configuration) -> list[float]:
    others = second.by_seed(METRIC)
    return [_apart(value, others[seed]) for seed, value in first.by_seed(METRIC).items() if seed in others]


def _two_seeds(one: Configuration) -> list[float]:
    return [_apart(a, b) for a, b in itertools.combinations(one.by_seed(METRIC).values(), 2)]


def _apart(first: float, second: float) -> float:
    """The difference as a share of the mean."""
    return abs(first - second) / ((first + second) / 2) if first != second else 0.0


def _chance(groups: Sequence[Group]) -> str:
    """How many pairs of backends are told apart, one by one and among all."""
    pairs = [pair for group in groups for pair in _pairs(group)]
    values = [(a.by_seed(METRIC), b.by_seed(METRIC)) for a, b in pairs]
    found = apart.of_pairs(METRIC, [both for both in values if all(both)])
    found = [one for one in found if one.p is not None]
    if not found:
        return ""
    told = sum(sign != 0 for sign in apart.told(found))
    return (
        f"Over seeds two backends are told apart in {told} of {words.count(len(found), 'pair')} of "
        "configurations, after Holm over these pairs."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2g}{words.NBSP}%" if share < 0.1 else f"{100 * share:.0f}{words.NBSP}%"


# --- speed ----------------------------------------------------------------------------------------------


def _speed(evidence: Evidence, groups: Sequence[Group]) -> str:
    """What training took on one backend and on another, where every seed says so beyond chance."""
    told = []
    for one, other in itertools.permutations(evidence.backends, 2):
        ratios = [ratio for group in groups for ratio in _ratios(group, one, other)]
        if ratios and min(ratios) > timings.SPREAD:
            told.append(
                f"on {one} it took {min(ratios):.1f} to {max(ratios):.1f} times as long as on {other}, with "
                "every seed of every configuration"
            )
    if not told:
        return f"Which backend is faster is not told. {timings.NOT_REPEATABLE}"
    return f"Training of whole trials, compiling included, whatever ran beside them: {'; '.join(told)}."


def _ratios(group: Group, one: str, other: str) -> list[float]:
    """Seconds of training on one backend in those on another, by seed."""
    if one not in group or other not in group:
        return []
    seconds, others = (group[name].by_seed("fit_seconds") for name in (one, other))
    return [value / others[seed] for seed, value in seconds.items() if others.get(seed)]


# --- table ----------------------------------------------------------------------------------------------


@made
def _table(evidence: Evidence, groups: Sequence[Group], steps: Mapping[str, float]) -> Table:
    names = present(evidence.configurations, measures.of_table("backends"))
    costs = ["step_seconds"] if steps else []
    columns = (
        NAME,
        *(measure_column(name) for name in (*names, *costs, "fit_seconds")),
    )
    return Table(
        id="table-backends",
        caption="Each configuration on each backend"
        + (", means over seeds with half the width of the 95 % interval" if evidence.has_intervals else ""),
        columns=columns,
        rows=tuple(_row(one, names, steps) for group in groups for one in group.values()),
        note="A training step was timed with nothing else running; the training of a whole trial was not: "
        f"see Timing and cost. {timings.NOT_REPEATABLE}",
    )


def _row(one: Configuration, names: Sequence[str], steps: Mapping[str, float]) -> Row:
    cells = [
        name_cell(one),
        *(interval_cell(name, one.measure(name)) for name in names),
    ]
    if steps:
        cells.append(number_cell("step_seconds", timings.step_of(one, steps)))
    cells.append(interval_cell("fit_seconds", one.measure("fit_seconds")))
    return Row(cells=tuple(cells), settings=filters(one.settings))
