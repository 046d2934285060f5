"""Which trials are shown in pictures, and the pictures themselves."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from bench.ask.trial import Trial
from bench.report import words
from bench.report.blocks import curves, isolation, pictures
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.pictures import Picture
from bench.report.evidence import Configuration, Evidence, comparisons, priors
from bench.report.sections import figures

MOST_SHOWN = 12
MOST_PAIRS = 4
SAMPLES = 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """The pictures of one trial, by its key; None where there is none. `lost` says why, if one should be.

    `nearest` has rows of samples, each above a row of the training images that are nearest to them.
    """

    name: str
    key: str
    is_baseline: bool
    reconstructions: Picture | None = None
    samples: Picture | None = None
    mixture_samples: Picture | None = None
    nearest: Picture | None = None
    interpolations: Picture | None = None
    lost: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gallery:
    """The pictures of one data set; every trial shows the same test images, and `choice` says which.

    `sampling` says what its samples are decoded from.

    Attributes
    ----------
    source
        The data set as settings name it; `dataset` is what people call it, which two may share.
    """

    source: str
    dataset: str
    choice: str
    sampling: str
    labels: tuple[str, ...]
    originals: Picture
    shown: tuple[Shown, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Side:
    """Two configurations, picture by picture."""

    first: Shown
    second: Shown
    originals: Picture | None


def representatives(evidence: Evidence) -> list[Configuration]:
    """All configurations, or where they are many, twelve.

    First the pick, by validation loss, of each architecture and training objective, those of the most
    trained objective first; then the others, in the order of the grid.
    """
    everything = list(evidence.configurations)
    if len(everything) <= MOST_SHOWN:
        return everything
    largest_first = sorted(_kinds(everything), key=len, reverse=True)
    first = [pick for group in largest_first for pick in comparisons.picks(group)][:MOST_SHOWN]
    others = [one for one in everything if one not in first]
    kept = [*first, *others[: MOST_SHOWN - len(first)]]
    return [one for one in everything if one in kept]


def _kinds(everything: Iterable[Configuration]) -> list[list[Configuration]]:
    """Those of one architecture and training objective together: their validation losses compare."""
    groups: dict[tuple[object, ...], list[Configuration]] = {}
    for one in everything:
        groups.setdefault((one.settings["architecture"], one.objective), []).append(one)
    return list(groups.values())


def baselines(evidence: Evidence) -> list[Configuration]:
    """All baselines, or where they are many, those with the usual latent size and those without any."""
    everything = list(evidence.baselines)
    if len(everything) <= MOST_SHOWN:
        return everything
    usual = (None, evidence.base.get("latent_dim"))
    return [one for one in everything if one.settings.get("latent_dim") in usual]


def thinning(evidence: Evidence) -> str:
    """The rule by which pictures were left out; empty if all are there."""
    text, total = "", len(evidence.configurations)
    if total > MOST_SHOWN:
        kinds = len(_kinds(evidence.configurations))
        text = f"{MOST_SHOWN} of {total} configurations are shown: "
        if kinds > MOST_SHOWN:
            text += (
                f"of the {MOST_SHOWN} of {kinds} combinations of architecture and training objective that "
            )
            text += "have the most configurations, the one with the lowest validation loss. "
        else:
            text += "of each architecture and training objective the one with the lowest validation loss"
            text += f"{', then others in the order of the grid' * (kinds < MOST_SHOWN)}. "
    if len(baselines(evidence)) < len(evidence.baselines):
        size = words.setting("latent_dim", evidence.base["latent_dim"])
        text += f"Of baselines with a latent size those with {size} are shown. "
    return (text + first_seed(evidence)).strip()


def first_seed(evidence: Evidence) -> str:
    """Which seed pictures are of, where there are several."""
    return "Pictures are of the first seed." if evidence.has_intervals else ""


def galleries(evidence: Evidence) -> list[Gallery]:
    """One gallery a data set, for those that left pictures."""
    chosen = representatives(evidence)
    found = (_gallery(evidence, dataset, chosen) for dataset in evidence.datasets)
    return [gallery for gallery in found if gallery is not None]


def _gallery(evidence: Evidence, dataset: str, chosen: Sequence[Configuration]) -> Gallery | None:
    ones = [one for one in (*chosen, *baselines(evidence)) if one.settings["dataset"] == dataset]
    shown = tuple(s for one in ones if (s := show(evidence, one)).reconstructions or s.lost)
    first = _first_originals(evidence, ones)
    if first is None:
        return None
    labels, originals = first
    classes = evidence.run.get("datasets", {}).get(dataset, {}).get("classes", [])
    return Gallery(
        source=dataset,
        dataset=words.dataset(dataset),
        choice=_choice(labels, len(classes)),
        sampling=priors.of_samples([one for one in ones if not one.is_baseline]),
        labels=labels,
        originals=originals,
        shown=shown,
    )


def _choice(labels: Sequence[str], classes: int) -> str:
    """Which test images are shown: ten at most, one of each class first, then others."""
    shown = len(set(labels))
    text = f"{words.count(len(labels), 'test image')}, the first of each "
    if shown < len(labels):
        return text + "class and then others"
    return text + (f"of {shown} of the {classes} classes" if shown < classes else "class")


def _first_originals(
    evidence: Evidence, ones: Iterable[Configuration]
) -> tuple[tuple[str, ...], Picture] | None:
    for one in ones:
        arrays = _images(evidence, one)
        if "originals" in arrays:
            dataset = one.settings["dataset"]
            names = tuple(words.class_name(evidence.run, dataset, label) for label in arrays["labels"])
            id = f"originals-{evidence.datasets.index(dataset) + 1}"
            alt = f"Test images of {words.dataset(dataset)}: {words.listing(names)}."
            return names, pictures.picture(id, alt, arrays["originals"], len(names))
    return None


def _images(evidence: Evidence, one: Configuration) -> Mapping[str, np.ndarray]:
    """The arrays of a configuration; none where they cannot be read, which is said where they are missed."""
    return isolation.attempt("picture", lambda: evidence.folder.images(one.unit), lambda _: {})


def show(evidence: Evidence, one: Configuration, samples: int = SAMPLES) -> Shown:
    """The pictures of a configuration's first seed, with so many samples of each kind at most."""
    none = Shown(name=one.name, key=one.unit.key, is_baseline=one.is_baseline)
    return isolation.attempt(
        "picture", lambda: _show(evidence, one, samples), lambda why: dataclasses.replace(none, lost=why)
    )


