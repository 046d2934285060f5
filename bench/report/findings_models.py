"""Findings about models: which reconstructs closest, what it is held against, what its codes tell."""

import math
from collections.abc import Iterable, Sequence

from bench.report import comparisons, finding, words
from bench.report.comparisons import Pair
from bench.report.evidence import Configuration, Evidence
from bench.report.finding import Finding


def closest_reconstruction(evidence: Evidence, dataset: str) -> Finding | None:
    """The pick of each training objective, by validation loss; of these, the lowest test MSE."""
    picks = [p for p in finding.picks(evidence, dataset) if p.values("test_mse")]
    if not picks:
        return None
    best = min(picks, key=lambda pick: pick.mean("test_mse") or 0.0)
    text = (
        f"Its test MSE is {finding.measure(best, 'test_mse')}, "
        f"its SSIM {finding.measure(best, 'test_ssim')}. "
    )
    others = [pick for pick in picks if pick is not best]
    if others:
        text += (
            "Chosen in two steps: of each training objective the configuration with the lowest validation "
            "loss; of these, the lowest test MSE. The others so chosen: "
        )
        text += "; ".join(
            f"{pick.name}, with {finding.measure(pick, 'test_mse')}" for pick in others[: finding.MOST_NAMED]
        )
        text += finding.and_more(others)
    else:
        text += "It has the lowest validation loss."
    return Finding(
        lead=f"Closest reconstructions{finding.on(evidence, dataset)}: {best.name}.",
        text=text,
        see="leaderboard",
    )


def against_pca(evidence: Evidence, dataset: str) -> Finding | None:
    """The best of each objective against principal components, as many as its code has numbers."""
    parts, better = [], 0
    for pick in finding.picks(evidence, dataset):
        pca = evidence.baseline(dataset, "pca", pick.settings["latent_dim"])
        reference = pca.mean("test_mse") if pca else None
        interval = pick.measure("test_mse")
        if interval.mean is None or reference is None:
            continue
        better += interval.mean < reference
        inside = interval.low is not None and interval.low <= reference <= (interval.high or math.inf)
        parts.append(
            f"{pick.name}: {words.interval('test_mse', interval)} against "
            f"{words.number('test_mse', reference)} "
            f"({words.share(interval.mean, reference)}{', which may be chance' if inside else ''})"
        )
    if not parts:
        return None
    which = "the best of each training objective" if len(parts) > 1 else parts[0].split(":")[0]
    lead = f"PCA is beaten by {better} of {len(parts)}" if better else "PCA is not beaten"
    if better == len(parts):
        lead = "PCA is beaten"
    text = f"Test MSE of {which}, against the best linear code with as many numbers: "
    text += "; ".join(parts[: finding.MOST_NAMED]) + finding.and_more(parts)
    return Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="leaderboard")


def variational_price(evidence: Evidence, dataset: str) -> Finding | None:
    """Why a variational model can lose to PCA with as many components; only where one does."""
    losers = []
    for one in evidence.configurations:
        pca = evidence.baseline(dataset, "pca", one.settings["latent_dim"])
        mse, kl = one.mean("test_mse"), one.mean("test_kl")
        if one.settings["dataset"] != dataset or pca is None or mse is None or kl is None:
            continue
        if mse > (pca.mean("test_mse") or math.inf):
            losers.append(one)
    if not losers:
        return None
    worst = max(losers, key=lambda one: one.mean("test_mse") or 0.0)
    text = (
        f"{words.count(len(losers), 'variational configuration')} "
        f"{'reconstructs' if len(losers) == 1 else 'reconstruct'} worse than PCA with as many components. "
        "That is a price, not a failed training: the KL term charges for every nat by which a code tells "
        "its image from others, and noise is added to the code; PCA's numbers are free and exact. "
        f"{worst.name}, for one, spends {finding.measure(worst, 'test_kl')} an image in "
        f"{finding.measure(worst, 'active_units')} of its "
        f"{words.count(worst.settings['latent_dim'], 'dimension')}. "
        "A smaller β buys detail."
    )
    return Finding(lead=f"What the VAE pays for{finding.on(evidence, dataset)}.", text=text, see="codes")


