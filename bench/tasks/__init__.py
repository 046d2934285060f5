"""A coder and a data set -> every number of a trial, one module a task.

A task is a function that notes its numbers about a subject and returns its arrays, of which `images.npz`
keeps those that are small; or says that it has none, and why, by `Absent`. What it may note is on its card,
in `bench.measures`.
"""

from collections.abc import Sequence

import numpy as np

from bench.ask import grouping
from bench.ask.bound_size import USUAL, BoundSize
from bench.datasets import Dataset
from bench.keeping import gallery
from bench.measures import TASKS, TaskCard
from bench.models import catalogue
from bench.models.coder import Absent, Coder
from bench.tasks.basic import add_no_reconstruction, add_reconstruction
from bench.tasks.codes import add_codes
from bench.tasks.exploring import explored
from bench.tasks.features import Extractor
from bench.tasks.notes import Measurement, Notes
from bench.tasks.subject import Subject

__all__ = ["Measurement", "Notes", "add_codes", "add_no_reconstruction", "add_reconstruction", "measure"]


def measure(
    coder: Coder,
    dataset: Dataset,
    groups: Sequence[str] = ("basic",),
    extractor: Extractor | None = None,
    outside: Dataset | None = None,
    *,
    seen: bool = False,
    is_explored: bool = False,
    bound: BoundSize = USUAL,
) -> Measurement:
    """Measure a coder on the test images, as the protocol says.

    One with a posterior is measured with the mean of that; the numbers for a sampled code stand beside. What
    it does not have leaves numbers empty, with the reason.

    Parameters
    ----------
    groups
        Names of tasks, as `bench.ask.grouping.parse` gives them.
    extractor
        Of the features in which images are compared; without one that cannot be measured.
    outside
        Another data set, for `robustness`.
    seen
        Whether the coder was trained on the validation images, so that no number of these counts.
    is_explored
        Whether a report may show its codes point by point: what that takes is kept, too.
    bound
        Codes and images of the importance-weighted bound.
    """
    notes, subject = Notes(seen=seen), Subject.of(coder, dataset, extractor, outside, bound)
    notes.add("parameters", getattr(coder, "parameter_count", None), "a coder that names none")
    arrays = _pictures(subject)
    if is_explored:
        arrays |= explored(subject)
    for card in (TASKS[name] for group in groups if (name := grouping.task(group)) in TASKS):
        arrays |= taken(card, notes, subject)
    texts = subject.texts | notes.texts
    return Measurement(measures=notes.measures, reasons=notes.reasons, images=arrays, texts=texts)


def taken(card: TaskCard, notes: Notes, subject: Subject) -> gallery.Arrays:
    """Take a task: its numbers are in `notes` then, each that it has none of with the reason.

    Raises
    ------
    ValueError
        If a task of a plug-in notes a number that its card does not have.
    """
    before = set(notes.measures)
    found = catalogue.find(card.code)(notes, subject)
    if isinstance(found, Absent):
        for name in card.numbers:
            notes.add(name, None, found.reason)
    elif card.plugin:
        notes.complete(card, before)
    return {} if found is None or isinstance(found, Absent) else dict(found)


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
