"""How often something is told that is not so, and how often what is so, by simulation: `docs/power.md`.

`python -m tests.power` prints the tables; `tests/bench/statistics/test_statistics_power.py` holds parts of
them, with fewer runs. A trial's number is the mean of its configuration and noise of one deviation, so that
effects are in deviations of one trial. "Before" is Welch's test with Holm over the others of one
configuration, or over the pairs.
"""

import sys
from collections.abc import Callable

import numpy as np
from scipy import special

from bench import statistics

SEED = 20_261_130
Generator = np.random.Generator
Deviations = Callable[[Generator, int], np.ndarray]

SPREADS: dict[str, Deviations] = {
    "all alike": lambda generator, k: np.ones(k),
    "half twice as wide": lambda generator, k: np.where(np.arange(k) < k / 2, 2.0, 1.0),
    "one in fifteen five times": lambda generator, k: np.where(np.arange(k) < max(1, k // 15), 5.0, 1.0),
    "by a lognormal of 0.5": lambda generator, k: np.exp(0.5 * generator.normal(size=k)),
    "by Smyth's prior, d0 = 4": lambda generator, k: np.sqrt(4 / generator.chisquare(4, size=k)),
}
"""How wide the seeds of each of k configurations scatter."""


def drawn(generator: Generator, k: int, seeds: int, spread: Deviations, common: float = 0.5) -> np.ndarray:
    """Numbers (k, seeds) of configurations that are equal; a seed moves all alike, by `common`."""
    noise = generator.normal(size=(k, seeds)) * spread(generator, k)[:, None]
    return noise + common * generator.normal(size=seeds)


def heavy(generator: Generator, k: int, seeds: int) -> np.ndarray:
    """The same of Student's t with 5 degrees of freedom, scaled to one deviation."""
    return generator.standard_t(5, size=(k, seeds)) * np.sqrt(3 / 5)


def by_seed(rows: np.ndarray) -> list[statistics.Values]:
    """Rows (k, seeds) as the statistics take them."""
    return [dict(enumerate(row)) for row in rows.tolist()]


def told_apart(rows: np.ndarray) -> np.ndarray:
    """Of each configuration (k,) how many others are told apart from it."""
    found = statistics.standings(by_seed(rows))
    k = len(rows)
    return np.array([place.low - 1 + k - place.high for place in found])


def told_apart_before(rows: np.ndarray) -> np.ndarray:
    """The same by Welch's test with Holm over the others of each configuration."""
    means, errors = rows.mean(axis=1), rows.var(axis=1, ddof=1) / rows.shape[1]
    p = _welch(means[:, None] - means, errors[:, None], errors, rows.shape[1])
    np.fill_diagonal(p, np.nan)
    return np.array([np.count_nonzero(_holm(row[~np.isnan(row)])) for row in p])


def pairs_told(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of each pair (m,) whether it is told, after Holm over the pairs."""
    pairs = zip(by_seed(first), by_seed(second), strict=True)
    return _holm(np.array([one.p for one in statistics.differences([[pair] for pair in pairs])], dtype=float))


def pairs_told_before(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The same by Welch's test."""
    errors = [side.var(axis=1, ddof=1) / side.shape[1] for side in (first, second)]
    return _holm(_welch(first.mean(axis=1) - second.mean(axis=1), *errors, first.shape[1]))


def _welch(gap: np.ndarray, first: np.ndarray, second: np.ndarray, seeds: int) -> np.ndarray:
    total = first + second
    freedom = total**2 / (first**2 + second**2) * (seeds - 1)
    return np.asarray(2 * special.stdtr(freedom, -np.abs(gap) / np.sqrt(total)))


def _holm(p: np.ndarray) -> np.ndarray:
    return np.array([statistics.is_told(each) for each in statistics.holm(p.tolist())])


def differs(generator: Generator, m: int, seeds: int, spread: Deviations, effect: float = 0.0) -> bool:
    """Whether m pairs are said to differ among themselves, whose true differences scatter by `effect`."""
    first, second = (drawn(generator, m, seeds, spread) for _ in range(2))
    first += effect * generator.normal(size=(m, 1)) + 1
    p = statistics.heterogeneity_p([*zip(by_seed(first), by_seed(second), strict=True)])
    return statistics.is_told(p)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


Draw = Callable[[Generator, int, int], np.ndarray]


def _draws() -> dict[str, Draw]:
    """How tables of k configurations over seeds are drawn, by what is said of it."""

    def of(spread: Deviations) -> Draw:
        return lambda generator, k, seeds: drawn(generator, k, seeds, spread)

    return {**{name: of(spread) for name, spread in SPREADS.items()}, "with heavy tails": heavy}


TESTS: dict[str, tuple[Callable[..., np.ndarray], int, int]] = {
    "60 rows": (told_apart, 60, 1),
    "60 rows, before": (told_apart_before, 60, 1),
    "12 rows": (told_apart, 12, 1),
    "28 pairs": (pairs_told, 28, 2),
    "28 pairs, before": (pairs_told_before, 28, 2),
    "8 pairs": (pairs_told, 8, 2),
}
"""What is tested: the test, how many rows or pairs, and how many sides these have."""


def sizes(runs: int) -> str:
    """Share of tables in which anything is told of what is equal."""
    rows = []
    for name, draw in _draws().items():
        for seeds in (3, 5):
            generator = np.random.default_rng(SEED)
            row = [name, str(seeds)]
            for test, k, sides in TESTS.values():
                wrong = [test(*(draw(generator, k, seeds) for _ in range(sides))).any() for _ in range(runs)]
                row.append(f"{100 * np.mean(wrong):.1f} %")
            spread = SPREADS.get(name, SPREADS["all alike"])
            turned = [differs(generator, 28, seeds, spread) for _ in range(runs)]
            rows.append([*row, f"{100 * np.mean(turned):.1f} %"])
    return _table(["seeds scatter", "seeds", *TESTS, "28 pairs differ"], rows)


def powers(runs: int) -> str:
    """Share of true differences that are told, by their size in deviations."""
    rows = []
    for effect in range(1, 11):
        row = [str(effect)]
        for seeds in (3, 5):
            generator = np.random.default_rng(SEED)
            found = [_power(generator, seeds, effect) for _ in range(runs)]
            row += [f"{each:.2f}" for each in np.mean(found, axis=0)]
        rows.append(row)
    named = ("60 rows", "before", "28 pairs", "before")
    return _table(["effect", *(f"{name}, {seeds} seeds" for seeds in (3, 5) for name in named)], rows)


def _power(generator: Generator, seeds: int, effect: float) -> list[float]:
    """Of one of 60 that is better than all others, and of 28 pairs that all differ."""
    table = drawn(generator, 60, seeds, SPREADS["all alike"])
    table[0] -= effect
    first, second = (drawn(generator, 28, seeds, SPREADS["all alike"]) for _ in range(2))
    return [
        *(float(test(table)[0]) / 59 for test in (told_apart, told_apart_before)),
        *(float(test(first + effect, second).mean()) for test in (pairs_told, pairs_told_before)),
    ]


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(sizes(count), powers(count), sep="\n\n")
