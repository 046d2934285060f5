"""A block of a grid -> trials: the product of its lists, with the options that each network has."""

import itertools
from collections.abc import Iterable
from typing import Any

from bench import datasets, errors
from bench.ask import axes
from bench.ask.trial import Trial
from bench.models import ARCHITECTURES, MODELS

Choices = dict[str, list[axes.Value]]
"""A block: axis to values; one model, and what is missing is at its default."""


def checked(block: Choices) -> Choices:
    """The block with every value as its axis gives it; each of its networks has all axes that it names."""
    found = dict(block)
    for network in networks(block):
        own = {**axes.COMMON, **axes.options_of(*network)}
        for name, values in block.items():
            if name not in own:
                raise errors.GridError(_stranger(name, *network))
            found[name] = [own[name].check(value) for value in values]
    return found


def _stranger(name: str, model: str, architecture: str) -> str:
    """The line for an option that a network does not have."""
    taken = f"it takes {', '.join(axes.options_of(model, architecture))}"
    if any(name in card.named_options for card in ARCHITECTURES.values()):
        return f"architecture {architecture!r} does not take {name!r}; {taken}"
    return f"model {model!r} does not take {name!r}; {taken}"


def networks(block: Choices) -> list[tuple[str, str]]:
    """Model and architecture of each network in a block."""
    architectures = block.get("architecture", [axes.COMMON["architecture"].default])
    return [
        (str(block["model"][0]), str(axes.COMMON["architecture"].check(architecture)))
        for architecture in architectures
    ]


def taken(block: Choices) -> dict[str, axes.Axis]:
    """The axes that some network of a block has."""
    found = dict(axes.COMMON)
    for network in networks(block):
        found |= axes.options_of(*network)
    return found


def expand(block: Choices, backend: str) -> Iterable[Trial]:
    """The trials of a block, in the order of the axes; a network has the options that are its own."""
    options = {name: axis for network in networks(block) for name, axis in axes.options_of(*network).items()}
    chosen = [block.get(name, [None]) for name in (*axes.COMMON, *options)]
    trials = (
        _trial(dict(zip((*axes.COMMON, *options), values, strict=True)), backend)
        for values in itertools.product(*chosen)
    )
    return dict.fromkeys(trials)  # those that differ in what they do not have are one


def _trial(settings: dict[str, Any], backend: str) -> Trial:
    """Of values by axis, None where the default is meant.

    Raises
    ------
    GridError
        If settings contradict each other.
    """
    model = str(settings["model"])
    architecture = str(settings["architecture"] or axes.COMMON["architecture"].default)
    defaults = {
        **{name: axis.default for name, axis in axes.COMMON.items()},
        **MODELS[model].defaults,
        **ARCHITECTURES[architecture].defaults,
    }
    common: dict[str, Any] = {
        name: defaults[name] if settings[name] is None else settings[name] for name in axes.COMMON
    }
    options = {
        name: defaults.get(name, axis.default) if settings[name] is None else settings[name]
        for name, axis in axes.options_of(model, architecture).items()
    }
    seen = {"binarize": "images that are so"} if datasets.is_binarised(common["dataset"]) else {}
    for card in (MODELS[model], ARCHITECTURES[architecture]):
        if card.check and (problem := card.check({**common, **options, **seen})):
            raise errors.GridError(f"{card.name}: {problem}")
    return Trial(**common, backend=backend, options=axes.as_options(options))
