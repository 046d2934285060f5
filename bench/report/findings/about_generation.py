"""What models generate, from the prior and from a density that was fitted to their codes afterwards."""

from collections.abc import Sequence
from statistics import fmean
from typing import Literal

from bench.report import words
from bench.report.blocks import finding, spark
from bench.report.blocks.chart import Chart
from bench.report.blocks.finding import Finding
from bench.report.evidence import Evidence, differences, floors, opponents, priors
from bench.report.evidence.comparisons import Pair
from bench.report.evidence.floors import SECOND
from bench.report.evidence.opponents import Opponents
from bench.report.findings import agreements, standings
from bench.statistics import Sides

PRIOR, MIXTURE = "frechet_prior", "frechet_mixture"
VARIES = "hangs on the space of features"


def sampled_twice(evidence: Evidence, dataset: str) -> list[Finding | None]:
    """Each model and the one that it builds on: sampled from their priors, and from mixtures of their codes.

    Only pairs of which both were measured so.
    """
    about = evidence.about(dataset)
    measured = [
        (one, [pair for pair in one.pairs if _is_measured(pair)])
        for one in opponents.opponents(about, "model")
    ]
    measured = [(one, pairs) for one, pairs in measured if pairs]
    if len(measured) > 1:
        return [_several(evidence, dataset, measured)]
    return [_of_two(evidence, dataset, one.sides, pairs) for one, pairs in measured]


@finding.told
def _of_two(evidence: Evidence, dataset: str, sides: tuple[str, str], found: Sequence[Pair]) -> Finding:
    """A pair counts where it is told over seeds, after Holm over the pairs."""
    (prior, mixture), (their_prior, their_mixture) = (
        [_mean(found, name, side) for name in (PRIOR, MIXTURE)] for side in ("first", "second")
    )
    floor = floors.floor(evidence, dataset, MIXTURE)
    settings = words.count(len(found), "matched setting")
    sources = [priors.all_of(getattr(pair, side) for pair in found) for side in ("first", "second")]
    their_source = "" if sources[0] == sources[1] else f" from {sources[1]}"
    text = (
        f"Frechet distance to test images, mean over {settings}: {sides[0]} {_text(prior)} from {sources[0]} "
        f"and {_text(mixture)} from a mixture fitted to its codes; {sides[1]} {_text(their_prior)}"
        f"{their_source} and {_text(their_mixture)}{' from a mixture' if their_source else ''}"
        + (f"; training images get {_text(floor)}. " if floor is not None else ". ")
        + f"{_fall(found, sides)}From the prior {_nearer(found, PRIOR, sides)}; each from its mixture, "
        f"{_nearer(found, MIXTURE, sides)}. {agreements.repeats(evidence, dataset)}"
    ).strip()
    lead = _lead(found, sides)
    return Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="generation").in_short(
        _headline(found, sides, finding.on(evidence, dataset)),
        finding.body(
            f"Mean Frechet distance over {settings}: {sides[0]} {_text(prior)} from its prior, "
            f"{_text(mixture)} from a mixture fitted to its codes.",
            f"{sides[1]} {_text(their_prior)} and {_text(their_mixture)}"
            + (f"; training images {_text(floor)}." if floor is not None else "."),
        ),
        _bars(sides, ((prior, mixture), (their_prior, their_mixture)), evidence.suffix(dataset)),
    )


def _headline(found: Sequence[Pair], sides: tuple[str, str], where: str) -> str:
    """The same verdict as the lead's, in fewer words."""
    first, second = sides
    nearer = _lower(PRIOR, _own(found, ""), _own(found, SECOND))
    if nearer == "varies":
        return f"Whether a mixture helps the {first}{where} {VARIES}."
    if nearer is None:
        return f"Whether a mixture of its codes helps the {first} draw{where} cannot be told."
    if nearer == 1:
        return f"A mixture fitted to its codes does not help the {first} draw{where}."
    other = differences.sides(found, MIXTURE + SECOND)
    lower = _lower(MIXTURE, differences.sides(found, MIXTURE), other if len(other) == len(found) else [])
    if lower == 0:
        return f"From a mixture of its codes the {first} draws nearer images than the {second}{where}."
    if lower == 1:
        return f"A mixture helps the {first}, but the {second}'s is nearer to real images{where}."
    return f"A mixture fitted to its codes helps the {first} draw nearer images{where}."


