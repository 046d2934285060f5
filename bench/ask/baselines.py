"""The rows without a trained network that belong beside trials."""

from collections.abc import Iterable, Sequence
from typing import Any

from bench.ask import axes, seen
from bench.ask.baseline_cards import BASELINES, DEFAULT
from bench.ask.trial import Baseline, Trial


def beside(trials: Sequence[Trial], wanted: Sequence[str] = DEFAULT) -> list[Baseline]:
    """The baselines of these names that belong beside trials, of each set of images that these see.

    One of each latent size where codes have a size; the linear VAE of each objective that has one. Binarised
    images, and those that a view shows, are other images, with baselines of their own.
    """
    groups: dict[tuple[Any, ...], list[Trial]] = {}
    for trial in trials:
        groups.setdefault(_images(trial), []).append(trial)
    return [
        one
        for group in groups.values()
        for name in BASELINES
        if name in wanted
        for one in sorted(dict.fromkeys(_of(name, group)), key=lambda one: one.latent_dim or 0)
    ]


def linear_optimum(trial: Trial) -> Baseline | None:
    """The linear VAE that minimises what a trial minimises; None where its model names none.

    The card of the model says whether there is one, and whether its variance is fitted. Of another loss than
    mse there is none, and where the KL term weighs nothing it would be PCA.
    """
    kind, beta = trial.model_card.linear, float(dict(trial.options).get("beta", 1.0))
    if not kind or trial.loss != "mse" or not beta > 0:
        return None
    fitted = {} if kind == "fixed" else {"variance": kind}
    return _made(trial, "linear_vae", trial.latent_dim, beta=beta, **fitted)


def _of(name: str, trials: Iterable[Trial]) -> list[Baseline]:
    card = BASELINES[name]
    if name == "linear_vae":
        return [found for trial in trials if (found := linear_optimum(trial))]
    if card.of_architectures:
        return [
            _made(one, name, one.latent_dim, architecture=one.architecture, **_unusual(one)) for one in trials
        ]
    return [_made(trial, name, trial.latent_dim if card.has_size else None) for trial in trials]


def _made(trial: Trial, name: str, size: int | None, **options: axes.Value) -> Baseline:
    """A baseline of the images that a trial sees."""
    dataset, seen = _images(trial)
    both = tuple(sorted({**dict(seen), **options}.items()))
    return Baseline(
        dataset=dataset,
        model=name,
        latent_dim=size,
        options=both,
        cards=trial.cards,
        protocol=trial.protocol,
    )


def _images(trial: Trial) -> tuple[str, tuple[tuple[str, axes.Value], ...]]:
    """A data set, and what is seen of it."""
    return trial.dataset, seen.chosen(trial)


def _unusual(trial: Trial) -> dict[str, axes.Value]:
    """The options of its architecture that are not at their default."""
    own = trial.architecture_card.named_options
    return {name: value for name, value in trial.architecture_options.items() if value != own[name].default}
