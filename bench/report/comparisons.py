"""Configurations held against each other with every other setting equal: pairs and one-factor sweeps."""

import collections
import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bench import statistics
from bench.ask import axes
from bench.ask.trial import Trial
from bench.report import words
from bench.report.evidence import OF_CARDS, Configuration, Evidence
from bench.statistics import Comparison, Interval

# An axis that is no hyperparameter of one model has its own section, or is a condition of the run.
_NOT_SWEPT = ("dataset", "backend", "model", "architecture")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pair:
    """Two configurations that differ in one setting only."""

    first: Configuration
    second: Configuration

    def difference(self, name: str) -> Interval:
        """First less second, with an interval where both have two seeds or more."""
        return statistics.difference(self.first.values(name), self.second.values(name))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """How pairs came out in one measure, first against second; certain where an interval leaves out 0."""

    lower: int
    higher: int
    certain_lower: int
    certain_higher: int
    pairs: int
    has_intervals: bool


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


def paired(found: Iterable[Pair], name: str) -> Comparison:
    """Mean over pairs of the difference over matched seeds, first less second, resampled by pairs."""
    return statistics.paired_difference((p.first.by_seed(name), p.second.by_seed(name)) for p in found)


def counterpart(evidence: Evidence, one: Configuration, model: str) -> Configuration | None:
    """The configuration of another model with every setting that both have equal, its own at default."""
    ignored = ("model", *evidence.own_options("model"))
    wanted = _key(one.settings, ignored)
    rivals = (rival for rival in evidence.configurations if rival.settings["model"] == model)
    found = (r for r in rivals if _has_default_options(r, "model") and _key(r.settings, ignored) == wanted)
    return next(found, None)


def tally(found: Iterable[Pair], name: str) -> Tally:
    """Count in how many pairs the first is lower or higher, and in how many of either beyond chance."""
    differences = [d for pair in found if (d := pair.difference(name)).mean is not None]
    signs = [(d.mean or 0.0, d.excludes_zero) for d in differences]
    return Tally(
        lower=sum(mean < 0 for mean, _ in signs),
        higher=sum(mean > 0 for mean, _ in signs),
        certain_lower=sum(mean < 0 and certain for mean, certain in signs),
        certain_higher=sum(mean > 0 and certain for mean, certain in signs),
        pairs=len(differences),
        has_intervals=any(d.low is not None for d in differences),
    )


def told_apart(found: Iterable[tuple[Sequence[float], Sequence[float]]]) -> tuple[int, int]:
    """In how many pairs the first side is lower, and higher, by Welch's test after Holm over the pairs."""
    compared = [statistics.mean_difference([pair]) for pair in found]
    adjusted = statistics.holm([one.p for one in compared])
    means = [
        one.difference.mean or 0.0 for one, p in zip(compared, adjusted, strict=True) if statistics.is_told(p)
    ]
    return sum(mean < 0 for mean in means), sum(mean > 0 for mean in means)


def lower_side(found: Sequence[tuple[Mapping[int, float], Mapping[int, float]]]) -> int | None:
    """Which side is lower over all pairs of values by seed: 0, 1, or None where it cannot be told.

    By the sign-flip test, where there are enough pairs for one; else by the pairs that are told apart, if
    they agree. Of one seed by what all pairs show, since no seed can be asked about another.
    """
    tested = statistics.paired_difference(found)
    if tested.p is None:
        means = [tuple(sum(side.values()) / len(side) for side in pair) for pair in found if all(pair)]
        lower = {first < second for first, second in means}
        return int(not lower.pop()) if len(lower) == 1 else None
    if statistics.is_told(statistics.smallest_p(tested.difference.n)):
        return int((tested.difference.mean or 0.0) > 0) if statistics.is_told(tested.p) else None
    wins = told_apart([([*first.values()], [*second.values()]) for first, second in found])
    return wins.index(max(wins)) if min(wins) == 0 < max(wins) else None


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