def _bars(sides: tuple[str, str], means: Sequence[tuple[float, float]], suffix: str) -> Chart:
    """Distances of each from its prior and from its mixture."""
    found = [
        (f"{side} {source}", value, _text(value))
        for side, both in zip(sides, means, strict=True)
        for source, value in zip(("prior", "mixture"), both, strict=True)
    ]
    alt = f"Frechet distance: {', '.join(f'{label} {text}' for label, _, text in found)}."
    return spark.bars(f"spark-twice{suffix}", alt, found)


@finding.told
def _several(
    evidence: Evidence, dataset: str, measured: Sequence[tuple[Opponents, Sequence[Pair]]]
) -> Finding:
    """Who generates images nearer to real ones than the model that it builds on, as the table has it."""
    judged = [
        (one, verdict)
        for one, row in zip(*standings.judged(opponents.opponents(evidence, "model"), dataset), strict=True)
        for verdict in row
        if verdict.measure == PRIOR
    ]
    told = [(one, verdict.winner) for one, verdict in judged]
    nearer, farther, unclear = (
        [one.sides[0] for one, side in told if side == which] for which in (0, 1, None)
    )
    parts = [
        f"{kind} {words.listing(names)}"
        for kind, names in (("nearer", nearer), ("farther", farther), ("not told", unclear))
        if names
    ]
    lines = [
        f"{one.sides[0]} {_both(pairs, PRIOR)} of {one.sides[1]}, and from mixtures of their codes "
        f"{_both(pairs, MIXTURE)}, over {words.count(len(pairs), 'matched setting')}"
        for one, pairs in measured
    ]
    where = finding.on(evidence, dataset)
    means = [
        f"From its prior {one.sides[0]} has a mean Frechet distance of "
        f"{_text(_mean(pairs, PRIOR, 'first'))}, {one.sides[1]} of {_text(_mean(pairs, PRIOR, 'second'))}."
        for one, pairs in measured
    ]
    return Finding(
        lead=f"Samples from the prior, against those of the model it builds on{where}: {'; '.join(parts)}.",
        text="Mean Frechet distance to test images, each from its prior: "
        f"{'; '.join(lines[: finding.MOST_NAMED])}{finding.and_more(lines)} "
        f"{agreements.repeats(evidence, dataset)}".rstrip(),
        see="generation",
    ).in_short(
        _who_is_nearer(told, nearer, where, is_tested=any(verdict.p is not None for _, verdict in judged)),
        finding.body(*(means if len(means) < 3 else (f"{part[0].upper()}{part[1:]}." for part in parts))),
    )


def _who_is_nearer(
    told: Sequence[tuple[Opponents, int | None]], nearer: Sequence[str], where: str, *, is_tested: bool
) -> str:
    """`From the prior: VAE nearer than AE; σ-VAE farther than VAE.`"""
    if not is_tested:
        return finding.headline(
            f"Which model draws nearer images from its prior than its parent{where} cannot be told."
        )
    does = {0: "nearer than", 1: "farther than", None: "not told from"}
    each = "; ".join(f"{one.sides[0]} {does[side]} {one.sides[1]}" for one, side in told)
    if not nearer:
        return finding.headline(
            f"Images from the prior{where}: {each}.",
            f"No model is shown to draw nearer images from its prior than its parent{where}.",
        )
    draw, they = ("draws", "its parent") if len(nearer) == 1 else ("draw", "their parents")
    return finding.headline(
        f"Images from the prior{where}: {each}.",
        f"{words.listing(nearer)} {draw} nearer images from the prior than {they}{where}.",
        f"{words.count(len(nearer), 'model')} {draw} nearer images from the prior than {they}{where}.",
    )


def _both(found: Sequence[Pair], name: str) -> str:
    first, second = (_text(_mean(found, name, side)) for side in ("first", "second"))
    return f"{first} against {second}"


