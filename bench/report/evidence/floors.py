"""The floor of a measure of generated images: what training images get in the place of samples.

They are real by definition, so that whatever lies beyond their number is no merit: precision above it says
"smooth, near the mode", and recall above it "scattered, with wide balls".
"""

import functools
from collections.abc import Sequence

from bench import measures
from bench.measures import generation
from bench.report import words
from bench.report.evidence import Configuration, Evidence

PRIOR, MIXTURE, RECONSTRUCTED = "frechet_prior", "frechet_mixture", "frechet_reconstructed"
_SOURCES = frozenset((*generation.SOURCES, *generation.FITTED)) - {"mixture"}
SECOND = "_second"
"""The end of the name of a measure in the features of the second network."""

NOTE = (
    "In brackets: less the floor, the number of training images in the place of samples. What lies beyond "
    "the floor is not nearer to real images; a measure by which some configuration does has no best one."
)


def of_training(name: str) -> str:
    """The measure of the raw pixels that is the floor of another: `precision_prior -> precision_mixture`."""
    plain = name.removesuffix(SECOND)
    kind, _, source = plain.rpartition("_")
    return f"{kind}_mixture{name[len(plain) :]}" if source in _SOURCES else name


def floor(evidence: Evidence, dataset: str, name: str) -> float | None:
    """What training images get by a measure, of whichever source of images; None where it is not known."""
    pixels = evidence.baseline(dataset, "pixels")
    return None if pixels is None else pixels.mean(of_training(name))


def among(rows: Sequence[Configuration], name: str) -> float | None:
    """The same, from the rows of a table; None for a measure that has no floor."""
    if name not in _known():
        return None
    pixels = [one for one in rows if one.settings["model"] == "pixels"]
    if not pixels:
        return None
    # Where trials saw fewer training images, too, that of all of them: it has no setting that says fewer.
    return min(pixels, key=lambda one: len(one.settings)).mean(of_training(name))


def is_beyond(name: str, value: float, level: float | None) -> bool:
    """Whether a value is better than what real images get."""
    if level is None:
        return False
    return value < level if measures.named(name).better == "lower" else value > level


def apart(name: str, value: float, level: float) -> str:
    """How far a value lies from its floor, as it is shown: `(+4.6)`."""
    difference = value - level
    return f"({'+' if difference >= 0 else ''}{words.number(name, difference)})"


@functools.cache
def _known() -> frozenset[str]:
    """The measures with a floor: those of generated images that can be better or worse.

    Not the distances of reconstructions: the images that these are held against are their own originals, to
    which they may be nearer than other real images are.
    """
    distances = tuple(f"{kind}_reconstructed" for kind in ("frechet", "kernel"))
    found = (one for one in measures.of_task("generation") if one.better)
    return frozenset(one.name for one in found if not one.name.startswith(distances))
