"""One measure over all configurations of two runs: a shift that is too small for any of them alone."""

from collections.abc import Mapping, Sequence

from bench import statistics
from bench.compare.change import BETTER, CANNOT_TELL, MEASURES, NOT_COMPARABLE, SAME, WORSE, Change
from bench.compare.reading import NO_SEED, Settings, Side
from bench.metrics import definitions


def changes(
    before: Side, after: Side, shared: Mapping[Settings, str], alone: Sequence[Change]
) -> tuple[Change, ...]:
    """Of each measure the mean over configurations that were trained, with its interval and verdict.

    Configurations are the pairs of `bench.statistics.resampling`; baselines, which have no seed, are left
    out, and so is what does not compare. Fewer than six configurations could give no verdict, and get none.
    """
    comparable = {(one.configuration, one.measure) for one in alone if one.verdict != NOT_COMPARABLE}
    found = []
    for measure in MEASURES:
        both = [
            (_mean(before.values[settings][measure]), _mean(after.values[settings][measure]))
            for settings, name in shared.items()
            if (name, measure) in comparable and NO_SEED not in before.values[settings][measure]
        ]
        if statistics.is_told(statistics.smallest_p(len(both))):
            found.append((measure, both))
    differences = [[new - old for old, new in both] for _, both in found]
    adjusted = statistics.holm([statistics.sign_flip_p(values) for values in differences])
    return tuple(
        _change(measure, both, values, p)
        for (measure, both), values, p in zip(found, differences, adjusted, strict=True)
    )


def _change(
    measure: str, both: Sequence[tuple[float, float]], differences: Sequence[float], p: float | None
) -> Change:
    old, new = (sum(values) / len(both) for values in zip(*both, strict=True))
    is_lower = new < old
    verdict = BETTER if is_lower == (definitions.BY_NAME[measure].better == "lower") else WORSE
    if not statistics.is_told(p):
        verdict = CANNOT_TELL
    return Change(
        configuration=f"all {len(both)} together",
        measure=measure,
        before=old,
        after=new,
        difference=statistics.bootstrap_interval(differences),
        verdict=verdict if any(differences) else SAME,
    )


def _mean(values: Mapping[int, float]) -> float:
    return sum(values.values()) / len(values)
