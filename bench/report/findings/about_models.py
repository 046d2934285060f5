"""Findings about models: which is chosen, which of two reconstructs closer, what the codes tell."""

from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.evidence import Configuration, Evidence, comparisons, differences, likelihoods, opponents
from bench.report.evidence.comparisons import Pair
from bench.report.evidence.differences import Tally
from bench.report.findings import in_short, ranks, standings, verdicts
from bench.report.findings.verdicts import Verdict


@finding.told
def chosen_on_validation(evidence: Evidence, dataset: str) -> Finding | None:
    """The pick of each training objective, by validation loss, with its test numbers."""
    picks = [p for p in finding.picks(evidence, dataset) if p.values("test_mse")]
    if not picks:
        return None
    names = "; ".join(pick.name for pick in picks[: finding.MOST_NAMED])
    numbers = "; ".join(
        f"{pick.name}: MSE {finding.measure(pick, 'test_mse')}, SSIM {finding.measure(pick, 'test_ssim')}"
        for pick in picks[: finding.MOST_NAMED]
    )
    return Finding(
        lead=f"Chosen on validation{finding.on(evidence, dataset)}: {names}{finding.and_more(picks)}",
        text="The lowest validation loss of each training objective decides. On test, "
        f"{numbers}{finding.and_more(picks)}{_close_calls(evidence, picks)}"
        f"{_lowest_on_test(evidence, picks)}",
        see="leaderboard",
    ).in_short(*in_short.taken(evidence, dataset, picks))


def _close_calls(evidence: Evidence, picks: Sequence[Configuration]) -> str:
    """How many rivals of each pick, named above or not, may be as good, by the loss it was chosen for."""
    parts = []
    for pick in picks:
        rivals = [one for one in evidence.configurations if one.objective == pick.objective]
        places = ranks.places(rivals, "validation_loss")
        close = sum(place.group == 1 for place in places.values()) - 1
        if places[pick.name].group == 1 and close:
            parts.append(f"for {pick.name} {close} of {words.count(len(rivals) - 1, 'rival')}")
    return f" As good may be, by validation loss, {'; '.join(parts)}." if parts else ""


def _lowest_on_test(evidence: Evidence, picks: Sequence[Configuration]) -> str:
    """The configuration with the lowest test MSE, where validation did not choose it."""
    dataset = picks[0].settings["dataset"]
    rivals = [
        one
        for one in evidence.configurations
        if one.settings["dataset"] == dataset and one.values("test_mse")
    ]
    lowest = min(rivals, key=lambda one: one.mean("test_mse") or 0.0)
    if lowest in picks:
        return ""
    return (
        f" The lowest test MSE is that of another, {lowest.name}, with {finding.measure(lowest, 'test_mse')}"
        "; to choose it for that would be to choose on the test set."
    )


def against(evidence: Evidence, dataset: str, axis: str) -> list[Finding | None]:
    """Each model against the one that it builds on, or each architecture against the first."""
    see = "versus" if axis == "model" else "architectures"
    found = opponents.opponents(evidence, axis)
    if len(found) == 1:
        return [against_each_other(evidence, dataset, axis, found[0].first, found[0].second, see)]
    return [standings.told(evidence, dataset, found, see)] if found else []


@finding.told
def against_each_other(
    evidence: Evidence, dataset: str, axis: str, first: str, second: str, see: str
) -> Finding | None:
    """Two values of one axis at equal settings, by test MSE: over all pairs, and pair by pair."""
    where, suffix = finding.on(evidence, dataset), evidence.suffix(dataset)
    evidence = evidence.about(dataset)
    matched = comparisons.pairs(evidence, axis, first, second)
    found = [pair for pair in matched if _has_mse(pair)]
    sides = (words.setting(axis, first), words.setting(axis, second))
    if not found:
        known = {one.settings[axis] for one in evidence.configurations}
        if not {first, second} <= known:
            return None
        text = "The run has no pair that differs in this alone, so it has no answer."
        return Finding(lead=f"{sides[0]} against {sides[1]}{where}: no matched pair.", text=text, see=see)
    tally = differences.tally("test_mse", differences.sides(found, "test_mse"))
    told = verdicts.verdicts(matched)
    text = (
        f"At equal settings {sides[0]} has the lower test MSE in {tally.lower} of "
        f"{words.count(tally.pairs, 'pair')}, {sides[1]} in {tally.higher}."
        f"{_certain(tally, sides)} {_over_pairs(told, sides)} {_largest(found)}"
    )
    ones = [one for pair in found for one in (pair.first, pair.second)] if axis == "model" else []
    at = f", at {fixed}" if (fixed := likelihoods.fixed_at(ones)) else ""
    lead = words.capital(f"{sides[0]} against {sides[1]}{where}{at}: {_verdict(told, found, tally, sides)}.")
    short = in_short.of_two(
        told[0], tally, sides, where, f"{axis}{suffix}", _verdict(told, found, tally, sides)
    )
    return Finding(lead=lead, text=f"{text} {likelihoods.trade(ones)}".strip(), see=see).in_short(*short)


