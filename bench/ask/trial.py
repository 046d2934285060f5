"""The unit of work, of storage and of failure: a configuration with a seed, a baseline, an external coder."""

import dataclasses
import functools
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from bench import errors
from bench.ask import axes, external, keys, seen, snapshots
from bench.ask.baseline_cards import BASELINES, BaselineCard
from bench.ask.external import External
from bench.ask.keys import PROTOCOL_VERSION, READ_PROTOCOLS, canonical_json
from bench.ask.known import CATALOGUE, Known
from bench.ask.shared import Options, Shared, shared_option
from bench.machine.backend import BACKENDS
from bench.models.cards import ArchitectureCard, ModelCard

__all__ = [
    "PROTOCOL_VERSION",
    "READ_PROTOCOLS",
    "Baseline",
    "External",
    "Trial",
    "Unit",
    "canonical_json",
    "from_settings",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial(Shared):
    """A configuration with a seed. Same key, same experiment.

    `options` holds what has no column of its own, sorted by name: the hyperparameters that only this model
    or architecture has, the precision of training, how images are binarised, and of `axes.TRAINING` and views
    what is not at its default. `cards` says what its model and architecture are, and is no part of it; nor
    is `protocol`, which all trials of a run share, but of the key.
    """

    dataset: str
    backend: str
    model: str
    architecture: str
    latent_dim: int
    activation: str
    loss: str
    optimizer: str
    learning_rate: float
    batch_size: int
    epochs: int
    seed: int
    options: Options = ()
    cards: Known = dataclasses.field(default=CATALOGUE, compare=False, repr=False)
    protocol: int = dataclasses.field(default=PROTOCOL_VERSION, compare=False, repr=False)

    @property
    def model_card(self) -> ModelCard:
        """What is known of its model."""
        return self.cards.model(self.model)

    @property
    def architecture_card(self) -> ArchitectureCard:
        """What is known of its architecture."""
        return self.cards.architecture(self.architecture)

    @property
    def own_axes(self) -> dict[str, axes.Axis]:
        """The axes that are no columns, by name."""
        return axes.options_of(self.model, self.architecture, self.cards)

    def settings(self) -> dict[str, Any]:
        """All fields, in the order of `results.csv`; `options` as a dictionary.

        The precision, `binarize` and those of the model are always among the options, as from the first; of
        all others, and where the card says so, what is not at its default: then a setting more changes no
        table that lacks it.
        """
        # Not by asdict, which copies deeply: a report asks thousands of times.
        always = _ALWAYS | {option.name for option in self.model_card.options if option.told != "changed"}
        own = self.own_axes
        told = {name: value for name, value in self.options if name in always or value != own[name].default}
        return {name: getattr(self, name) for name in _FIELDS} | {"options": told}

    @property
    def model_options(self) -> dict[str, axes.Value]:
        """The options that are keywords of the model: part of what is minimised."""
        own = self.model_card.named_options
        return {name: value for name, value in self.options if name in own}

    @property
    def architecture_options(self) -> dict[str, axes.Value]:
        """The options that are keywords of encoder and decoder."""
        own = self.architecture_card.named_options
        return {name: value for name, value in self.options if name in own}

    def with_snapshots(self, epochs: Iterable[int]) -> "Trial":
        """The same, measured after these epochs."""
        chosen = {**dict(self.options), "snapshots": snapshots.written(epochs)}
        return dataclasses.replace(self, options=axes.as_options(chosen))

    @property
    def objective(self) -> Hashable:
        """What is minimised, and of which images: validation losses compare where this is equal."""
        cards = self.cards.all_views()
        views = [(name, value) for name, value in self.views.items() if cards[name].changes == "all"]
        images = (self.dataset, self.binarize, self.train_on, *views)
        return (*images, self.model, self.loss, *self.model_options.items())

    @functools.cached_property
    def key(self) -> str:
        """First 12 hex digits of the SHA-256 of the canonical JSON of trial and protocol version.

        Options at their default do not count, so that a model can gain an option without making
        finished trials look new.
        """
        defaults = {name: axis.default for name, axis in self.own_axes.items()}
        chosen = {name: value for name, value in self.options if value != defaults[name]}
        settings = {**self.settings(), "options": chosen, **self.plugins, **seen.plugins(self)}
        return keys.key(self.protocol, settings)

    @property
    def views(self) -> dict[str, axes.Value]:
        """The views that change something, with their values."""
        return seen.views(self)

    @property
    def plugins(self) -> dict[str, list[str]]:
        """`plugins`: hashes of the files that its model and architecture come from; nothing if of none."""
        found = {self.model_card.plugin, self.architecture_card.plugin} - {""}
        return {"plugins": sorted(found)} if found else {}

    def __str__(self) -> str:
        """For people, with all that is not at its default: `vae conv, latent 16, beta 4, seed 0`."""
        return self.name(lambda axis, value: value != axis.default)

    def name(self, matters: Callable[[axes.Axis, Any], bool]) -> str:
        """Model, architecture, latent size, and the other settings that matter."""
        parts = [f"{self.model} {self.architecture}", f"latent {self.latent_dim}"]
        settings = {**self.settings(), **dict(self.options)}
        for axis in (
            *(axes.COMMON[name] for name in _TOLD),
            *self.own_axes.values(),
        ):
            value = settings.get(axis.name, axis.default)
            if matters(axis, value):
                parts.append(
                    f"{axis.name.replace('_', ' ')} {value if isinstance(value, str) else f'{value:g}'}"
                )
        return ", ".join([*parts, f"seed {self.seed}"])


_ALWAYS = {"precision", "binarize"}
_FIELDS = tuple(field.name for field in dataclasses.fields(Trial) if field.compare)

# Beside model, architecture, latent size and seed, which every name has.
_TOLD = ("dataset", "activation", "loss", "optimizer", "learning_rate", "batch_size", "epochs")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Baseline:
    """A row without a trained network: one of `bench.ask.baseline_cards`, with codes of `latent_dim` numbers.

    `options` says what is seen of the images (`binarize`, views), as of the trials beside it, and what only
    this baseline has, such as the `beta` of the linear VAE. `cards` and `protocol` are as of a
    trial.
    """

    dataset: str
    model: str
    latent_dim: int | None = None
    options: tuple[tuple[str, axes.Value], ...] = ()
    cards: Known = dataclasses.field(default=CATALOGUE, compare=False, repr=False)
    protocol: int = dataclasses.field(default=PROTOCOL_VERSION, compare=False, repr=False)

    def settings(self) -> dict[str, Any]:
        """All fields, in the order of `results.csv`; `options` as a dictionary, where there are any."""
        settings = {"dataset": self.dataset, "model": self.model, "latent_dim": self.latent_dim}
        return {**settings, "options": dict(self.options)} if self.options else settings

    @property
    def card(self) -> BaselineCard:
        """What is known of it."""
        return BASELINES[self.model]

    @property
    def binarize(self) -> str:
        """As of a trial; its training images are drawn once."""
        return shared_option(self.options, "binarize")

    @property
    def views(self) -> dict[str, axes.Value]:
        """As of a trial."""
        return seen.views(self)

    @functools.cached_property
    def key(self) -> str:
        """As for a trial."""
        return keys.key(self.protocol, {**self.settings(), **self.plugins, **seen.plugins(self)})

    @property
    def plugins(self) -> dict[str, list[str]]:
        """`plugins`: the hash of the file that its architecture comes from; nothing if of none."""
        architecture = dict(self.options).get("architecture")
        file = self.cards.architecture(str(architecture)).plugin if architecture else ""
        return {"plugins": [file]} if file else {}

    def __str__(self) -> str:
        """For people: `pca, latent 16`."""
        size = [] if self.latent_dim is None else [f"latent {self.latent_dim}"]
        options = (
            f"{name} {value if isinstance(value, str) else f'{value:g}'}" for name, value in self.options
        )
        return ", ".join([self.model, *size, *options])


Unit = Trial | Baseline | External


def from_settings(
    settings: Mapping[str, Any], cards: Known = CATALOGUE, protocol: int = PROTOCOL_VERSION
) -> Unit:
    """The trial, baseline or external coder whose `settings()` these are; the rest is as of the run.

    Raises
    ------
    ValueError, TypeError, KeyError
        If they are none: a setting is missing, unknown, or has a value that it does not take.
    """
    options = settings.get("options", {})
    if external.is_one(settings):
        return external.from_settings(settings, cards, protocol)
    is_baseline = settings["model"] in BASELINES and "backend" not in settings
    own = (
        _axes_of_baseline(BASELINES[settings["model"]], options, cards)
        if is_baseline
        else axes.options_of(settings["model"], settings["architecture"], cards)
    )
    if unknown := sorted(options.keys() - own.keys()):
        raise ValueError(f"unknown options {', '.join(unknown)}")
    for name, value in options.items():
        _require(own[name], value)
    for name in axes.COMMON.keys() & settings.keys() - {"model", "architecture"}:
        if not (is_baseline and name == "latent_dim" and settings[name] is None):
            _require(axes.COMMON[name], settings[name])
    if is_baseline:
        return dataclasses.replace(_baseline(settings, options, cards), protocol=protocol)
    if settings["backend"] not in BACKENDS:
        raise ValueError(f"unknown backend {settings['backend']!r}")
    defaults = {name: axis.default for name, axis in own.items()}
    known = {**defaults, **options}  # a run may be older than an option
    return Trial(**{**settings, "options": axes.as_options(known, cards)}, cards=cards, protocol=protocol)


def _axes_of_baseline(card: BaselineCard, options: Mapping[str, Any], cards: Known) -> dict[str, axes.Axis]:
    """What is no column of a baseline, with the options of the architecture where there is one of each."""
    found = axes.SHARED_OPTIONS | axes.of_views(cards) | axes.of_options(card.options)
    if not card.of_architectures:
        return found
    architecture = cards.architecture(options["architecture"])
    name = axes.Axis(name="architecture", kind=str, default=architecture.name, form=str)
    return found | {"architecture": name} | axes.of_options(architecture.options)


def _baseline(settings: Mapping[str, Any], options: Mapping[str, Any], cards: Known) -> Baseline:
    if BASELINES[settings["model"]].has_size and settings["latent_dim"] is None:
        raise ValueError(f"{settings['model']} without latent_dim")
    return Baseline(**{**settings, "options": tuple(sorted(options.items()))}, cards=cards)


def _require(axis: axes.Axis, value: Any) -> None:
    """Refuse a value that an axis does not take; a data set is not looked for, since it may be elsewhere."""
    if axis.name == "dataset":
        if not isinstance(value, str):
            raise TypeError(f"dataset takes a name or a path, not {value!r}")
        return
    try:
        axis.check(value)
    except errors.GridError as error:
        raise ValueError(str(error)) from None
