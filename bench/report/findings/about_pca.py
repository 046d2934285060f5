"""A finding about principal components, the best linear code: which models whose codes are free beat them."""

from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding
from bench.report.evidence import Configuration, Evidence
from bench.report.findings import in_short

NO_LINE_TO_BEAT = "PCA is no line to beat for a model that pays for its code, as a VAE does."


@finding.told
def against_pca(evidence: Evidence, dataset: str) -> Finding | None:
    """The pick of each objective without a KL against principal components, as many as its code has numbers.

    Models that pay for their codes are told of by `findings_linear`.
    """
    lower: list[str] = []
    higher: list[str] = []
    unclear = 0
    for pick in finding.picks(evidence, dataset):
        interval, reference = pick.measure("test_mse"), _error_of_pca(evidence, pick)
        if interval.mean is None or reference is None or pick.values("test_kl"):
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
    short = in_short.of_pca(
        beaten,
        len(parts),
        is_unclear=bool(unclear),
        where=finding.on(evidence, dataset),
        texts=[part.replace(": ", " has a test error of ", 1) for part in parts],
        id=evidence.suffix(dataset),
    )
    found = Finding(lead=f"{lead}{finding.on(evidence, dataset)}.", text=text, see="leaderboard")
    return found.in_short(*short)


def _error_of_pca(evidence: Evidence, one: Configuration) -> float | None:
    """The test MSE of as many components as the code of `one` has numbers."""
    pca = evidence.beside(one, "pca")
    return pca.mean("test_mse") if pca else None


def _is_lower(evidence: Evidence, one: Configuration, reference: float) -> bool:
    """Whether a test MSE lies below a reference; in a run with intervals, the whole interval."""
    interval = one.measure("test_mse")
    bound = interval.high if evidence.has_intervals else interval.mean
    return bound is not None and bound < reference
