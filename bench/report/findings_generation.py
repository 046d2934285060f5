"""What models generate, from the prior and from a density that was fitted to their codes afterwards."""

from collections.abc import Sequence
from statistics import fmean

from bench import statistics
from bench.report import comparisons, finding, generated, words
from bench.report.comparisons import Pair
from bench.report.evidence import Evidence
from bench.report.finding import Finding

PRIOR, MIXTURE = "frechet_prior", "frechet_mixture"


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
        + f"From the prior {_nearer(found, PRIOR)}; each from its mixture, {_nearer(found, MIXTURE)}."
    )
    lead = _lead(found, ae_prior, ae_mixture)
    return Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="generation")


def _lead(found: Sequence[Pair], prior: float, mixture: float) -> str:
    """The verdict: whether it was the prior that made the AE a bad generator."""
    if mixture >= prior:
        return "A mixture fitted to its codes does not help the AE"
    nearer = words.percentage(1 - mixture / prior)
    lead = f"Sampled from a density of its own codes, the AE's Frechet distance falls by {nearer}"
    return f"{lead}, {_beside(found)}"


def _beside(found: Sequence[Pair]) -> str:
    """Whether it falls below the VAE's: by the test over pairs, or by those that seeds tell apart."""
    tested = comparisons.paired(found, MIXTURE)
    mean = tested.difference.mean or 0.0
    if tested.p is not None and statistics.is_told(statistics.smallest_p(tested.difference.n)):
        is_told, is_below = statistics.is_told(tested.p), mean < 0
    else:
        pairs = comparisons.tally(found, MIXTURE)
        lower, higher = pairs.lower, pairs.higher
        if pairs.has_intervals:
            lower, higher = pairs.certain_lower, pairs.certain_higher
        is_told, is_below = lower != higher, lower > higher
    if not is_told:
        return "and whether below the VAE's cannot be told"
    return "below the VAE's" if is_below else "and stays above the VAE's"


def _nearer(found: Sequence[Pair], name: str) -> str:
    """`the AE is nearer in 2 of 12 (in 1 the 95 % interval leaves out 0), the VAE in 10 (in 9)`."""
    pairs = comparisons.tally(found, name)
    ae = vae = ""
    if pairs.has_intervals:
        ae = f" (in {pairs.certain_lower} the 95{words.NBSP}% interval leaves out 0)"
        vae = f" (in {pairs.certain_higher})"
    return f"the AE is nearer in {pairs.lower} of {pairs.pairs}{ae}, the VAE in {pairs.higher}{vae}"


def _is_measured(pair: Pair) -> bool:
    return all(one.values(name) for one in (pair.first, pair.second) for name in (PRIOR, MIXTURE))


def _mean(found: Sequence[Pair], name: str, side: str) -> float:
    return fmean(getattr(pair, side).mean(name) for pair in found)


def _text(value: float) -> str:
    return words.number(PRIOR, value)
