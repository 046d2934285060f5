"""Two runs -> what changed in each configuration and measure, and whether that is more than chance."""

import math
from collections.abc import Mapping, Sequence

from bench import errors, measures, statistics
from bench.compare import apart, overall
from bench.compare.change import (
    BETTER,
    CONSISTENT,
    NOT_COMPARABLE,
    SAME,
    WORSE,
    Change,
    Comparison,
)
from bench.compare.reading import NO_SEED, Settings, Side
from bench.report import words
from bench.report.evidence import differences as apart_of
from bench.report.evidence import naming
from bench.report.findings.verdicts import CANNOT_TELL, NO_DIFFERENCE
from bench.statistics import Interval, Values

IN_FEATURES = {"frechet_prior", "frechet_mixture"}
"""Those in the features of a classifier, which every run trains for itself or takes over from another."""

ROUNDING = 1e-3
"""Baselines have no seed: what differs by less than this share of a number is rounding, the rest is real.

Another instruction set, AVX2 in place of AVX-512 in BLAS and in the backend, moved none by over 0.04 %."""


def compare(before: Side, after: Side) -> Comparison:
    """Hold two runs against each other, configuration by configuration.

    A change is better or worse where the p-value over seeds, after Holm over all numbers of
    both runs, is below 0.05: of two runs of one program one in twenty shows any. Over all configurations
    signs of their differences are flipped, with Holm over those rows: there, too, one in twenty. Where one
    run has one seed only, its value is held against the spread of the other's, as one more of them. With one
    seed on both sides nothing can be told, unless the numbers are the same.

    Raises
    ------
    RunFolderError
        If the runs have no configuration in common.
    """
    notes = []
    if before.backends != after.backends and len(before.backends) == len(after.backends) == 1:
        notes.append(
            f"The first ran on {min(before.backends)}, the second on {min(after.backends)}: configurations "
            "are matched across the two."
        )
        before, after = before.without_backend(), after.without_backend()
    named = _names([*before.values, *after.values])
    shared = {settings: named[settings] for settings in before.values if settings in after.values}
    lost = _lost(before, after, named)
    if not shared and not lost:
        raise errors.RunFolderError(
            f"{before.name} and {after.name} have no configuration in common that ended well, so there is "
            f"nothing to compare; {_why_none(before, after)}"
        )
    reasons = _incomparable(before, after)
    spaces = {name: why for name, why in _other_features(before, after).items() if name not in reasons}
    changes = _changes(before, after, shared, reasons, spaces)
    return Comparison(
        before=before.name,
        after=after.name,
        overall=overall.changes(before, after, shared, changes),
        changes=changes,
        only_before=tuple(named[one] for one in before.values if one not in after.values and one not in lost),
        only_after=tuple(named[one] for one in after.values if one not in before.values),
        notes=(*notes, *_settings_apart(before, after), *dict.fromkeys(reasons.values()), *spaces.values()),
        failures=tuple(lost.values()),
    )


def _why_none(before: Side, after: Side) -> str:
    if found := apart.differing(before.values, after.values):
        return f"they differ in {'; '.join(found)} (first / second)"
    return "each setting has a value in both, and no combination is; see the settings in their results.csv"


def _settings_apart(before: Side, after: Side) -> list[str]:
    """A sentence on what tells the configurations that are in one run only from those of the other."""
    first = [one for one in before.values if one not in after.values]
    second = [one for one in after.values if one not in before.values]
    found = apart.differing(first, second)
    return [f"What is in one run only differs in {'; '.join(found)} (first / second)."] if found else []


def _lost(before: Side, after: Side, named: Mapping[Settings, str]) -> dict[Settings, str]:
    """Configurations of which seeds ended well in the first run and failed in the second, in sentences."""
    return {
        settings: f"{name}: {_ended(before, settings)} ended well in the first run, "
        f"{_ended(after, settings)} in the second."
        for settings, name in named.items()
        if before.ended_well(settings) & after.failed.get(settings, set())
    }


def _ended(side: Side, settings: Settings) -> str:
    well = len(side.ended_well(settings))
    return f"{well} of {words.count(well + len(side.failed.get(settings, ())), 'trial')}"


def _names(configurations: Sequence[Settings]) -> dict[Settings, str]:
    known = {settings: dict(settings) for settings in configurations}
    usual = naming.base(settings for settings in known.values() if "architecture" in settings)
    return {one: naming.name(settings, usual).replace(words.NBSP, " ") for one, settings in known.items()}


def _incomparable(before: Side, after: Side) -> dict[str, str]:
    """Data sets whose numbers do not compare, and why."""
    if before.protocol != after.protocol:
        versions = f"{before.protocol} and {after.protocol}"
        why = f"The runs were measured by versions {versions} of the protocol: no number compares."
        measured = {words.source(dict(settings)["dataset"]) for settings in before.values}
        return dict.fromkeys((*before.data, *measured), why)
    return {
        name: f"The images of {name} are not the same in both runs: their numbers do not compare."
        for name, sha256 in before.data.items()
        if after.data.get(name, sha256) != sha256
    }


