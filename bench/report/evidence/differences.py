"""Pairs of configurations -> their differences in one measure, each on the scale that its card names."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

from bench import measures, statistics
from bench.report.evidence.comparisons import Pair
from bench.statistics import Comparison, Sides, Values


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """How pairs came out in one measure, first against second; told after Holm over the pairs."""

    lower: int
    higher: int
    told_lower: int
    told_higher: int
    pairs: int
    has_intervals: bool


def has_logarithms(name: str, numbers: Iterable[float]) -> bool:
    """Whether numbers of a measure are compared by their logarithms; not where one has none."""
    return measures.named(name).scale == "log" and all(0 < number < math.inf for number in numbers)


def is_ratio(name: str, found: Iterable[Values]) -> bool:
    """The same of numbers by seed."""
    return has_logarithms(name, (number for values in found for number in values.values()))


def scaled(name: str, found: Sequence[Values]) -> list[Values]:
    """Values of a measure by seed, each of a configuration, on the scale on which they are compared."""
    if not is_ratio(name, found):
        return list(found)
    return [{seed: math.log(value) for seed, value in values.items()} for values in found]


def sides(found: Iterable[Pair], name: str) -> list[Sides]:
    """A measure of both sides of each pair that has it."""
    values = [(pair.first.by_seed(name), pair.second.by_seed(name)) for pair in found]
    return [both for both in values if all(both)]


def of_groups(name: str, groups: Sequence[Sequence[Sides]]) -> list[Comparison]:
    """Of each group of pairs the mean difference over seeds, the pairs held fixed; each by itself."""
    flat = [values for group in groups for pair in group for values in pair]
    left = iter(scaled(name, flat))
    compared = statistics.differences([[(next(left), next(left)) for _ in group] for group in groups])
    return [dataclasses.replace(one, is_ratio=is_ratio(name, flat)) for one in compared]


def of_pairs(name: str, found: Sequence[Sides]) -> list[Comparison]:
    """First less second of each pair, over seeds."""
    return of_groups(name, [[pair] for pair in found])


def paired(name: str, found: Sequence[Sides]) -> Comparison:
    """Mean over pairs of the difference over matched seeds, first less second, resampled by pairs."""
    flat = [values for pair in found for values in pair]
    left = iter(scaled(name, flat))
    compared = statistics.paired_difference((next(left), next(left)) for _ in found)
    return dataclasses.replace(compared, is_ratio=is_ratio(name, flat))


def told(compared: Sequence[Comparison]) -> list[int]:
    """Of each -1 if it is below 0, 1 if it is above, 0 if neither is told after Holm over all of them."""
    adjusted = statistics.holm([one.p for one in compared])
    means = [one.difference.mean or 0.0 for one in compared]
    return [
        ((mean > 0) - (mean < 0)) * statistics.is_told(p) for mean, p in zip(means, adjusted, strict=True)
    ]


def tally(name: str, found: Sequence[Sides]) -> Tally:
    """In how many pairs the first is lower or higher, and in how many of either it is told."""
    compared = of_pairs(name, found)
    means, sure = [one.difference.mean or 0.0 for one in compared], told(compared)
    return Tally(
        lower=sum(mean < 0 for mean in means),
        higher=sum(mean > 0 for mean in means),
        told_lower=sure.count(-1),
        told_higher=sure.count(1),
        pairs=len(compared),
        has_intervals=any(one.difference.low is not None for one in compared),
    )


def lower_side(name: str, found: Sequence[Sides]) -> int | None:
    """Which side is lower over all pairs: 0, 1, or None where it cannot be told.

    By the sign-flip test, where there are enough pairs for one; else by the pairs that are told apart, if
    they agree. Of one seed by what all pairs show, since no seed can be asked about another.
    """
    tested = paired(name, found)
    if tested.p is None:
        means = [tuple(sum(side.values()) / len(side) for side in pair) for pair in found]
        lower = {first < second for first, second in means}
        return int(not lower.pop()) if len(lower) == 1 else None
    if statistics.is_told(statistics.smallest_p(tested.difference.n)):
        return int((tested.difference.mean or 0.0) > 0) if statistics.is_told(tested.p) else None
    sure = told(of_pairs(name, found))
    wins = (sure.count(-1), sure.count(1))
    return wins.index(max(wins)) if min(wins) == 0 < max(wins) else None


def settings_of(pairs: Sequence[Pair]) -> Mapping[str, list[object]]:
    """Of each setting that is the same on both sides of every pair its value in each pair."""
    shared = [
        name
        for name in pairs[0].first.settings
        if all(
            name in pair.first.settings and pair.first.settings[name] == pair.second.settings.get(name)
            for pair in pairs
        )
    ]
    return {name: [pair.first.settings[name] for pair in pairs] for name in shared}
