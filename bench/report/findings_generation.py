"""What models generate, from the prior and from a density that was fitted to their codes afterwards."""

from collections.abc import Sequence
from statistics import fmean

from bench import statistics
from bench.report import comparisons, finding, generated, words
from bench.report.comparisons import Pair
from bench.report.evidence import Evidence
from bench.report.finding import Finding

PRIOR, MIXTURE = "frechet_prior", "frechet_mixture"


@finding.told
def sampled_twice(evidence: Evidence, dataset: str) -> Finding | None:
    """AE and VAE at matched settings, each sampled from the prior and from a mixture of its codes.

    Only pairs of which both were measured so. A pair counts as certain where the interval of its
    difference over seeds leaves out 0.
    """
    every = comparisons.pairs(evidence.about(dataset), "model", "ae", "vae")
    found = [pair for pair in every if _is_measured(pair)]
    if not found:
        return None
    (ae_prior, ae_mixture), (vae_prior, vae_mixture) = (
        [_mean(found, name, side) for name in (PRIOR, MIXTURE)] for side in ("first", "second")
    )
    floor = generated.floor(evidence, dataset, MIXTURE)
    settings = words.count(len(found), "matched setting")
    text = (
        f"Frechet distance to test images, mean over {settings}: AE {_text(ae_prior)} from N(0, I) and "
        f"{_text(ae_mixture)} from a mixture fitted to its codes; VAE {_text(vae_prior)} and "
        f"{_text(vae_mixture)}"
        + (f"; training images get {_text(floor)}. " if floor is not None else ". ")
        + f"{_fall(found)}From the prior {_nearer(found, PRIOR)}; each from its mixture, "
        f"{_nearer(found, MIXTURE)}."
    )
    lead = _lead(found, ae_mixture / ae_prior)
    return Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="generation")


def _lead(found: Sequence[Pair], left: float) -> str:
    """The verdict: whether it was the prior that made the AE a bad generator."""
    both = [(pair.first.by_seed(MIXTURE), pair.first.by_seed(PRIOR)) for pair in found]
    nearer = comparisons.lower_side(both)
    if nearer is None:
        return "Whether a mixture fitted to its codes brings the AE nearer to real images cannot be told"
    if nearer == 1:
        return "A mixture fitted to its codes does not help the AE"
    fall = f"the AE's Frechet distance falls by {words.percentage(1 - left)}"
    return f"Sampled from a density of its own codes, {fall}, {_beside(found)}"


def _beside(found: Sequence[Pair]) -> str:
    """Whether it falls below the VAE's."""
    both = [(pair.first.by_seed(MIXTURE), pair.second.by_seed(MIXTURE)) for pair in found]
    lower = comparisons.lower_side(both)
    if lower is None:
        return "and whether below the VAE's cannot be told"
    return "and stays above the VAE's" if lower else "below the VAE's"


def _fall(found: Sequence[Pair]) -> str:
    """By how much the AE's distance falls, and how sure that is over settings."""
    both = ((pair.first.by_seed(PRIOR), pair.first.by_seed(MIXTURE)) for pair in found)
    fall = statistics.paired_difference(both).difference
    if fall.low is None:
        return ""
    interval = f"95{words.NBSP}% interval over settings {words.span(PRIOR, fall)}"
    return f"The AE's falls by {_text(fall.mean or 0.0)} ({interval}). "


def _nearer(found: Sequence[Pair], name: str) -> str:
    """`the AE is nearer in 2 of 12 (in 1 the 95 % interval ... leaves out 0), the VAE in 10 (in 9)`."""
    pairs = comparisons.tally(found, name)
    ae = vae = ""
    if pairs.has_intervals:
        ae = f" (in {pairs.certain_lower} the 95{words.NBSP}% interval, each by itself, leaves out 0)"
        vae = f" (in {pairs.certain_higher})"
    return f"the AE is nearer in {pairs.lower} of {pairs.pairs}{ae}, the VAE in {pairs.higher}{vae}"


def _is_measured(pair: Pair) -> bool:
    return all(one.values(name) for one in (pair.first, pair.second) for name in (PRIOR, MIXTURE))


def _mean(found: Sequence[Pair], name: str, side: str) -> float:
    return fmean(getattr(pair, side).mean(name) for pair in found)


def _text(value: float) -> str:
    return words.number(PRIOR, value)
