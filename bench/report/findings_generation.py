"""What models generate, from the prior and from a density that was fitted to their codes afterwards."""

import math
from collections.abc import Sequence

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
    found = [
        pair
        for pair in comparisons.pairs(evidence, "model", "ae", "vae")
        if pair.first.settings["dataset"] == dataset and _is_measured(pair)
    ]
    if not found:
        return None
    ae_prior, ae_mixture = (_mean(found, name, first=True) for name in (PRIOR, MIXTURE))
    vae_prior, vae_mixture = (_mean(found, name, first=False) for name in (PRIOR, MIXTURE))
    floor = generated.floor(evidence, dataset, MIXTURE)
    settings = words.count(len(found), "matched setting")
    text = (
        f"Frechet distance to test images, mean over {settings}: AE {_text(ae_prior)} from N(0, I) and "
        f"{_text(ae_mixture)} from a mixture fitted to its codes; VAE {_text(vae_prior)} and "
        f"{_text(vae_mixture)}"
        + (f"; training images get {_text(floor)}. " if floor is not None else ". ")
        + f"From the prior {_nearer(found, PRIOR)}; each from its mixture, {_nearer(found, MIXTURE)}."
    )
    return Finding(lead=_lead(found, ae_prior, ae_mixture, dataset, evidence), text=text, see="generation")


def _lead(found: Sequence[Pair], ae_prior: float, ae_mixture: float, dataset: str, evidence: Evidence) -> str:
    """The verdict: whether it was the prior that made the AE a bad generator."""
    gained = sum(pair.first.mean(MIXTURE) < pair.first.mean(PRIOR) for pair in found)  # type: ignore[operator]
    where = finding.on(evidence, dataset)
    if 2 * gained <= len(found):
        return f"A mixture fitted to its codes does not help the AE{where}."
    share = f"{1 - ae_mixture / ae_prior:.0%}".replace("%", f"{words.NBSP}%")
    better = sum(_nearer_first(pair, MIXTURE) for pair in found)
    verdict = "is as good as the VAE or better" if 2 * better >= len(found) else "still trails the VAE"
    return (
        f"Sampled from a density of its own codes, the AE comes {share} nearer to real images and "
        f"{verdict}{where}."
    )


def _nearer(found: Sequence[Pair], name: str) -> str:
    """`the AE is nearer in 2 of 12 (1 beyond chance over seeds), the VAE in 10 (9)`."""
    differences = [statistics.difference(p.first.values(name), p.second.values(name)) for p in found]
    parts = []
    for label, sign in (("the AE", -1), ("the VAE", 1)):
        those = [d for d in differences if math.copysign(1.0, d.mean or 0.0) == sign and d.mean]
        certain = sum(d.excludes_zero for d in those)
        sure = f" ({certain} beyond chance over seeds)" if _has_intervals(differences) else ""
        parts.append(f"{label} is nearer in {len(those)}{sure}")
    return f"{parts[0]} of {len(found)}, {parts[1]}"


def _has_intervals(differences: Sequence[statistics.Interval]) -> bool:
    return any(d.low is not None for d in differences)


def _nearer_first(pair: Pair, name: str) -> bool:
    return (pair.first.mean(name) or 0.0) <= (pair.second.mean(name) or 0.0)


def _is_measured(pair: Pair) -> bool:
    return all(one.values(name) for one in (pair.first, pair.second) for name in (PRIOR, MIXTURE))


def _mean(found: Sequence[Pair], name: str, *, first: bool) -> float:
    values = [(pair.first if first else pair.second).mean(name) or 0.0 for pair in found]
    return math.fsum(values) / len(values)


def _text(value: float) -> str:
    return words.number(PRIOR, value)