def _other_features(before: Side, after: Side) -> dict[str, str]:
    """Data sets whose images were not compared in the features of one classifier in both runs, and why."""
    alike = {name for name, known in before.features.items() if known == after.features.get(name)}
    return {
        name: f"The runs are not known to have compared images of {name} in the features of one classifier: "
        f"Frechet distances do not compare. `--features {before.name}` takes over that of the first."
        for name in sorted(_with_features(before) & _with_features(after) - alike)
    }


def _with_features(side: Side) -> set[str]:
    """Data sets with a measure in features."""
    measured = (dict(settings) for settings, found in side.values.items() if IN_FEATURES & found.keys())
    return {words.source(settings["dataset"]) for settings in measured}


def _changes(
    before: Side,
    after: Side,
    shared: Mapping[Settings, str],
    reasons: Mapping[str, str],
    spaces: Mapping[str, str],
) -> tuple[Change, ...]:
    """Every measure of every configuration; the verdicts hold for all of them together."""
    found = [
        (settings, name, measure, first, second)
        for settings, name in shared.items()
        for measure in measures.of_table("compare")
        if (first := before.values[settings].get(measure)) and (second := after.values[settings].get(measure))
    ]
    differences = _differences([(measure, first, second) for _, _, measure, first, second in found])
    apart = [
        (dataset := words.source(dict(settings)["dataset"])) in reasons
        or (measure in IN_FEATURES and dataset in spaces)
        for settings, _, measure, *_ in found
    ]
    adjusted = statistics.holm(
        [None if is_apart else one.p for one, is_apart in zip(differences, apart, strict=True)]
    )
    return tuple(
        Change(
            configuration=name,
            measure=measure,
            before=_mean(first),
            after=_mean(second),
            difference=one.difference,
            verdict=NOT_COMPARABLE if is_apart else _verdict(measure, first, second, one.difference, p),
        )
        for (_, name, measure, first, second), one, p, is_apart in zip(
            found, differences, adjusted, apart, strict=True
        )
    )


def _differences(asked: Sequence[tuple[str, Values, Values]]) -> list[statistics.Comparison]:
    """After less before of each; those of one measure with seeds on both sides learn from one another."""
    found: dict[int, statistics.Comparison] = {}
    for measure in dict.fromkeys(measure for measure, *_ in asked):
        places = [i for i, (name, *sides) in enumerate(asked) if name == measure and min(map(len, sides)) > 1]
        compared = apart_of.of_pairs(measure, [(asked[i][2], asked[i][1]) for i in places])
        for i, one in zip(places, compared, strict=True):
            found[i] = _plain(one, _mean(asked[i][1]), _mean(asked[i][2]))
    return [found.get(i) or _single(before, after) for i, (_, before, after) in enumerate(asked)]


def _plain(one: statistics.Comparison, before: float, after: float) -> statistics.Comparison:
    """A difference of logarithms in the unit of the measure: by how much the ratio moves what was before."""
    value = one.difference
    if not one.is_ratio:
        return one
    low, high = (None if end is None else before * math.expm1(end) for end in (value.low, value.high))
    interval = Interval(mean=after - before, low=low, high=high, n=value.n)
    return statistics.Comparison(difference=interval, p=one.p)


def _single(before: Values, after: Values) -> statistics.Comparison:
    """After less before, of which one side has one value."""
    if len(before) > 1:
        return statistics.one_more([*before.values()], *after.values())
    found = statistics.one_more([*after.values()], *before.values())
    low, high = found.difference.low, found.difference.high
    turned = Interval(
        mean=None if found.difference.mean is None else -found.difference.mean,
        low=None if high is None else -high,
        high=None if low is None else -low,
        n=found.difference.n,
    )
    return statistics.Comparison(difference=turned, p=found.p)


def _verdict(
    measure: str,
    before: Mapping[int, float],
    after: Mapping[int, float],
    difference: Interval,
    p: float | None,
) -> str:
    both = before.keys() & after.keys()
    if both and all(before[seed] == after[seed] for seed in both):
        return SAME
    change = difference.mean or 0.0
    if NO_SEED in both:
        is_real = abs(change) > ROUNDING * abs(before[NO_SEED])
        if not is_real:
            return SAME
    elif not statistics.is_told(p):
        if statistics.is_foreseen(*_scaled(measure, before, after)):
            return CONSISTENT
        return CANNOT_TELL if p is None else NO_DIFFERENCE
    return BETTER if measures.named(measure).improves(change) else WORSE


def _scaled(measure: str, before: Values, after: Values) -> tuple[list[float], list[float]]:
    """Both sides on the scale on which the measure is compared."""
    first, second = apart_of.scaled(measure, [before, after])
    return [*first.values()], [*second.values()]


def _mean(values: Mapping[int, float]) -> float:
    return sum(values.values()) / len(values)
