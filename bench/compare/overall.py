"""One measure over all configurations of two runs: a shift that is too small for any of them alone."""

import math
from collections.abc import Mapping, Sequence

from bench import measures, statistics
from bench.compare.change import BETTER, NOT_COMPARABLE, SAME, WORSE, Change
from bench.compare.reading import Settings, Side
from bench.report import words
from bench.report.evidence.differences import has_logarithms
from bench.report.findings.verdicts import NO_DIFFERENCE

Pair = tuple[float, float]  # a measure in the first run and in the second


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
    comparable = {(one.configuration, one.measure) for one in alone if one.verdict != NOT_COMPARABLE}
    groups: dict[tuple[str, ...], dict[Settings, list[Pair]]] = {}
    for measure in measures.of_table("compare"):
        for settings, name in shared.items():
            if (name, measure) not in comparable:
                continue
            pair = _pair(before.values[settings][measure], after.values[settings][measure])
            if pair is not None:
                alike = tuple(item for item in settings if item[0] != "backend")
                groups.setdefault(_group(measure, settings), {}).setdefault(alike, []).append(pair)
    found = {
        group: [_mean(pairs) for pairs in configurations.values()]
        for group, configurations in groups.items()
        if statistics.is_told(statistics.smallest_p(len(configurations)))
    }
    differences = {group: _differences(group[0], pairs) for group, pairs in found.items()}
    adjusted = statistics.holm([statistics.sign_flip_p(values) for values in differences.values()])
    places = {group: _place(group, found) for group in found}
    return tuple(
        _change(group[0], places[group], found[group], differences[group], p)
        for group, p in zip(found, adjusted, strict=True)
    )


def _group(measure: str, settings: Settings) -> tuple[str, ...]:
    """What one row is over: measure, data set, and the loss where numbers compare within one only."""
    known = dict(settings)
    return (measure, known["dataset"], *((known["loss"],) if measure == "test_elbo" else ()))


def _pair(first: Mapping[int, float], second: Mapping[int, float]) -> Pair | None:
    both = first.keys() & second.keys()
    if len(both) < 2:
        return None
    old, new = (math.fsum(values[seed] for seed in both) / len(both) for values in (first, second))
    return old, new


def _mean(pairs: Sequence[Pair]) -> Pair:
    old, new = (math.fsum(values) / len(pairs) for values in zip(*pairs, strict=True))
    return old, new


def _place(group: tuple[str, ...], groups: Mapping[tuple[str, ...], Sequence[Pair]]) -> str:
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
