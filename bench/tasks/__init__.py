"""A coder and a data set -> every number of a trial, one module a group of measures.

A group is a function that notes its numbers about a subject and returns its arrays, of which `images.npz`
keeps those that are small.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bench.datasets import Dataset
from bench.keeping import gallery
from bench.models.coder import Absent, Coder
from bench.tasks import basic, generation, likelihood, robustness
from bench.tasks.basic import add_codes, add_no_reconstruction, add_reconstruction
from bench.tasks.features import Extractor
from bench.tasks.notes import Measurement, Notes
from bench.tasks.subject import Subject

__all__ = ["Measurement", "Notes", "add_codes", "add_no_reconstruction", "add_reconstruction", "measure"]

GROUPS: dict[str, Callable[[Notes, Subject], gallery.Arrays]] = {
    "basic": basic.add,
    "generation": generation.add,
    "likelihood": likelihood.add,
    "robustness": robustness.add,
}


def measure(
    coder: Coder,
    dataset: Dataset,
    groups: Sequence[str] = ("basic",),
    extractor: Extractor | None = None,
    outside: Dataset | None = None,
    *,
    seen: bool = False,
) -> Measurement:
    """Measure a coder on the test images, as the protocol says.

    One with a posterior is measured with the mean of that; the numbers for a sampled code stand beside. What
    it does not have leaves numbers empty, with the reason.

    Parameters
    ----------
    groups
        Names of `bench.ask.measures.GROUPS`.
    extractor
        Of the features in which images are compared; without one that cannot be measured.
    outside
        Another data set, for `robustness`.
    seen
        Whether the coder was trained on the validation images, so that no number of these counts.
    """
    notes, subject = Notes(seen=seen), Subject.of(coder, dataset, extractor, outside)
    arrays = _pictures(subject)
    for group in (name for name in groups if name in GROUPS):
        arrays |= GROUPS[group](notes, subject)
    return Measurement(measures=notes.measures, reasons=notes.reasons, images=arrays, texts=subject.texts)


def _pictures(subject: Subject) -> gallery.Arrays:
    """What the galleries and maps show of images and codes; nothing where nothing is decoded."""
    if isinstance(subject.reconstructed, Absent):
        return {}
    arrays = gallery.reconstructions(subject.dataset, subject.reconstructed)
    if subject.codes.shape[1]:
        arrays |= gallery.latent(subject.dataset, subject.codes, subject.decode)
    if not isinstance(density := subject.generating, Absent):
        codes = density.sample(gallery.SAMPLES, np.random.default_rng(0))
        arrays["samples"] = gallery.to_bytes(subject.decode(codes))
    return arrays
