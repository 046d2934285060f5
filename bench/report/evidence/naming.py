"""What configurations are called: by what tells each from the others of its run."""

import collections
from collections.abc import Iterable, Mapping
from typing import Any

from bench.ask import axes
from bench.ask.baseline_cards import BASELINES
from bench.ask.trial import Baseline, External, Trial, Unit
from bench.ask.views import TRAIN_IMAGES
from bench.datasets import draws
from bench.report import words

ALL = "all"
"""Of training images, where no view shows fewer: behind every number of them."""
BASELINE, EXTERNAL = " (baseline)", " (external)"
"""Behind the name of one, wherever it stands among models."""


def settings_of(unit: Unit) -> dict[str, Any]:
    """All settings but the seed, the options of a model among them.

    Binarised images, and those that a view shows, are other images: no number of theirs compares with one of
    the data set itself. So they are told by its name. Settings of training and measuring are there
    at their default, too, and so are views that change training images alone; but not snapshots, which
    change no number of a trial.
    """
    settings, options = unit.settings(), dict(unit.options)
    settings.pop("options", None)
    settings.pop("seed", None)
    options.pop("snapshots", None)
    cards = unit.cards.all_views()
    of_training = {name: ALL for name, card in cards.items() if card.changes == "train"}
    for view, value in unit.views.items():
        if view not in of_training:
            del options[view]
            settings["dataset"] += words.seen(view, value)
    if (how := str(options.pop("binarize", draws.NONE))) != draws.NONE:
        settings["dataset"] += binarised(how)
    always = axes.TRAINING | axes.MEASURING
    usual = {name: axis.default for name, axis in always.items() if name != "snapshots"}
    usual |= of_training
    usual = usual if isinstance(unit, Trial) else {}
    return {**settings, **usual, **options}


def train_images(settings: Mapping[str, Any]) -> int | str:
    """How many images a trial or a baseline of these settings was fitted to: a number, or `ALL`."""
    found: int | str = settings.get(TRAIN_IMAGES, ALL)
    return found


def identity(unit: Unit) -> tuple[tuple[str, Any], ...]:
    """What seeds of one configuration have in common, whether or not they ended well."""
    settings = settings_of(unit)
    if isinstance(unit, External):
        del settings["latent_dim"]  # which is known of those alone that did
    return tuple(settings.items())


def binarised(how: str) -> str:
    """What stands behind the name of a data set drawn as `binarize` says: ` (binarised, seed 777)`."""
    seed = draws.PUBLISHED.get(how)
    return words.BINARISED if seed is None else f"{words.BINARISED[:-1]}, seed {seed})"


def mark(unit: Unit) -> str:
    """What stands behind the name of a baseline or an external coder; empty for a trial."""
    return BASELINE if isinstance(unit, Baseline) else EXTERNAL if isinstance(unit, External) else ""


def seed_of(unit: Unit) -> int | None:
    """None for a baseline."""
    return None if isinstance(unit, Baseline) else unit.seed


def base(known: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The most common value of each setting of trials; none of the backend, if there are several."""
    counts: dict[str, collections.Counter[Any]] = collections.defaultdict(collections.Counter)
    for settings in known:
        for name, value in settings.items():
            counts[name][value] += 1
    if len(counts["backend"]) > 1:
        del counts["backend"]
    return {name: counter.most_common(1)[0][0] for name, counter in counts.items() if counter}


def name(settings: Mapping[str, Any], usual: Mapping[str, Any]) -> str:
    """What tells settings from others of a run with these usual ones: `VAE conv, latent 16, β 4`."""
    family = words.model(settings["model"])
    if settings["model"] in BASELINES:
        family = words.capital(family)
    if settings["model"] in ("mean", "pixels"):
        family = {"mean": "Mean image", "pixels": "Raw pixels"}[settings["model"]]
    if "architecture" in settings:
        family += f" {settings['architecture']}"
    parts = [family]
    if settings.get("latent_dim") is not None:
        parts.append(words.setting("latent_dim", settings["latent_dim"]))
    skipped = ("model", "architecture", "latent_dim")
    parts += [
        words.setting(name, value)
        for name, value in settings.items()
        if name not in skipped and value != usual.get(name)
    ]
    return ", ".join(parts)
