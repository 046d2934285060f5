"""Findings about principal components, the best linear code: who beats them, and why a VAE may not."""

from collections.abc import Sequence

from bench.report import comparisons, differences, finding, findings_settings, likelihoods, words
from bench.report.evidence import Configuration, Evidence
from bench.report.finding import Finding

NO_LINE_TO_BEAT = (
    "PCA is no line to beat for a model that pays for its code, as a VAE does: PCA's numbers cost nothing, "
    "and a VAE may reconstruct worse because it spends few nats."
)


@finding.told
def against_pca(evidence: Evidence, dataset: str) -> Finding | None:
    """The pick of each objective against principal components, as many as its code has numbers."""
    lower: list[str] = []
    higher: list[str] = []
    unclear = 0
    for pick in finding.picks(evidence, dataset):
        interval, reference = pick.measure("test_mse"), _error_of_pca(evidence, pick)
        if interval.mean is None or reference is None:
            continue
        is_lower = _is_lower(evidence, pick, reference)
        is_chance = evidence.has_intervals and not is_lower and not (interval.low or 0.0) > reference
        unclear += is_chance
        (lower if is_lower else higher).append(
            f"{pick.name}: {words.interval('test_mse', interval)} against "
            f"{words.number('test_mse', reference)} "
            f"({words.share(interval.mean, reference)}{', which may be chance' if is_chance else ''})"
        )
    parts, beaten = higher + lower, len(lower)  # those that lose first: they are the news
    if not parts:
        return None
    which = "the chosen of each training objective" if len(parts) > 1 else parts[0].split(":")[0]
    lead = f"PCA is beaten by {beaten} of {len(parts)}" if beaten else "PCA is not beaten"
    if beaten == len(parts):
        lead = "PCA is beaten"
    elif not beaten and unclear:
        lead = "Whether PCA is beaten cannot be told"
    text = f"Test MSE of {which}, against the best linear code with as many numbers: "
    text += "; ".join(parts[: finding.MOST_NAMED]) + finding.and_more(parts)
    if any(pick.values("test_kl") for pick in finding.picks(evidence, dataset)):
        text += f" {NO_LINE_TO_BEAT}"
    beside = [likelihoods.beside_exact(one, _pca(evidence, one)) for one in finding.picks(evidence, dataset)]
    text = " ".join([text, *list(filter(None, beside))[: finding.MOST_NAMED]])
    return Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="leaderboard")


@finding.told
def variational_price(evidence: Evidence, dataset: str) -> Finding | None:
    """Variational models that lose to PCA: whether the KL term is why; only where one loses.

    A price it is where beta is above 0 and the model without a KL that it builds on beats PCA with the same
    settings. Where that loses too, training may be too short; else the run does not say.
    """
    losers = [one for one in evidence.configurations if _loses(evidence, one, dataset)]
    if not losers:
        return None
    paid = [one for one in losers if one.settings.get("beta", 1.0) > 0 and _plain_is_lower(evidence, one)]
    short = [one for one in losers if one not in paid and _plain_is_higher(evidence, one)]
    told = [_price(evidence, paid, len(losers)), _short(evidence, short, len(losers))]
    if untold := len(losers) - len(paid) - len(short):
        told.append(
            f"Of {words.count(untold, 'configuration')} the run does not say why: there is no "
            f"{_plain_names(evidence, losers)} of the same settings that beats PCA beyond chance, or β is 0."
        )
    text = (
        f"{words.count(len(losers), 'variational configuration')} "
        f"{'reconstructs' if len(losers) == 1 else 'reconstruct'} worse than PCA with as many components. "
    )
    told.append(NO_LINE_TO_BEAT)
    told.append(likelihoods.of_elbo(evidence, max(losers, key=lambda one: one.mean("test_mse") or 0.0)))
    named = [*dict.fromkeys(words.model(one.settings["model"]) for one in paid or losers)]
    if len(named) == 1:
        lead = (
            f"What the {named[0]} pays for"
            if paid
            else f"{words.capital(words.a(named[0]))} is worse than PCA"
        )
    else:
        lead = (
            f"What {words.listing(named)} pay for" if paid else f"{words.listing(named)} are worse than PCA"
        )
    return Finding(
        lead=f"{lead}{finding.on(evidence, dataset)}.", text=text + " ".join(filter(None, told)), see="codes"
    )


