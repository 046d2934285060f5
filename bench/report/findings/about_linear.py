"""Findings about the linear optimum of an objective: who comes below it, and at how many nats."""

import dataclasses
from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.evidence import Configuration, Evidence, comparisons, differences, likelihoods
from bench.report.findings import in_short

WHAT = (
    "A linear VAE is probabilistic PCA at the variance that β stands for, a closed form: no linear encoder "
    "and decoder has a lower loss on the training images."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A configuration beside the linear optimum of its objective.

    `is_lower` says of its test MSE: True or False where its whole interval lies on one side, None where it
    does not. `is_cheaper` says whether its code takes no more nats.
    """

    one: Configuration
    linear: Configuration
    is_lower: bool | None
    is_cheaper: bool


@finding.told
def against_linear(evidence: Evidence, dataset: str) -> Finding | None:
    """Models that pay for their code, each against the linear optimum of what it minimises."""
    found = places(evidence, dataset)
    if not found:
        return None
    beaten = [place for place in found if place.is_lower and place.is_cheaper]
    dearer = [place for place in found if place.is_lower and not place.is_cheaper]
    behind = [place for place in found if place.is_lower is False and not place.is_cheaper]
    has = "has" if len(beaten) == 1 else "have"
    lead = (
        f"{len(beaten)} of {len(found)} {has} a lower MSE than the linear optimum of the same objective at "
        "no more nats"
    )
    picks = finding.picks(evidence, dataset)
    named = [place for pick in picks for place in found if place.one is pick]
    told = [_told(place) for place in named]
    text = f"{WHAT} Test MSE and KL: {'; '.join(told[: finding.MOST_NAMED])}{finding.and_more(told)}"
    left = len(found) - len(beaten) - len(dearer) - len(behind)
    counts = [f"{len(beaten)} with a lower MSE at no more nats"]
    counts += [f"{len(dearer)} with a lower MSE at more nats"] if dearer else []
    counts += [f"{len(behind)} worse in both"] if behind else []
    counts += [f"{left} with no lower MSE at fewer nats, or with one that may be chance"] if left else []
    text += f" Of {words.count(len(found), 'configuration')} there {'is' if len(beaten) == 1 else 'are'} "
    text += f"{words.listing(counts)}."
    worst = max(found, key=lambda place: place.one.mean("test_mse") or 0.0).one
    text = " ".join(
        filter(None, (text, _smaller_beta(evidence, dataset), likelihoods.of_elbo(evidence, worst)))
    )
    where = finding.on(evidence, dataset)
    short = in_short.of_linear(len(beaten), len(behind), len(found), where, evidence.suffix(dataset))
    return Finding(lead=f"{lead}{where}.", text=text, see="codes").in_short(*short)


def places(evidence: Evidence, dataset: str) -> list[Place]:
    """Those of a data set that have a linear optimum in the run."""
    return [place for one in evidence.about(dataset).configurations if (place := _place(evidence, one))]


def _place(evidence: Evidence, one: Configuration) -> Place | None:
    linear = evidence.linear(one)
    interval, rate = one.measure("test_mse"), one.mean("test_kl")
    if linear is None or interval.mean is None or rate is None:
        return None
    error, nats = linear.mean("test_mse"), linear.mean("test_kl")
    if error is None or nats is None:
        return None
    low, high = (interval.low, interval.high) if evidence.has_intervals else (interval.mean, interval.mean)
    is_lower = None
    if low is not None and high is not None:
        is_lower = True if high < error else False if low > error else None
    return Place(one=one, linear=linear, is_lower=is_lower, is_cheaper=rate <= nats)


def _told(place: Place) -> str:
    """`VAE dense: 0.0181 at 7.65 nats against 0.0251 at 8.95 nats (28 % lower)`."""
    one, linear = place.one, place.linear
    error, reference = one.mean("test_mse") or 0.0, linear.mean("test_mse") or 0.0
    chance = ", which may be chance" if place.is_lower is None else ""
    nats = words.number("test_kl", linear.mean("test_kl"), unit=True)
    return (
        f"{one.name}: {finding.measure(one, 'test_mse')} at {finding.measure(one, 'test_kl')} against "
        f"{words.number('test_mse', reference)} at {nats} of the linear VAE "
        f"({words.share(error, reference)}{chance})"
    )


def _smaller_beta(evidence: Evidence, dataset: str) -> str:
    """Two weights of the KL term that show what it costs; empty where the run has none that do."""
    sweeps: Sequence[comparisons.Sweep] = comparisons.sweeps(evidence.about(dataset))
    for line in (line for sweep in sweeps if sweep.axis == "beta" for line in sweep.lines):
        small, large = line.points[0], line.points[-1]
        sides = (small.by_seed("test_mse"), large.by_seed("test_mse"))
        if not all(sides):
            continue
        difference = differences.of_pairs("test_mse", [sides])[0].difference
        sure = difference.excludes_zero or not evidence.has_intervals
        if difference.mean is not None and difference.mean < 0 and sure:
            return (
                f"A smaller β buys detail with nats: {small.name} has a test MSE of "
                f"{finding.measure(small, 'test_mse')}, {large.name} {finding.measure(large, 'test_mse')}."
            )
    return ""
