"""Which configuration is best for a purpose, who may be as good, and whether a baseline is better."""

import dataclasses
from collections.abc import Sequence

from bench import measures, statistics
from bench.report.evidence import Configuration, Evidence, collapse, differences, naming


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """The best of a data set on validation images, and those that may be as good, in that order.

    `measure` is that of test images. `left_out` have it, but of some seed not its counterpart. `baseline` is
    the best of those without a trained network that come out before `best`; None where none does.
    """

    measure: str
    best: Configuration
    others: tuple[Configuration, ...]
    left_out: tuple[Configuration, ...]
    is_sure: bool
    baseline: Configuration | None = None

    @property
    def taken(self) -> Configuration:
        """What is to be taken: a network, or what needs none and is better."""
        return self.baseline or self.best


def choices(evidence: Evidence, dataset: str) -> list[Choice]:
    """One for each purpose for which two configurations or more were measured on validation images.

    What has collapsed is none of them.
    """
    found = (of(evidence, dataset, one.name) for one in measures.every() if one.purpose)
    return [choice for choice in found if choice is not None]


def of(evidence: Evidence, dataset: str, name: str) -> Choice | None:
    """That of one measure; None where there is nothing to choose."""
    return _choice(collapse.without(evidence).about(dataset), name)


def _choice(evidence: Evidence, name: str) -> Choice | None:
    configurations = evidence.configurations
    decisive = measures.named(name).validation
    reported = [one for one in configurations if one.values(name)]
    measured = [one for one in reported if len(one.values(decisive)) == len(one.values(name))]
    sign = 1 if measures.named(name).better == "lower" else -1
    values = differences.scaled(name, [one.by_seed(decisive) for one in measured])
    places = statistics.standings([{seed: sign * v for seed, v in one.items()} for one in values])
    ranked = [(place, one) for place, one in zip(places, measured, strict=True) if place is not None]
    if len(ranked) < 2:
        return None
    ranked.sort(key=lambda pair: sign * (pair[1].mean(decisive) or 0.0))
    (first, best), *rest = ranked
    return Choice(
        measure=name,
        best=best,
        others=tuple(one for place, one in rest if place.group in (1, None)),  # one seed tells nothing
        left_out=tuple(one for one in reported if one not in measured),
        is_sure=first.group is not None,
        baseline=_baseline(evidence.baselines, best, name),
    )


def _baseline(baselines: Sequence[Configuration], best: Configuration, name: str) -> Configuration | None:
    """The best of the baselines that come out before the best network: on validation images, if measured.

    The mean image is no answer, and raw pixels are none but where codes are to tell classes. What was fitted
    to fewer images, or to more, than the network was trained on is held against nobody.
    """
    sign = 1 if measures.named(name).better == "lower" else -1
    found = []
    for one in baselines:
        is_answer = one.settings["model"] not in ("mean", "pixels") or (
            one.settings["model"] == "pixels" and name.startswith("latent_")
        )
        is_answer &= naming.train_images(one.settings) == naming.train_images(best.settings)
        decisive = measures.named(name).validation
        both = [(one.mean(each), best.mean(each)) for each in (decisive, name)]
        known = [(sign * a, sign * b) for a, b in both if a is not None and b is not None]
        if is_answer and known and one.values(name) and known[0][0] < known[0][1]:
            found.append((known[0][0], one))
    return min(found, key=lambda pair: pair[0])[1] if found else None