def against_each_other(evidence: Evidence, axis: str, first: str, second: str, see: str) -> Finding | None:
    """Two values of one axis at equal settings, by test MSE."""
    found = [pair for pair in comparisons.pairs(evidence, axis, first, second) if _has_mse(pair)]
    sides = (words.setting(axis, first), words.setting(axis, second))
    if not found:
        known = {one.settings[axis] for one in evidence.configurations}
        if not {first, second} <= known:
            return None
        text = "The run has no pair that differs in this alone, so it has no answer."
        return Finding(lead=f"{sides[0]} against {sides[1]}: no matched pair.", text=text, see=see)
    tally = comparisons.tally(found, "test_mse")
    winner, wins = (sides[0], tally.lower) if tally.lower >= tally.higher else (sides[1], tally.higher)
    outcome = "no clear winner" if wins * 2 == tally.pairs else f"{winner} reconstructs closer"
    if _have_intervals(found) and not tally.certain:
        outcome = "cannot be told apart"
    text = (
        f"At equal settings {winner} has the lower test MSE in {wins} of "
        f"{words.count(tally.pairs, 'pair')}.{_certain(tally, found)} {_largest(found)}"
    )
    return Finding(lead=words.capital(f"{sides[0]} against {sides[1]}: {outcome}."), text=text, see=see)


def _largest(found: Sequence[Pair]) -> str:
    """The pair that lies farthest apart, as a ratio."""
    pair = max(found, key=lambda pair: abs(math.log(_ratio(pair))))
    interval = pair.difference("test_mse")
    difference = "" if interval.low is None else f" (difference {words.span('test_mse', interval)})"
    return (
        f"The largest difference: {pair.first.name} has {finding.measure(pair.first, 'test_mse')}, "
        f"{pair.second.name} {finding.measure(pair.second, 'test_mse')}{difference}."
    )


def codes_used(evidence: Evidence) -> Finding | None:
    """How much of their codes the variational models use."""
    found = [one for one in evidence.configurations if one.values("test_kl")]
    if not found:
        return None
    shown = sorted(found, key=lambda one: one.mean("test_kl") or 0.0)
    ends = shown if len(shown) == 1 else [shown[-1], shown[0]]
    text = "; ".join(
        f"{one.name} spends {finding.measure(one, 'test_kl')} an image and uses "
        f"{finding.measure(one, 'active_units')} of "
        f"{words.count(one.settings['latent_dim'], 'dimension')}"
        for one in ends
    )
    idle = sum((one.mean("active_units") or 0.0) < one.settings["latent_dim"] for one in found)
    text += (
        f". In {idle} of {words.count(len(found), 'variational configuration')} some dimensions stay idle."
    )
    return Finding(lead="How much the codes say.", text=f"From most to least: {text}", see="codes")


def classification(evidence: Evidence, dataset: str) -> Finding | None:
    """Latent classifiers of the picks, beside raw pixels and PCA."""
    picks = [pick for pick in finding.picks(evidence, dataset) if pick.values("latent_knn_accuracy")]
    if not picks:
        return None
    best = max(picks, key=lambda pick: pick.mean("latent_knn_accuracy") or 0.0)
    text = f"Of the best of each training objective, {best.name} tells most: {_accuracies(best)}."
    pca = evidence.baseline(dataset, "pca", best.settings["latent_dim"])
    pixels = evidence.baseline(dataset, "pixels")
    references = [
        f"{label}: {_accuracies(one)}"
        for label, one in (("PCA with as many components", pca), ("raw pixels", pixels))
        if one is not None and one.values("latent_knn_accuracy")
    ]
    if references:
        text += " Beside it, " + "; ".join(references) + "."
    sizes = evidence.run.get("datasets", {}).get(dataset, {}).get("images", {})
    if "test" in sizes:
        text += f" One test image is {100 / sizes['test']:.2g} %."
    return Finding(
        lead=f"What a code tells of the class{finding.on(evidence, dataset)}.", text=text, see="latent"
    )


def _accuracies(one: Configuration) -> str:
    return (
        f"{finding.measure(one, 'latent_knn_accuracy')} by 5 nearest neighbours, "
        f"{finding.measure(one, 'latent_accuracy')} by a linear classifier"
    )


def _has_mse(pair: Pair) -> bool:
    return bool(pair.first.mean("test_mse")) and bool(pair.second.mean("test_mse"))


def _ratio(pair: Pair) -> float:
    return (pair.first.mean("test_mse") or 1.0) / (pair.second.mean("test_mse") or 1.0)


def _have_intervals(found: Iterable[Pair]) -> bool:
    return any(pair.difference("test_mse").low is not None for pair in found)


def _certain(tally: comparisons.Tally, found: Iterable[Pair]) -> str:
    if not _have_intervals(found):
        return ""
    return (
        f" In {tally.certain} of them the 95 % interval of the difference leaves out 0"
        f"{'; the others cannot be told apart' if tally.certain < tally.pairs else ''}."
    )