def _verdict(told: Sequence[Verdict], found: Sequence[Pair], tally: Tally, sides: tuple[str, str]) -> str:
    """What holds over all pairs, if that can be told; else what the pairs say one by one."""
    winner = told[0].winner
    if _is_doubtful(told) and not told[0].depends:
        return _outcome(tally, sides)
    if told[0].depends:
        return f"how their MSE differs depends on {told[0].depends_on}"
    if winner is None:
        return "over all pairs no difference of the MSE is shown"
    is_everywhere = tally.pairs == (tally.higher if winner else tally.lower)
    return f"{sides[winner]} reconstructs closer{'' if is_everywhere else ' on average'}"


def _is_doubtful(told: Sequence[Verdict]) -> bool:
    return told[0].p is None or bool(verdicts.doubt(told))


def _over_pairs(told: Sequence[Verdict], sides: tuple[str, str]) -> str:
    """The mean paired difference with its interval and test, or why there is none; and what it depends on."""
    one = told[0]
    if _is_doubtful(told):
        return f"{verdicts.doubt(told)}{_depends(one)}"
    verdict = "which chance may explain" if one.winner is None else "which is more than chance gives"
    alone, adjusted = (words.p_value(p) for p in (one.comparison.p, one.p))
    return (
        f"Over {words.count(one.comparison.difference.n, 'pair')} the MSE of {sides[0]} against that of "
        f"{sides[1]} is {words.difference('test_mse', one.comparison)} on average, by sign flips p "
        f"{_equals(alone)}, and {adjusted} after Holm over the tests of {words.count(len(told), 'measure')}, "
        f"{verdict}.{_depends(one)}"
    )


def _depends(one: Verdict) -> str:
    """That pairs differ among themselves, where that is the answer; and how, where one setting turns it."""
    if not one.depends:
        return ""
    text = (
        " The differences of the pairs, to both sides, vary by more than their seeds explain (p "
        f"{_equals(words.p_value(one.p_varies))} after Holm)"
    )
    by = verdicts.by_cause(one)
    return f"{text}; by {one.depends_on}: {by}." if by else f"{text}; no one setting explains why."


