"""A grid of all combinations -> which setting, and which two together, have which share of what varies.

Only such a grid has shares: each setting then varies alike at every value of the others, so that the variance
of the means is the sum of what each setting does alone, each two do together, and so on. They are shares of
the variance among the values that the grid tries, and no others.
"""

import dataclasses
import itertools
import math
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from scipy import special

from bench.statistics.multiplicity import holm


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """What one setting does alone, or two do together.

    Attributes
    ----------
    names
        The settings.
    share
        Of the variance of the means, noise of few seeds taken off; it may fall below 0 where there is none.
    p
        Of the F test against the variance between seeds, after Holm over all parts; None with one seed.
    """

    names: tuple[str, ...]
    share: float
    p: float | None


def is_factorial(settings: Sequence[Mapping[str, Hashable]]) -> bool:
    """Whether these are all combinations of the values of two settings or more, each once."""
    levels = _levels(settings)
    rows = {tuple(one.get(name) for name in levels) for one in settings}
    count = math.prod(len(values) for values in levels.values())
    return len(levels) > 1 and count == len(rows) == len(settings)


def anova(settings: Sequence[Mapping[str, Hashable]], values: Sequence[Mapping[int, float]]) -> list[Part]:
    """Shares of all single settings and of all pairs of them, largest first.

    Parameters
    ----------
    settings
        Of each configuration; together they are factorial, in the sense of `is_factorial`.
    values
        A measure of each by seed, the same seeds for all; with one seed shares have noise in them.

    References
    ----------
    Hoeffding 1948, "A class of statistics with asymptotically normal distribution", Ann. Math. Statist. 19;
    Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance", ICML.
    """
    levels = _levels(settings)
    names = [*levels]
    seeds = len(values[0])
    cells = np.empty((*(len(levels[name]) for name in names), seeds))
    for one, found in zip(settings, values, strict=True):
        place = tuple(levels[name].index(one.get(name)) for name in names)
        cells[place] = [found[seed] for seed in sorted(values[0])]
    means = cells.mean(axis=-1)
    rest = cells - means[..., None]
    rest -= rest.mean(axis=tuple(range(len(names))))  # what a seed does to all alike
    freedom = (means.size - 1) * (seeds - 1)
    noise = float((rest**2).sum()) / freedom if freedom else 0.0
    total = float(((means - means.mean()) ** 2).sum()) * seeds
    parts = [s for size in (1, 2) for s in itertools.combinations(range(len(names)), size)]
    squared = [_part(means, axes, seeds) for axes in parts]
    ps = [
        float(special.fdtrc(free, freedom, squares / free / noise)) if noise else None
        for squares, free in squared
    ]
    whole = total - noise * (means.size - 1)
    return sorted(
        (
            Part(
                names=tuple(names[axis] for axis in axes),
                share=(squares - free * noise) / whole if whole > 0 else math.nan,
                p=p,
            )
            for axes, (squares, free), p in zip(parts, squared, holm(ps), strict=True)
        ),
        key=lambda part: -part.share,
    )


def _levels(settings: Sequence[Mapping[str, Hashable]]) -> dict[str, list[Hashable]]:
    """Of each setting that varies its values, in the order in which they come."""
    names = dict.fromkeys(name for one in settings for name in one)
    values = {name: [*dict.fromkeys(one.get(name) for one in settings)] for name in names}
    return {name: found for name, found in values.items() if len(found) > 1}


def _part(means: np.ndarray, axes: tuple[int, ...], seeds: int) -> tuple[float, int]:
    """Sum of squares of what these settings do, less what fewer of them do, and its degrees of freedom."""
    others = tuple(axis for axis in range(means.ndim) if axis not in axes)
    effect = means.mean(axis=others, keepdims=True)
    for axis in axes:
        effect = effect - effect.mean(axis=axis, keepdims=True)
    repeats = seeds * means.size / effect.size
    return float((effect**2).sum() * repeats), math.prod(means.shape[axis] - 1 for axis in axes)
