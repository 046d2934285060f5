"""What one measure of generated images repeats of another, and how two spaces of features agree."""

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding
from bench.report.evidence import Evidence
from bench.report.evidence.floors import MIXTURE, PRIOR, RECONSTRUCTED, SECOND
from bench.statistics import Agreement

HIGH = 0.9
"""A rank correlation from which one measure is said to repeat another."""


def of(evidence: Evidence, dataset: str, first: str, second: str) -> Agreement | None:
    """How alike two measures order the configurations of a data set that have both, by means over seeds."""
    both = [
        (one.mean(first), one.mean(second))
        for one in evidence.about(dataset).configurations
        if one.values(first) and one.values(second)
    ]
    return statistics.agreement(*([float(pair[i] or 0.0) for pair in both] for i in (0, 1)))


def repeats(evidence: Evidence, dataset: str) -> str:
    """Whether the distance from the mixture says more than that of reconstructions; empty if not measured."""
    found = of(evidence, dataset, MIXTURE, RECONSTRUCTED)
    if found is None:
        return ""
    told = f"{_label(MIXTURE)} and {_label(RECONSTRUCTED)} order {_told(found)}"
    if found.spearman >= HIGH:
        return f"{told}: who is nearer from the mixture repeats who reconstructs closer."
    return f"{told}: from the mixture more is told than who reconstructs closer."


def blur(evidence: Evidence, dataset: str) -> str:
    """Whether precision rises as samples move away from real images; empty where it does not."""
    found = of(evidence, dataset, MIXTURE, "precision_mixture")
    if found is None or found.spearman <= 0:
        return ""
    return (
        f"{_label('precision_mixture')} is the higher the farther samples are "
        f"by {_label(MIXTURE)}: they order {_told(found)}. So it does not tell here who is closer to real "
        "images: smooth samples near the mode have a high one, too."
    )


def spaces(evidence: Evidence, dataset: str) -> str:
    """How alike the two networks order configurations, by each distance that both have; empty if by none."""
    found = {
        name: each
        for name in (PRIOR, MIXTURE, RECONSTRUCTED)
        if (each := of(evidence, dataset, name, name + SECOND))
    }
    if not found:
        return ""
    told = "; ".join(
        f"{_label(name)} {_numbers(each)} of {words.count(each.n, 'configuration')}"
        for name, each in found.items()
    )
    alike = min(each.spearman for each in found.values()) >= HIGH
    order = (
        "Who is nearer may be read from either"
        if alike
        else "Below 0.9, who is nearer hangs on the space of features, too"
    )
    return (
        "How alike the two networks, built and seeded differently, order by their distances (rank "
        f"correlations, Spearman and Kendall): {told}. {order}; how many times nearer hangs on the space, so "
        "that both are given."
    )


def sentences(evidence: Evidence) -> tuple[str, ...]:
    """All of every data set, which is named where there are several."""
    told = []
    for dataset in evidence.datasets:
        found = [say(evidence, dataset) for say in (spaces, repeats, blur)]
        where = finding.on(evidence, dataset)
        told += [f"{words.capital(where.strip())}: {each}" if where else each for each in found if each]
    return tuple(told)


def _label(name: str) -> str:
    """`FD (mixture)`, in a sentence."""
    kind, _, source = measures.named(name).label.partition(", ")
    return f"{kind} ({source})"


def _told(found: Agreement) -> str:
    spearman, kendall = (words.signed(each, 2) for each in (found.spearman, found.kendall))
    return (
        f"{words.count(found.n, 'configuration')} with a rank correlation of {spearman} "
        f"(Spearman; Kendall {kendall})"
    )


def _numbers(found: Agreement) -> str:
    return " and ".join(words.signed(each, 2) for each in (found.spearman, found.kendall))
