"""Ranks of the configurations of a data set by test MSE, and those that cannot be told apart."""

import dataclasses
from collections.abc import Mapping, Sequence

from bench import statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.blocks.table import Cell, Column
from bench.report.evidence import Configuration, Evidence, differences
from bench.report.findings import in_short
from bench.statistics import Standing

MEASURE = "test_mse"
NOTE = (
    "Rank: the place among configurations by mean test MSE, with its 95 % interval. Group 1: those that may "
    "be the best, since no other is better and told apart from them; group 2 likewise when these are taken "
    "away, and so on. Told apart means p < 0.05 after Holm over all pairs of this table, by their "
    "logarithms, with seeds as blocks and variances that learn from one another (Smyth 2004): in 95 % of "
    "such tables nothing is told apart that is equal, so that all intervals and groups hold at once. It is "
    "about other seeds, not other images. A configuration whose seeds scatter widely is told apart from "
    "few, so that it may stand in an earlier group than its neighbours."
)
ONE_SEED = (
    "Rank: the place among configurations by test MSE. With one seed no interval of a rank can be given, and "
    "it cannot be said who is told apart from whom."
)


def places(configurations: Sequence[Configuration], measure: str = MEASURE) -> dict[str, Standing]:
    """By name; those without the measure have none. Lower is better.

    Told apart by logarithms, where the measure is compared so, and ranked by plain means, as tables are
    sorted.
    """
    values = [one.by_seed(measure) for one in configurations]
    found = statistics.standings(differences.scaled(measure, values))
    known = [(one, place) for one, place in zip(configurations, found, strict=True) if place is not None]
    means = sorted(one.mean(measure) or 0.0 for one, _ in known)
    return {one.name: _ranked(place, 1 + means.index(one.mean(measure) or 0.0)) for one, place in known}


def _ranked(place: Standing, rank: int) -> Standing:
    low, high = (rank if end is None else end for end in (place.low, place.high))
    return dataclasses.replace(place, rank=min(max(rank, low), high))


def columns(found: Mapping[str, Standing]) -> list[Column]:
    """The heads of ranks and, where there are seeds for them, of groups."""
    heads = [Column(label="Rank", hint=note(found))]
    return [*heads, Column(label="Group", hint=NOTE)] if _is_sure(found) else heads


def cells(found: Mapping[str, Standing], name: str) -> list[Cell]:
    """Rank and group of one configuration; empty for a baseline."""
    place = found.get(name)
    rank, group = Cell(text=words.NONE), Cell(text=words.NONE)
    if place is not None:
        span = "" if place.low is None else f"{words.NBSP}({place.low}{words.NBSP}to{words.NBSP}{place.high})"
        rank = Cell(text=f"{place.rank}{span}", order=place.rank)
        if place.group is not None:
            group = Cell(text=str(place.group), order=place.group)
    return [rank, group] if _is_sure(found) else [rank]


def note(found: Mapping[str, Standing]) -> str:
    """What ranks and groups mean; empty where nothing is ranked."""
    if not found:
        return ""
    return NOTE if _is_sure(found) else ONE_SEED


@finding.told
def leaders(evidence: Evidence, dataset: str, which: str = "") -> Finding | None:
    """Who cannot be told apart from the lowest test MSE; None where there are no two seeds.

    `which` says which part of the run the evidence is, as `on torch`.
    """
    where = finding.on(evidence, dataset) + (which and f" {which}")
    configurations = evidence.about(dataset).rivals
    found = places(configurations)
    ones = sorted((one for one in configurations if one.name in found), key=lambda one: found[one.name].rank)
    known = [one for one in ones if found[one.name].group is not None]
    best, compared = [one for one in known if found[one.name].group == 1], len(known)
    if compared < 2:
        return None
    group, first = [one.name + one.mark for one in best], found[best[0].name]
    others = group[1:]
    once = [
        one.name + one.mark
        for one in ones
        if found[one.name].group is None and found[one.name].rank <= first.rank
    ]
    lowest = f"lowest test MSE{' with two seeds or more' if compared < len(found) else ''}{where}"
    if not others:
        is_alone = first.rank == first.high == 1
        apart = "told apart from all others" if is_alone else "though not told apart from all others"
        lead = f"{words.capital(lowest)}: {group[0]}, {apart}."
    elif len(group) == compared:
        lead = f"Which has the {lowest} cannot be told."
    else:
        lead = f"{words.capital(lowest)}: a group of {len(group)}."
    text = (
        f"Of {finding.counted(known)}{which and f' {which}'} with two seeds or more, "
        f"{compared - len(group)} "
        f"{'is' if compared - len(group) == 1 else 'are'} told apart from one with a lower error, after Holm "
        f"over "
        f"all pairs. The lowest of them is {group[0]}."
    )
    if others:
        text += f" As good may be {'; '.join(others[: finding.MOST_NAMED])}{finding.and_more(others)}"
    if once:
        text += f" Lower still, with one seed that tells nothing: {'; '.join(once[: finding.MOST_NAMED])}"
        text += finding.and_more(once)
    short = in_short.leaders(
        best,
        known,
        is_alone=first.rank == first.high == 1,
        where=where,
        id=evidence.suffix(dataset),
    )
    return Finding(lead=lead, text=text, see="leaderboard").in_short(*short)


def _is_sure(found: Mapping[str, Standing]) -> bool:
    return any(place.group is not None for place in found.values())