def _equals(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def _outcome(tally: Tally, sides: tuple[str, str]) -> str:
    """Who reconstructs closer in how many pairs, and in how many of them beyond chance: no verdict on all."""
    wins = (tally.lower, tally.higher)
    certain = (tally.told_lower, tally.told_higher) if tally.has_intervals else wins
    if not any(certain):
        return "cannot be told apart"
    if certain[0] == certain[1]:
        return "no clear winner"
    winner = int(certain[1] > certain[0])
    of = "the only pair" if tally.pairs == 1 else f"{wins[winner]} of {tally.pairs} pairs"
    sure = f", beyond chance in {certain[winner]}" if certain[winner] < wins[winner] else ""
    return f"{sides[winner]} reconstructs closer in {of}{sure}"


def _largest(found: Sequence[Pair]) -> str:
    """The pair that lies farthest apart."""
    compared = differences.of_pairs("test_mse", differences.sides(found, "test_mse"))
    pair, one = max(zip(found, compared, strict=True), key=lambda item: _apart(item[0]))
    no_interval = one.difference.low is None
    difference = (
        ""
        if no_interval
        else f" (difference {words.difference_span('test_mse', one)}, of this pair by itself)"
    )
    return (
        f"The largest difference: {pair.first.name} has {finding.measure(pair.first, 'test_mse')}, "
        f"{pair.second.name} {finding.measure(pair.second, 'test_mse')}{difference}."
    )


def _apart(pair: Pair) -> float:
    return abs((pair.first.mean("test_mse") or 0.0) - (pair.second.mean("test_mse") or 0.0))


@finding.told
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
    idle = [one for one in found if (one.mean("active_units") or 0.0) < one.settings["latent_dim"]]
    of = words.count(len(found), "variational configuration")
    text += f". In {len(idle)} of {of} some dimensions stay idle."
    low, high = (words.number("test_kl", one.mean("test_kl")) for one in (shown[0], shown[-1]))
    spent = f"{low} nats" if low == high else f"{low} to {high} nats"
    named = [*dict.fromkeys(words.model(one.settings["model"]) for one in found)]
    whose = f"{named[0]}s" if len(named) == 1 else words.listing(named)
    leaving = [*dict.fromkeys(words.model(one.settings["model"]) for one in idle)]
    return Finding(
        lead=f"Codes of {whose} spend {spent} an image.", text=f"From most to least: {text}", see="codes"
    ).in_short(*in_short.codes(shown, idle, whose, words.listing(leaving) if leaving else ""))


@finding.told
def classification(evidence: Evidence, dataset: str) -> Finding | None:
    """Latent classifiers of the picks, beside raw pixels and PCA."""
    picks = [pick for pick in finding.picks(evidence, dataset) if pick.values("validation_knn_accuracy")]
    if not picks:
        return None
    best = max(picks, key=lambda pick: pick.mean("validation_knn_accuracy") or 0.0)
    text = f"{best.name}: {_accuracies(best)} on test images."
    if len(picks) > 1:
        text = (
            f"Of these {len(picks)}, each the first by validation loss of its objective, {best.name} has the "
            f"highest 5-NN accuracy on validation images; on test images {_accuracies(best)}."
        )
    pca, pixels = (evidence.beside(best, name) for name in ("pca", "pixels"))
    references = [
        f"{label}: {_accuracies(one)}"
        for label, one in (("PCA with as many components", pca), ("raw pixels", pixels))
        if one is not None and one.values("latent_knn_accuracy")
    ]
    if references:
        text += " Beside it, " + "; ".join(references) + "."
    sizes = evidence.run.get("datasets", {}).get(dataset, {}).get("images", {})
    if "test" in sizes:
        text += f" One test image is {100 / sizes['test']:.2g}{words.NBSP}%."
    reached = [
        f"{label} {words.number('latent_knn_accuracy', one.mean('latent_knn_accuracy'), unit=True)}"
        for label, one in ((best.name, best), ("PCA", pca), ("raw pixels", pixels))
        if one is not None and one.values("latent_knn_accuracy")
    ]
    lead = f"5-NN accuracy of codes{finding.on(evidence, dataset)}: {', '.join(reached)}."
    short = in_short.classes(best, pca, pixels, finding.on(evidence, dataset), evidence.suffix(dataset))
    return Finding(lead=lead, text=text, see="latent").in_short(*short)


def _accuracies(one: Configuration) -> str:
    stopped = ", which had not converged" if one.has_unconverged_probe else ""
    return (
        f"{finding.measure(one, 'latent_knn_accuracy')} by 5 nearest neighbours, "
        f"{finding.measure(one, 'latent_accuracy')} by a linear classifier{stopped}"
    )


def _has_mse(pair: Pair) -> bool:
    return bool(pair.first.mean("test_mse")) and bool(pair.second.mean("test_mse"))


def _certain(tally: Tally, sides: tuple[str, str]) -> str:
    """Which of the pairs are told apart, and for whom."""
    if not tally.has_intervals:
        return ""
    others = tally.pairs - tally.told_lower - tally.told_higher
    rest = f"; in the other {others} no difference is shown" if others else ""
    leads = [
        f"in {told} of those that {side} leads"
        for side, wins, told in (
            (sides[0], tally.lower, tally.told_lower),
            (sides[1], tally.higher, tally.told_higher),
        )
        if wins
    ]
    return f" After Holm over the pairs the difference is told {' and '.join(leads)}{rest}."