def _price(evidence: Evidence, paid: Sequence[Configuration], of: int) -> str:
    if not paid:
        return ""
    worst = max(paid, key=lambda one: one.mean("test_mse") or 0.0)
    which = "That" if len(paid) == of else f"In {len(paid)} of them that"
    late = [one for one in findings_settings.unfinished_learning(evidence) if one in paid]
    those = "it" if len(paid) == 1 else f"{len(late)} of them"
    unfinished = f" Longer training may bring {those} closer: the last epoch was the best." if late else ""
    return (
        f"{which} points to the KL term, since the {_plain_names(evidence, paid)} of the same settings "
        "beats PCA: it "
        "charges for every nat by which a code tells its image from others, and noise is added to the "
        f"code; PCA's numbers are free and exact.{unfinished} {worst.name}, for one, spends "
        f"{finding.measure(worst, 'test_kl')} an image in {finding.measure(worst, 'active_units')} of its "
        f"{words.count(worst.settings['latent_dim'], 'dimension')}.{_smaller_beta(evidence, worst)}"
    )


def _short(evidence: Evidence, short: Sequence[Configuration], of: int) -> str:
    if not short:
        return ""
    where = "So does" if len(short) == of else f"With {len(short)} of them so does"
    return f"{where} the {_plain_names(evidence, short)} of the same settings: training may be too short."


def _smaller_beta(evidence: Evidence, one: Configuration) -> str:
    """Two weights of the KL term that show what it costs; empty where the run has none that do."""
    lines = [line for sweep in comparisons.sweeps(evidence) if sweep.axis == "beta" for line in sweep.lines]
    for line in sorted(lines, key=lambda line: one not in line.points):
        small, large = line.points[0], line.points[-1]
        if small.settings["dataset"] != one.settings["dataset"]:
            continue
        values = [(small.by_seed("test_mse"), large.by_seed("test_mse"))]
        if not all(values[0]):
            continue
        difference = differences.of_pairs("test_mse", values)[0].difference
        sure = difference.excludes_zero or not evidence.has_intervals
        if difference.mean is not None and difference.mean < 0 and sure:
            return (
                f" A smaller β buys detail: {small.name} has a test MSE of "
                f"{finding.measure(small, 'test_mse')}, {large.name} {finding.measure(large, 'test_mse')}."
            )
    return ""


def _pca(evidence: Evidence, one: Configuration) -> Configuration | None:
    """That of as many components as the code of `one` has numbers."""
    return evidence.baseline(one.settings["dataset"], "pca", one.settings["latent_dim"])


def _error_of_pca(evidence: Evidence, one: Configuration) -> float | None:
    """Its test MSE."""
    pca = _pca(evidence, one)
    return pca.mean("test_mse") if pca else None


def _is_lower(evidence: Evidence, one: Configuration, reference: float) -> bool:
    """Whether a test MSE lies below a reference; in a run with intervals, the whole interval."""
    interval = one.measure("test_mse")
    bound = interval.high if evidence.has_intervals else interval.mean
    return bound is not None and bound < reference


def _is_higher(evidence: Evidence, one: Configuration, reference: float) -> bool:
    """Likewise above it."""
    interval = one.measure("test_mse")
    bound = interval.low if evidence.has_intervals else interval.mean
    return bound is not None and bound > reference


def _loses(evidence: Evidence, one: Configuration, dataset: str) -> bool:
    reference = _error_of_pca(evidence, one)
    is_variational = one.settings["dataset"] == dataset and bool(one.values("test_kl"))
    return is_variational and reference is not None and _is_higher(evidence, one, reference)


def _plain_is_lower(evidence: Evidence, one: Configuration) -> bool:
    plain, reference = _plain(evidence, one), _error_of_pca(evidence, one)
    return plain is not None and reference is not None and _is_lower(evidence, plain, reference)


def _plain_is_higher(evidence: Evidence, one: Configuration) -> bool:
    plain, reference = _plain(evidence, one), _error_of_pca(evidence, one)
    return plain is not None and reference is not None and _is_higher(evidence, plain, reference)


def _plain(evidence: Evidence, one: Configuration) -> Configuration | None:
    """Of the models that it builds on the nearest that pays no KL, with the same settings."""
    found = (comparisons.counterpart(evidence, one, name) for name in _below(evidence, one))
    return next((other for other in found if other is not None and not other.values("test_kl")), None)


def _below(evidence: Evidence, one: Configuration) -> list[str]:
    """What its model builds on, what that builds on, and so on."""
    found: list[str] = []
    model = evidence.against(one.settings["model"])
    while model and model not in found:
        found.append(model)
        model = evidence.against(model)
    return found


def _plain_names(evidence: Evidence, ones: Sequence[Configuration]) -> str:
    """The models without a KL that these build on, as people call them."""
    plain = (_plain(evidence, one) for one in ones)
    lowest = (
        other.settings["model"] if other else ["", *_below(evidence, one)][-1]
        for one, other in zip(ones, plain, strict=True)
    )
    names = dict.fromkeys(words.model(name) if name else "plain model" for name in lowest)
    return " or ".join(names)
