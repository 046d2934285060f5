"""What a reader has to know before any answer: trials that failed, collapsed, or have learned too little.

Each alert is one rule: evidence in, an alert or nothing out. Whether a configuration loses against a
reference is asked of its whole interval, where there are seeds for one.
"""

import math
import statistics
from collections.abc import Callable, Sequence

from bench.ask.trial import Baseline, External, Trial
from bench.keeping.result import Result
from bench.report import words
from bench.report.blocks.alert import Alert
from bench.report.evidence import Configuration, Evidence, collapse, steps
from bench.report.findings import about_linear, about_settings

_MEND = "Of an external coder mend its file, then give the same command."
FAR = 3
"""How many times farther than seeds lie from each other one has to lie from them to be named."""


def alerts(evidence: Evidence) -> list[Alert]:
    """All of a run, the worst first; none where there is nothing to warn of."""
    found = (rule(evidence) for rule in _RULES)
    return [one for one in found if one is not None]


def failed(evidence: Evidence) -> Alert | None:
    """Trials and baselines that did not end well."""
    if not evidence.failures:
        return None
    baselines = sum(isinstance(one.unit, Baseline) for one in evidence.failures)
    others = sum(isinstance(one.unit, External) for one in evidence.failures)
    trials = len(evidence.failures) - baselines - others
    parts = [f"{trials} of {words.count(len(evidence.planned), 'trial')}"] if trials else []
    parts += [words.count(baselines, "baseline")] if baselines else []
    parts += [words.count(others, "external coder")] if others else []
    cause = failures_apart(len(evidence.failures))
    return Alert(
        what=f"{words.listing(parts)} failed.",
        cause=f"{cause} {_MEND}" if others else cause,
        command="--retry-failed" if trials or baselines else "",
        names=tuple(f"{evidence.name_of(one.unit)}: {one.status}: {one.error}" for one in evidence.failures),
    )


def failures_apart(count: int) -> str:
    """What is done with those that did not end well."""
    return f"{'It takes' if count == 1 else 'They take'} part in no comparison."


def collapsed(evidence: Evidence) -> Alert | None:
    """Trials of models with a posterior whose codes say nothing."""
    found = collapse.of(evidence)
    if not found:
        return None
    names = _names(evidence, [result for _, of_one in found for result in of_one])
    rivals = sum(one.measures.get("test_kl") is not None for one in _results(evidence))
    options = {name for one, _ in found for name in one.settings}
    results = [result for _, of_one in found for result in of_one]
    few = [result for result in results if steps.are_few(evidence, result)]
    hints = [_longer(evidence, few)] if few else []
    hints += ["--set beta=0.25"] if "beta" in options else []
    hints += ["--set kl_warmup=200"] if "kl_warmup" in options and not few else []
    return Alert(
        what=f"{len(names)} of {words.count(rivals, 'trial')} with a posterior collapsed.",
        cause="Their codes say nothing of the image; no mean, share or advice counts them.",
        command=" or ".join(hints),
        names=names,
    )


def worse_than_mean(evidence: Evidence) -> Alert | None:
    """Trials whose reconstructions are farther from the images than one constant picture."""
    found = []
    for one in evidence.configurations:
        level = _mean_of(evidence.beside(one, "mean") or evidence.baseline(one.settings["dataset"], "mean"))
        found += [r for r in one.results if level is not None and (_mse(r) or 0.0) > level]
    if not found:
        return None
    few = [result for result in found if steps.are_few(evidence, result)]
    cause = "They have learned less than one constant picture knows."
    if few:
        most = max(steps.of(evidence, result) or 0 for result in few)
        cause = f"{words.count(most, 'step')} of training {'is' if most == 1 else 'are'} too few."
    return Alert(
        what=f"{len(found)} of {words.count(_trials(evidence), 'trial')} "
        f"{'is' if len(found) == 1 else 'are'} worse than the mean image.",
        cause=cause,
        command=_longer(evidence, few) if few else _slower(found),
        names=_names(evidence, found),
    )


def too_few_steps(evidence: Evidence) -> Alert | None:
    """Trials of fewer than 500 steps."""
    found = [result for result in _results(evidence) if steps.are_few(evidence, result)]
    if not found:
        return None
    had = sorted({steps.of(evidence, result) or 0 for result in found})
    span = str(had[0]) if len(had) == 1 else f"{had[0]} to {had[-1]}"
    return Alert(
        what=f"{len(found)} of {words.count(_trials(evidence), 'trial')} had fewer than {steps.FEWEST} steps "
        "of training.",
        cause=f"They had {span}, so that their order may be that of who learns first.",
        command=_longer(evidence, found),
        names=_names(evidence, found),
    )


def worse_than_pca(evidence: Evidence) -> Alert | None:
    """Configurations whose codes are free, against principal components of as many numbers."""
    free = [
        one
        for one in evidence.configurations
        if not one.values("test_kl") and _mean_of(evidence.beside(one, "pca")) is not None
    ]
    found = [
        one for one in free if _loses(evidence, one, "test_mse", _mean_of(evidence.beside(one, "pca")), 1)
    ]
    return _of_configurations(
        found,
        free,
        "reconstruct worse than PCA of their size.",
        f"A linear code as long is closer{_enough(evidence, found)}.",
        _hint(evidence, found),
    )


def worse_than_linear(evidence: Evidence) -> Alert | None:
    """Configurations that pay for their codes, against the linear optimum of their objective: both worse."""
    places = [place for dataset in evidence.datasets for place in about_linear.places(evidence, dataset)]
    found = [place.one for place in places if place.is_lower is False and not place.is_cheaper]
    return _of_configurations(
        found,
        [place.one for place in places],
        "are worse than the linear optimum of their objective.",
        f"It has a lower error at no more nats{_enough(evidence, found)}.",
        _hint(evidence, found),
    )


