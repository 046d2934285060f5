"""One measure over all configurations of two runs: a shift that is too small for any of them alone."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from bench import measures, statistics
from bench.compare.change import BETTER, NOT_COMPARABLE, SAME, WORSE, Change
from bench.compare.reading import Settings, Side
from bench.report import words
from bench.report.evidence.differences import has_logarithms
from bench.report.findings import verdicts
from bench.report.findings.verdicts import NO_DIFFERENCE
from bench.statistics import Sides, Values

Pair = tuple[float, float]  # a measure in the first run and in the second
Group = tuple[str, ...]


def changes(
    before: Side, after: Side, shared: Mapping[Settings, str], alone: Sequence[Change]
) -> tuple[Change, ...]:
    """Of each measure the mean over configurations that were trained, with its interval and verdict.

    Configurations are the pairs of `bench.statistics.resampling`, each the mean over the seeds that both runs
    have: with one such seed or none, what they share may be the reason for all that differs, and they are
    left out. So are baselines, which have no seed, and what does not compare. A configuration on several
    backends is one pair. Data sets, and ELBOs of several losses, stand apart, since their numbers are on
    other scales. Fewer than six configurations could give no verdict, and get none.
    """
    groups = _groups(before, after, shared, alone)
    found = {
        group: [_mean([_means(sides) for sides in each]) for each in configurations.values()]
        for group, configurations in groups.items()
        if statistics.is_told(statistics.smallest_p(len(configurations)))
    }
    differences = {group: _differences(group[0], pairs) for group, pairs in found.items()}
    varied = [verdicts.varies(group[0], [each[0] for each in groups[group].values()]) for group in found]
    flipped = [statistics.sign_flip_p(values) for values in differences.values()]
    adjusted = statistics.holm([*flipped, *varied])
    places = {group: _place(group, found) for group in found}
    return tuple(
        _turned(
            _change(group[0], places[group], found[group], differences[group], adjusted[i]),
            adjusted[len(found) + i],
            differences[group],
            [*groups[group]],
        )
        for i, group in enumerate(found)
    )


def _groups(
    before: Side, after: Side, shared: Mapping[Settings, str], alone: Sequence[Change]
) -> dict[Group, dict[Settings, list[Sides]]]:
    """Both sides of each configuration, over the seeds that both have, on each backend."""
    comparable = {(one.configuration, one.measure) for one in alone if one.verdict != NOT_COMPARABLE}
    groups: dict[Group, dict[Settings, list[Sides]]] = {}
    for measure in measures.of_table("compare"):
        for settings, name in shared.items():
            if (name, measure) not in comparable:
                continue
            sides = _sides(before.values[settings][measure], after.values[settings][measure])
            if sides is not None:
                alike = tuple(item for item in settings if item[0] != "backend")
                groups.setdefault(_group(measure, settings), {}).setdefault(alike, []).append(sides)
    return groups


def _turned(change: Change, p: float | None, means: Sequence[float], alike: Sequence[Settings]) -> Change:
    """Where no difference is shown over all, whether it depends on a setting: as the report tells it."""
    is_mixed = min(means) < 0 < max(means)
    if change.verdict != NO_DIFFERENCE or not is_mixed or not statistics.is_told(p):
        return change
    known = [dict(settings) for settings in alike]
    names = [name for name in known[0] if all(name in one for one in known)]
    cause = verdicts.turning(means, {name: [one[name] for one in known] for name in names})
    named = words.axis(cause.name) if cause else verdicts.ON_SETTINGS
    return dataclasses.replace(change, verdict=verdicts.DEPENDS, cause=named)


def _group(measure: str, settings: Settings) -> Group:
    """What one row is over: measure, data set, and the loss where numbers compare within one only."""
    known = dict(settings)
    return (measure, known["dataset"], *((known["loss"],) if measure == "test_elbo" else ()))


def _sides(first: Values, second: Values) -> Sides | None:
    both = [seed for seed in first if seed in second]
    if len(both) < 2:
        return None
    return {seed: first[seed] for seed in both}, {seed: second[seed] for seed in both}


def _means(sides: Sides) -> Pair:
    old, new = (math.fsum(values.values()) / len(values) for values in sides)
    return old, new


def _mean(pairs: Sequence[Pair]) -> Pair:
    old, new = (math.fsum(values) / len(pairs) for values in zip(*pairs, strict=True))
    return old, new


def _place(group: Group, groups: Mapping[Group, Sequence[Pair]]) -> str:
    """All that are in a group, in words: with its data set and loss, where there are several."""
    measure, dataset, *loss = group
    text = f"all {len(groups[group])} together"
    if len({other for _, other, *_ in groups}) > 1:
        text += f", {words.dataset(dataset)}"
    if loss and len({tuple(others) for name, _, *others in groups if name == measure}) > 1:
        text += f", loss {loss[0]}"
    return text


def _differences(measure: str, pairs: Sequence[Pair]) -> list[float]:
    """After less before of each configuration: of what is compared by ratios their logarithms."""
    if _is_ratio(measure, pairs):
        return [math.log(new / old) for old, new in pairs]
    return [new - old for old, new in pairs]


def _is_ratio(measure: str, pairs: Sequence[Pair]) -> bool:
    return has_logarithms(measure, (value for pair in pairs for value in pair))


def _in_unit(before: float, ratio: statistics.Interval) -> statistics.Interval:
    """By how much a mean ratio, given by its logarithm, moves what was before."""
    mean, low, high = (
        None if each is None else before * math.expm1(each) for each in (ratio.mean, ratio.low, ratio.high)
    )
    return statistics.Interval(mean=mean, low=low, high=high, n=ratio.n)


def _change(
    measure: str, place: str, both: Sequence[Pair], differences: Sequence[float], p: float | None
) -> Change:
    old, new = _mean(both)
    verdict = BETTER if measures.named(measure).improves(math.fsum(differences)) else WORSE
    if not statistics.is_told(p):
        verdict = NO_DIFFERENCE
    interval = statistics.bootstrap_interval(differences)
    return Change(
        configuration=place,
        measure=measure,
        before=old,
        after=new,
        difference=_in_unit(old, interval) if _is_ratio(measure, both) else interval,
        verdict=verdict if any(differences) else SAME,
    )