def _show(evidence: Evidence, one: Configuration, samples: int) -> Shown:
    arrays = evidence.folder.images(one.unit)
    shown: dict[str, Any] = {}
    if "reconstructions" in arrays:
        images = arrays["reconstructions"]
        alt = f"The same test images, reconstructed by {one.name}."
        shown["reconstructions"] = pictures.picture(
            f"reconstructions-{one.unit.key}", alt, images, len(images)
        )
    if "samples" in arrays:
        alt = f"Images that {one.name} decodes from codes drawn from {_prior(one)}."
        shown["samples"] = pictures.picture(f"samples-{one.unit.key}", alt, arrays["samples"][:samples], 10)
    if "mixture_samples" in arrays:
        alt = f"Images that {one.name} decodes from codes drawn from a mixture fitted to its training codes."
        shown["mixture_samples"] = pictures.picture(
            f"mixture-samples-{one.unit.key}", alt, arrays["mixture_samples"][:samples], 10
        )
    if "interpolations" in arrays and arrays["interpolations"].size:
        lines = arrays["interpolations"]
        alt = f"Decoded codes on straight lines between those of two test images, by {one.name}."
        images = lines.reshape(-1, *lines.shape[2:])
        shown["interpolations"] = pictures.picture(
            f"interpolations-{one.unit.key}", alt, images, lines.shape[1]
        )
    if rows := [(text, arrays[name]) for name, text in _SOURCES.items() if name in arrays]:
        shown["nearest"] = _nearest(one, rows)
    return Shown(name=one.name, key=one.unit.key, is_baseline=one.is_baseline, **shown)


_SOURCES = {"near_prior": "from the prior", "near_mixture": "from the mixture"}


def _nearest(one: Configuration, rows: Sequence[tuple[str, np.ndarray]]) -> Picture:
    """Rows of samples in turns with those of their nearest training images, of each source."""
    images = np.concatenate([row for _, pairs in rows for row in pairs])
    sources = words.listing(text for text, _ in rows)
    alt = f"Samples of {one.name} {sources}, each above the training image that is nearest to it by pixels."
    return pictures.picture(f"nearest-{one.unit.key}", alt, images, rows[0][1].shape[1])


def _prior(one: Configuration) -> str:
    text = priors.drawn_from(one)
    return "a standard normal distribution" if text == priors.STANDARD else text


def pictured(groups: Sequence[Sequence[comparisons.Pair]]) -> list[comparisons.Pair]:
    """Of each data set and architecture the pair with the lowest MSE of its first; of several groups one."""
    most = MOST_PAIRS if len(groups) == 1 else 1
    return [pair for found in groups for pair in _lowest(found)[:most]][:MOST_SHOWN]


def _lowest(found: Sequence[comparisons.Pair]) -> list[comparisons.Pair]:
    known = [pair for pair in found if pair.first.mean("test_mse") is not None]
    ranked = sorted(known, key=lambda pair: pair.first.mean("test_mse") or 0.0)
    best: dict[tuple[str, str], comparisons.Pair] = {}
    for pair in ranked:
        best.setdefault((pair.first.settings["dataset"], pair.first.settings["architecture"]), pair)
    return list(best.values())


def sides(evidence: Evidence, groups: Sequence[Sequence[comparisons.Pair]]) -> list[Side]:
    """Pairs in pictures."""
    shown = []
    for pair in pictured(groups):
        first = _first_originals(evidence, [pair.first])
        shown.append(
            Side(
                first=show(evidence, pair.first),
                second=show(evidence, pair.second),
                originals=first[1] if first else None,
            )
        )
    return shown


def training_charts(evidence: Evidence) -> list[Chart]:
    """The curves of the first seed of each representative, where they were kept."""
    found = (_training_chart(evidence, one) for one in representatives(evidence))
    return [chart for chart in found if chart is not None]


@drawn
def _training_chart(evidence: Evidence, one: Configuration) -> Chart | None:
    history = curves.first_stage(evidence.folder.history(one.unit))
    if not history or not isinstance(one.unit, Trial):
        return None
    return figures.training(f"training-{one.unit.key}", one, history)
