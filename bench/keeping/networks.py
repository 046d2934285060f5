"""Which trials share a network, so that each network is timed once."""

import hashlib
from collections.abc import Iterable
from typing import Any

from bench.ask import optimizers
from bench.ask.axes import Value
from bench.ask.trial import Trial, canonical_json
from bench.keeping.store import RunFolder

# What the time of a step depends on; the seed, the learning rate and the number of epochs do not count.
FIELDS = (
    *("dataset", "backend", "model", "architecture", "latent_dim", "activation", "loss", "optimizer"),
    *("batch_size", "precision"),
)


def settings(trial: Trial) -> dict[str, Any]:
    """The settings that make a trial's network, with the options that change its cost from the default."""
    found = {name: getattr(trial, name) for name in FIELDS} | trial.plugins
    options = costly_options(trial)
    return found | ({"options": options} if options else {})


def costly_options(trial: Trial) -> dict[str, Value]:
    """Options that change what a step costs, and are not at their default: clipping of gradients, too."""
    own = (*trial.model_card.options, *trial.architecture_card.options)
    usual: dict[str, Value] = {option.name: option.default for option in own if option.cost}
    usual["optimizer_options"] = optimizers.DEFAULT
    return {name: value for name, value in trial.options if name in usual and value != usual[name]}


def key(trial: Trial) -> str:
    """First 12 hex digits of the SHA-256 of the canonical JSON of `settings`."""
    return hashlib.sha256(canonical_json(settings(trial)).encode()).hexdigest()[:12]


def timed(folder: RunFolder, trials: Iterable[Trial]) -> list[dict[str, Any]]:
    """Settings and times of the networks of these trials that have been timed, in the order of the trials."""
    times = folder.timings()
    planned: dict[str, Trial] = {}
    for trial in trials:
        planned.setdefault(key(trial), trial)
    return [{**times[name], **settings(trial)} for name, trial in planned.items() if name in times]


def untimed(folder: RunFolder, trials: Iterable[Trial]) -> list[Trial]:
    """A trial for each network that has not been timed, of those that ended well."""
    known = set(folder.timings())
    found: dict[str, Trial] = {}
    for trial in trials:
        name = key(trial)
        if name in known or name in found:
            continue
        result = folder.result(trial)
        if result is not None and result.status == "ok":
            found[name] = trial
    return list(found.values())
