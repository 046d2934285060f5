"""Does a difference hold from setting to setting, or does it depend on one of them?

A mean difference that may be 0 has two readings: there is none anywhere, or there is one way here and the
other way there. They are told apart by whether the differences of pairs vary by more than their seeds
explain.
"""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from scipy import special

from bench.statistics.families import Sides
from bench.statistics.intervals import is_told
from bench.statistics.moderation import FEWEST, blocked_variances, moderated
from bench.statistics.multiplicity import holm

_SHUFFLES = 1_999
_SEED = 1_984


def heterogeneity_p(pairs: Sequence[Sides]) -> float | None:
    """P-value of the differences of all pairs being the same, by Welch's test of several means.

    Between pairs against between seeds within them, where seeds are blocks: what a seed does to all pairs
    alike is no part of either. Variances within pairs are moderated, for Welch's test is too sure of three
    seeds: of pairs that are alike it says that they differ in 4 of 100 cases at most (`docs/power.md`).
    Without eight pairs with two seeds or more, the same on all sides, or where nothing varies, there is none.

    References
    ----------
    Welch 1951, "On the comparison of several mean values: an alternative approach", Biometrika 38.
    """
    apart = [
        {seed: first[seed] - second[seed] for seed in first if seed in second} for first, second in pairs
    ]
    apart = [values for values in apart if len(values) > 1]
    m = len(apart)
    if m < FEWEST or any(values.keys() != apart[0].keys() for values in apart):
        return None
    rows = np.array([[values[seed] for seed in apart[0]] for values in apart])  # (m, seeds)
    means, seeds = rows.mean(axis=1), rows.shape[1]
    variances, _ = moderated(blocked_variances(rows), np.full(m, seeds - 1.0))
    if not variances.min() > 0:
        return None
    weights = seeds / variances / (seeds / variances).sum()
    spread = float(seeds / variances @ (means - weights @ means) ** 2) / (m - 1)
    doubt = float(((1 - weights) ** 2).sum()) / (seeds - 1)
    ratio = spread / (1 + 2 * (m - 2) / (m**2 - 1) * doubt)
    return float(special.fdtrc(m - 1, (m**2 - 1) / (3 * doubt), ratio))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cause:
    """A setting by whose values the differences of pairs vary.

    `share` is how much of their variance it explains, beyond what as many groups would by chance: 1 at most.
    `groups` has the mean difference at each value, lowest first.
    """

    name: str
    share: float
    groups: tuple[tuple[Hashable, float], ...]


def cause(differences: Sequence[float], labels: Mapping[str, Sequence[Hashable]]) -> Cause | None:
    """Which setting explains most of how differences vary; None where none does beyond chance.

    Parameters
    ----------
    differences : (m,) floats
        The mean difference of each pair.
    labels
        Of each setting its value in each pair; one with a single value, or another in every pair, explains
        nothing. Each is tested by shuffling differences among pairs, with Holm over all.
    """
    values = np.asarray(differences, dtype=float)
    codes = {name: _codes(found) for name, found in labels.items()}
    asked = {name: code for name, code in codes.items() if 1 < code.max(initial=0) + 1 < len(values)}
    if len(values) < 3 or np.ptp(values) == 0:
        return None
    shuffled = np.random.default_rng(_SEED).permuted(np.tile(values, (_SHUFFLES, 1)), axis=1)
    within = {name: _within(values[None], code)[0] for name, code in asked.items()}
    p = {
        name: (1 + np.count_nonzero(_within(shuffled, code) <= within[name] * (1 + 1e-9))) / (_SHUFFLES + 1)
        for name, code in asked.items()
    }
    told = [n for n, each in zip(asked, holm([float(p[n]) for n in asked]), strict=True) if is_told(each)]
    total = float(values.var(ddof=1))
    shares = {n: 1 - within[n] / (len(values) - asked[n].max() - 1) / total for n in told}
    if not shares:
        return None
    name = max(shares, key=lambda one: shares[one])
    groups = {v: float(values[[other == v for other in labels[name]]].mean()) for v in labels[name]}
    return Cause(
        name=name, share=float(shares[name]), groups=tuple(sorted(groups.items(), key=lambda item: item[1]))
    )


def _codes(values: Sequence[Hashable]) -> np.ndarray:
    order = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return np.array([order[value] for value in values], dtype=int)


def _within(rows: np.ndarray, code: np.ndarray) -> np.ndarray:
    """Sum of squares (r,) of each row of (r, m) values about the means of its groups."""
    member = np.eye(code.max() + 1)[code]  # (m, groups)
    sums = rows @ member
    return np.asarray((rows**2).sum(axis=1) - (sums**2 / member.sum(axis=0)).sum(axis=1))
