"""The pictures of one configuration: what its first seed left of test images, samples and lines."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from bench.report import words
from bench.report.blocks import isolation, pictures
from bench.report.blocks.pictures import Picture, Row
from bench.report.blocks.table import configuration_link
from bench.report.evidence import Configuration, Evidence, priors

SAMPLES = 20
_HUNDREDS = ("map", "point_images", "point_reconstructions", "traversals", "interpolations")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """The pictures of one trial; None where there is none. `lost` says why, if one should be.

    `nearest` has rows of samples, each above a row of the training images that are nearest to them.
    """

    one: Configuration
    reconstructions: Picture | None = None
    samples: Picture | None = None
    mixture_samples: Picture | None = None
    nearest: Picture | None = None
    interpolations: Picture | None = None
    lost: str = ""

    def row(self, *found: Picture | None, labels: Sequence[str] = (), number: str = "") -> Row:
        """A row of some of them, with what is above each."""
        there = [(each, text) for each, text in zip(found, labels or [""] * len(found), strict=True) if each]
        return Row(
            title=self.one.name + self.one.mark,
            pictures=tuple(each for each, _ in there),
            labels=tuple(text for _, text in there) if labels else (),
            number=number,
            key=self.one.unit.key,
            link=configuration_link(self.one),
            is_baseline=self.one.is_baseline,
            lost=self.lost,
        )


def first_originals(
    evidence: Evidence, ones: Iterable[Configuration]
) -> tuple[tuple[str, ...], Picture] | None:
    """The test images that all trials of a data set show, with their classes if there are any."""
    for one in ones:
        arrays = images(evidence, one)
        if "originals" in arrays:
            dataset = one.settings["dataset"]
            names = tuple(words.class_name(evidence.run, dataset, k) for k in arrays.get("labels", ()))
            id = f"originals-{evidence.datasets.index(dataset) + 1}"
            alt = f"Test images of {words.dataset(dataset)}{_told(names)}."
            return names, pictures.picture(id, alt, arrays["originals"], len(arrays["originals"]))
    return None


def _told(names: Sequence[str]) -> str:
    return f": {words.listing(names)}" if names else ""


def images(evidence: Evidence, one: Configuration) -> Mapping[str, np.ndarray]:
    """The arrays of a configuration; none where they cannot be read, which is said where they are missed."""
    return isolation.attempt("picture", lambda: evidence.folder.images(one.unit), lambda _: {})


def show(evidence: Evidence, one: Configuration, samples: int = SAMPLES) -> Shown:
    """The pictures of a configuration's first seed, with so many samples of each kind at most."""
    return isolation.attempt(
        "picture", lambda: _show(evidence, one, samples), lambda why: Shown(one=one, lost=why)
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
    return Shown(one=one, **shown)


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


def small(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Arrays of a trial, large images smaller where hundreds of them lie in one picture."""
    return {
        name: pictures.small(array) if name in _HUNDREDS and array.size else array
        for name, array in arrays.items()
    }
