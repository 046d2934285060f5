"""What value a trial or a baseline has for a setting, whether it is a column or an option."""

from bench.ask import axes
from bench.ask.trial import Baseline, Trial, Unit


def value(unit: Unit, name: str) -> axes.Value | None:
    """The value, its default where it says nothing; None of what it does not have."""
    if isinstance(unit, Trial):
        return _of_trial(unit, name)
    return _of_baseline(unit, name) if isinstance(unit, Baseline) else None


def _of_trial(trial: Trial, name: str) -> axes.Value | None:
    if name in axes.COMMON:
        found: axes.Value = getattr(trial, name)
        return found
    axis = axes.options_of(trial.model, trial.architecture).get(name)
    return None if axis is None else dict(trial.options).get(name, axis.default)


def _of_baseline(one: Baseline, name: str) -> axes.Value | None:
    if name in ("dataset", "model", "latent_dim"):
        found: axes.Value | None = getattr(one, name)
        return found
    usual = {"binarize": axes.SHARED_OPTIONS["binarize"], **axes.of_views()}
    own = usual | axes.of_options(one.card.options)
    return dict(one.options).get(name, own[name].default if name in own else None)