def _lower(name: str, found: Sequence[Sides], second: Sequence[Sides]) -> int | Literal["varies"] | None:
    """Which side is lower over all pairs, 0 or 1; None where one of both spaces does not tell it.

    `varies` where the spaces of features, `second` empty if there is one alone, say the opposite.
    """
    told = differences.lower_side(name, found)
    other = differences.lower_side(name, second) if second else told
    if told is None or other is None:
        return None
    return told if told == other else "varies"


def _lead(found: Sequence[Pair], sides: tuple[str, str]) -> str:
    """The verdict: whether it was the prior that made the first a bad generator."""
    closer = f"brings the {sides[0]} nearer to real images"
    nearer = _lower(PRIOR, _own(found, ""), _own(found, SECOND))
    if nearer is None:
        return f"Whether a mixture fitted to its codes {closer} cannot be told"
    if nearer == "varies":
        return f"Whether a mixture fitted to its codes {closer} {VARIES}"
    if nearer == 1:
        return f"A mixture fitted to its codes does not help the {sides[0]}"
    first, second = (
        [_mean(found, name + end, "first") for name in (MIXTURE, PRIOR)] if _own(found, end) else []
        for end in ("", SECOND)
    )
    fall = f"falls from {_text(first[1])} to {_text(first[0])}"
    if second:
        by = (words.percentage(1 - each[0] / each[1]) for each in (first, second))
        fall = f"falls by {' in one space of features and '.join(by)} in another"
    distance = f"the {sides[0]}'s Frechet distance {fall}"
    return f"Sampled from a density of its own codes, {distance}, {_beside(found, sides[1])}"


def _own(found: Sequence[Pair], end: str) -> list[Sides]:
    """Mixture and prior of the first of each pair, in the space whose measures end so.

    Empty where some have none.
    """
    both: list[Sides] = [
        (pair.first.by_seed(MIXTURE + end), pair.first.by_seed(PRIOR + end)) for pair in found
    ]
    return both if all(map(all, both)) else []


def _beside(found: Sequence[Pair], other: str) -> str:
    """Whether it falls below that of the other."""
    second = differences.sides(found, MIXTURE + SECOND)
    lower = _lower(MIXTURE, differences.sides(found, MIXTURE), second if len(second) == len(found) else [])
    if lower is None:
        return f"and whether below the {other}'s cannot be told"
    if lower == "varies":
        return f"and whether below the {other}'s {VARIES}"
    return f"and stays above the {other}'s" if lower else f"below the {other}'s"


def _fall(found: Sequence[Pair], sides: tuple[str, str]) -> str:
    """By how much the distance of the first falls, and how sure that is over settings.

    In percent where two spaces of features say it: how many times nearer hangs on the space.
    """
    own, second = (_own(found, end) for end in ("", SECOND))
    if not second:
        pairs = differences.tally(PRIOR, own)
        return f"From the first to the second the {sides[0]}'s falls in {pairs.lower} of {pairs.pairs}. "
    falls = [differences.paired(PRIOR, each) for each in (own, second)]
    if any(one.difference.low is None for one in falls):
        return ""
    changed, other = (words.difference(PRIOR, one) for one in falls)
    return (
        f"From the first to the second the {sides[0]}'s changes by {changed}, in the second space of "
        f"features by {other}, intervals over settings. "
    )


def _nearer(found: Sequence[Pair], name: str, sides: tuple[str, str]) -> str:
    """`the AE is nearer in 2 of 12 (told in 1 after Holm over the pairs), the VAE in 10 (in 9)`."""
    pairs = differences.tally(name, differences.sides(found, name))
    first = second = ""
    if pairs.has_intervals:
        first = f" (told in {pairs.told_lower} after Holm over the pairs)"
        second = f" (in {pairs.told_higher})"
    return (
        f"the {sides[0]} is nearer in {pairs.lower} of {pairs.pairs}{first}, the {sides[1]} in "
        f"{pairs.higher}{second}"
    )


def _is_measured(pair: Pair) -> bool:
    return all(one.values(name) for one in (pair.first, pair.second) for name in (PRIOR, MIXTURE))


def _mean(found: Sequence[Pair], name: str, side: str) -> float:
    return fmean(getattr(pair, side).mean(name) for pair in found)


def _text(value: float) -> str:
    return words.number(PRIOR, value)
