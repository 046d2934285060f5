"""Configurations held against each other with every other setting equal: pairs and one-factor sweeps."""

import collections
import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bench.ask import axes
from bench.ask.trial import Trial
from bench.report import words
from bench.report.evidence import OF_CARDS, Configuration, Evidence

# An axis that is no hyperparameter of one model has its own section, or is a condition of the run.
_NOT_SWEPT = ("dataset", "backend", "model", "architecture")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pair:
    """Two configurations that differ in one setting only."""

    first: Configuration
    second: Configuration


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """Configurations along one axis, all else equal.

    `label` names it within its sweep; lines of one `style` are alike in every sweep.
    """

    label: str
    style: str
    points: tuple[Configuration, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sweep:
    """One axis: its values in order, and a line for each set of other settings."""

    axis: str
    values: tuple[Any, ...]
    lines: tuple[Line, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers."""
        return all(isinstance(value, int | float) for value in self.values)

    @property
    def metrics(self) -> tuple[str, str]:
        """What its figures show; squared errors say little about a model that was trained on another loss."""
        return ("test_ssim" if self.axis == "loss" else "test_mse", "latent_knn_accuracy")


def after(configurations: Iterable[Configuration], axis: str = "") -> str:
    """How long training took, for a sentence on what came of it: ` after 10 epochs`; nothing along epochs.

    Where patience may have ended it, epochs are the most.
    """
    trained = [one.settings for one in configurations if "epochs" in one.settings]
    if not trained or axis == "epochs":
        return ""
    known = {settings["epochs"] for settings in trained}
    low, high = min(known), max(known)
    if any(settings["patience"] for settings in trained):
        return f" after {words.count(high, 'epoch')} at most"
    return f" after {words.count(high, 'epoch')}" if low == high else f" after {low} to {high} epochs"


def pairs(evidence: Evidence, axis: str, first: str, second: str) -> list[Pair]:
    """All pairs with `axis` = `first` and `second` and everything else equal.

    Options that only one of two models has must be at their default: `beta` 1 is the VAE of its paper.
    """
    groups = ({one.settings[axis]: one for one in group} for group in alike(evidence, axis))
    return [
        Pair(first=group[first], second=group[second])
        for group in groups
        if first in group and second in group
    ]


def alike(evidence: Evidence, axis: str) -> list[list[Configuration]]:
    """Groups of two configurations or more that differ in `axis` and in nothing else.

    Of several models or architectures, with the options that only some of them have at their default. An
    architecture that has a default of its own for a common setting is alike with it to others with theirs:
    gated layers without an activation to dense ones with ReLU.
    """
    ignored = (axis, *evidence.own_options(axis))
    fixed = evidence.own_defaults() if axis == "architecture" else set()
    groups: dict[Any, list[Configuration]] = {}
    for one in evidence.configurations:
        if axis in one.settings and _has_default_options(one, axis):
            groups.setdefault(_key(_by_default(one, fixed), ignored), []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def counterpart(evidence: Evidence, one: Configuration, model: str) -> Configuration | None:
    """The configuration of another model with every setting that both have equal, its own at default."""
    ignored = ("model", *evidence.own_options("model"))
    wanted = _key(one.settings, ignored)
    rivals = (rival for rival in evidence.configurations if rival.settings["model"] == model)
    found = (r for r in rivals if _has_default_options(r, "model") and _key(r.settings, ignored) == wanted)
    return next(found, None)


def sweeps(evidence: Evidence) -> list[Sweep]:
    """Every axis along which some configurations differ in nothing else, latent size and options first."""
    names = dict.fromkeys(name for one in evidence.configurations for name in one.settings)
    own = evidence.own_options("model") | evidence.own_options("architecture")
    ordered = sorted(names, key=lambda name: (name != "latent_dim", name not in own))
    found = (_sweep(evidence, axis) for axis in ordered if axis not in _NOT_SWEPT)
    return [sweep for sweep in found if sweep is not None]


def _sweep(evidence: Evidence, axis: str) -> Sweep | None:
    lines = [_line(evidence, axis, group) for group in alike(evidence, axis)]
    if not lines:
        return None
    lines.sort(key=lambda line: _distance(line.points[0], evidence.base, axis))
    values = {point.settings[axis] for line in lines for point in line.points}
    return Sweep(axis=axis, values=_ordered(values), lines=tuple(_told_apart(lines)))


def _told_apart(lines: Sequence[Line]) -> list[Line]:
    """Lines of one sweep that would look alike get a style of their own."""
    counts = collections.Counter(line.style for line in lines)
    return [
        line if counts[line.style] == 1 else dataclasses.replace(line, style=line.label) for line in lines
    ]


def _line(evidence: Evidence, axis: str, group: Sequence[Configuration]) -> Line:
    order = _ordered({one.settings[axis] for one in group})
    points = sorted(group, key=lambda one: order.index(one.settings[axis]))
    settings = points[0].settings
    changed = [
        words.setting(name, value)
        for name, value in settings.items()
        if name not in ("model", "architecture", "latent_dim", axis) and value != evidence.base.get(name)
    ]
    style = ", ".join([points[0].family, *changed])
    if axis != "latent_dim":
        changed.insert(0, words.setting("latent_dim", settings["latent_dim"]))
    return Line(label=", ".join([points[0].family, *changed]), style=style, points=tuple(points))


def _ordered(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(values, key=lambda value: (isinstance(value, str), value)))


def _distance(configuration: Configuration, base: Mapping[str, Any], axis: str) -> int:
    """In how many settings a configuration leaves the base of the run."""
    ignored = ("model", "architecture", axis)
    return sum(
        value != base.get(name) for name, value in configuration.settings.items() if name not in ignored
    )


def _has_default_options(configuration: Configuration, axis: str) -> bool:
    """Whether what comes with its model, or its architecture, is as that comes by itself."""
    settings, unit = configuration.settings, configuration.unit
    if axis not in OF_CARDS or not isinstance(unit, Trial):
        return True
    card = unit.cards.card(axis, settings[axis])
    return all(settings[option.name] == option.default for option in card.options)


def _by_default(one: Configuration, names: Collection[str]) -> Mapping[str, Any]:
    """Its settings, without a value where one of these is as its architecture has it by itself."""
    unit = one.unit
    if not names or not isinstance(unit, Trial):
        return one.settings
    own = unit.architecture_card.defaults
    usual = {name: own.get(name, axes.COMMON[name].default) for name in names}
    return {name: None if usual.get(name, _NONE) == value else value for name, value in one.settings.items()}


_NONE = object()


def _key(settings: Mapping[str, Any], ignored: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in settings.items() if name not in ignored)


def picks(configurations: Iterable[Configuration]) -> list[Configuration]:
    """The configuration with the lowest mean validation loss of each training objective."""
    best: dict[Any, Configuration] = {}
    for configuration in configurations:
        loss = configuration.mean("validation_loss")
        if loss is None:
            continue
        rival = best.get(configuration.objective)
        if rival is None or loss < (rival.mean("validation_loss") or 0.0):
            best[configuration.objective] = configuration
    return list(best.values())