def _enough(evidence: Evidence, found: Sequence[Configuration]) -> str:
    """Whether all of them were still learning."""
    late = about_settings.unfinished_learning(evidence)
    return (
        ": they have not learned enough, or pay for their codes" if all(one in late for one in found) else ""
    )


def _hint(evidence: Evidence, found: Sequence[Configuration]) -> str:
    """More epochs, for those that were still learning."""
    late = about_settings.unfinished_learning(evidence)
    still = [one for one in found if one in late]
    return _longer(evidence, _all(still)) if still else ""


def worse_than_pixels(evidence: Evidence) -> Alert | None:
    """Configurations whose codes tell classes less well than the pixels do."""
    name = "latent_knn_accuracy"
    known = [
        (one, level)
        for one in evidence.configurations
        if one.values(name) and (level := _mean_of(evidence.beside(one, "pixels"), name)) is not None
    ]
    found = [one for one, level in known if _loses(evidence, one, name, level, -1)]
    enough = [one.settings["latent_dim"] for one, _ in known if one not in found]
    small = [one.settings["latent_dim"] for one in found]
    size = min(enough, default=0) if enough else 2 * max(small, default=0)
    return _of_configurations(
        found,
        [one for one, _ in known],
        "have codes that tell classes less well than raw pixels, by 5 nearest neighbours.",
        "Codes that are small, or pay for each nat, drop what tells classes apart.",
        f"--set latent_dim={size}" if 2 * sum(one < size for one in small) > len(small) else "",
    )


def seeds_disagree(evidence: Evidence) -> Alert | None:
    """Configurations of which one seed lies far outside the others, by the logarithm of its error.

    Three times as far from the next as the others lie apart, and as seeds of the run's configurations lie
    apart in the median: two of three seeds are often near each other by chance.
    """
    known = [(one, _errors(one)) for one in evidence.configurations]
    known = [(one, errors) for one, errors in known if len(errors) > 2]
    if not known:
        return None
    usual = statistics.median(errors[-1] - errors[0] for _, errors in known)
    found = [one for one, errors in known if _has_outsider(errors, usual)]
    return _of_configurations(
        found,
        [one for one, _ in known],
        "have one seed far outside the others.",
        "Their means say little: more seeds show which is usual.",
        f"--seeds {','.join(map(str, range(2 * max(len(errors) for _, errors in known))))}",
    )


def not_levelled_off(evidence: Evidence) -> Alert | None:
    """Configurations whose last epoch was the best of some seed."""
    found = about_settings.unfinished_learning(evidence)
    return _of_configurations(
        found,
        evidence.configurations,
        "have a seed that had not levelled off.",
        "Its last epoch was the best: longer training may change the order.",
        _longer(evidence, _all(found)),
    )


_RULES: tuple[Callable[[Evidence], Alert | None], ...] = (
    failed,
    collapsed,
    worse_than_mean,
    too_few_steps,
    worse_than_pca,
    worse_than_linear,
    worse_than_pixels,
    seeds_disagree,
    not_levelled_off,
)


def _of_configurations(
    found: Sequence[Configuration], rivals: Sequence[Configuration], what: str, cause: str, command: str
) -> Alert | None:
    if not found:
        return None
    count = f"{len(found)} of {words.count(len(rivals), 'configuration')}"
    if len(found) == 1:
        what = (
            what.replace("have ", "has ", 1)
            .replace("are ", "is ", 1)
            .replace("reconstruct ", "reconstructs ")
        )
    return Alert(what=f"{count} {what}", cause=cause, command=command, names=tuple(one.name for one in found))


def _results(evidence: Evidence) -> list[Result]:
    return [result for one in evidence.configurations for result in one.results]


def _trials(evidence: Evidence) -> int:
    return len(_results(evidence))


def _names(evidence: Evidence, results: Sequence[Result]) -> tuple[str, ...]:
    return tuple(evidence.name_of(result.unit) for result in results)


def _mse(result: Result) -> float | None:
    return result.measures.get("test_mse")


def _mean_of(one: Configuration | None, name: str = "test_mse") -> float | None:
    return one.mean(name) if one else None


def _loses(evidence: Evidence, one: Configuration, name: str, level: float | None, sign: int) -> bool:
    """Whether a measure is beyond a level; in a run with intervals, the whole interval. 1: by being above."""
    value = one.measure(name)
    bound = (value.low if sign > 0 else value.high) if evidence.has_intervals else value.mean
    return level is not None and bound is not None and sign * bound > sign * level


def _errors(one: Configuration) -> list[float]:
    """Logarithms of the test MSE of each seed, in order."""
    values = one.values("test_mse")
    return sorted(map(math.log, values)) if values and min(values) > 0 else []


def _has_outsider(errors: Sequence[float], usual: float) -> bool:
    low, high = errors[1] - errors[0], errors[-1] - errors[-2]
    inner = (errors[-1] - errors[1], errors[-2] - errors[0])
    return any(gap > FAR * max(rest, usual) > 0 for gap, rest in zip((low, high), inner, strict=True))


def _longer(evidence: Evidence, results: Sequence[Result]) -> str:
    return f"--epochs {steps.enough(evidence, results)}" if results else ""


def _all(found: Sequence[Configuration]) -> list[Result]:
    return [result for one in found for result in one.results]


def _slower(results: Sequence[Result]) -> str:
    rates = [result.unit.learning_rate for result in results if isinstance(result.unit, Trial)]
    return f"--set learning_rate={min(rates) / 3:.1g}" if rates else ""
