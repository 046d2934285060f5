"""What every task has to keep to: checks as in `bench.running.contract`.

A task is taken of two trained models and of baselines: one without a posterior, one without a prior, one
that has no codes, and one that decodes nothing.
"""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import tasks
from bench.ask import blocks
from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.measures import TaskCard
from bench.models.coder import Absent, Coder
from bench.tasks import features
from bench.tasks.baselines import coders
from bench.tasks.subject import Subject
from bench.training import fit

BESIDE = {
    *("class_labels", "mixture_samples", "near_prior", "near_mixture"),
    *("error_images", "error_labels", "error_mse"),
}
"""Arrays that are no measures: the classes that others are of, and pictures."""


@functools.cache
def subjects(dataset: Dataset, backend: str) -> tuple[tuple[str, Subject], ...]:
    """Coders of every kind, by name."""
    found: list[tuple[str, Coder]] = []
    for model in ("ae", "vae"):
        block: dict[str, Any] = {"latent_dim": [4], "epochs": [1], "model": [model]}
        (trial,) = blocks.expand(blocks.checked(block), backend)
        found.append((model, fit.fit(trial, dataset).model))
    for name, size in (("pca", 4), ("mean", None), ("pixels", None)):
        coder = coders.of(Baseline(dataset="digits", model=name, latent_dim=size), dataset)
        if not isinstance(coder, Absent):
            found.append((name, coder))
    shape = dataset.image_shape
    extractor = features.extractor(features.train(dataset).to_bytes(), shape)
    return tuple((name, Subject.of(coder, dataset, extractor, dataset)) for name, coder in found)


def _taken(card: TaskCard, subject: Subject) -> tuple[tasks.Notes, dict[str, Any]]:
    notes = tasks.Notes()
    return notes, tasks.taken(card, notes, subject)


def numbers(card: TaskCard, dataset: Dataset, backend: str) -> str:
    """Each of its numbers is there or has a reason, of every coder, and of some it is there."""
    given = set()
    for name, subject in subjects(dataset, backend):
        notes, _ = _taken(card, subject)
        if silent := [
            one for one, value in notes.measures.items() if value is None and not notes.reasons[one]
        ]:
            return f"of {name}, {', '.join(silent)} is empty without a reason"
        if odd := notes.measures.keys() - set(card.numbers):
            return f"of {name} it notes {', '.join(sorted(odd))}, which its card does not have"
        given |= {one for one, value in notes.measures.items() if value is not None}
    missing = [one.name for one in card.measures if not one.is_array and one.name not in given]
    return f"no coder has {', '.join(missing)}" if missing else ""


def repeats(card: TaskCard, dataset: Dataset, backend: str) -> str:
    """The same coder gives the same numbers."""
    for name, subject in subjects(dataset, backend):
        first, second = (_taken(card, subject)[0].measures for _ in range(2))
        for one, value in first.items():
            if value != second[one]:
                return f"of {name}, {one} is {value!r}, and {second[one]!r} at a second time"
    return ""


def changes_nothing(card: TaskCard, dataset: Dataset, backend: str) -> str:
    """Images and codes are left as they are."""
    for name, subject in subjects(dataset, backend):
        before = [(each, each.copy()) for each in _arrays(subject)]
        _taken(card, subject)
        if changed := [(each, kept) for each, kept in before if not np.array_equal(each, kept)]:
            for each, kept in changed:
                each[...] = kept  # other checks see what it was
            return f"of {name} it changes images or codes in place: work on a copy"
    return ""


def _arrays(subject: Subject) -> Iterator[np.ndarray]:
    dataset = subject.dataset
    yield from (part.images for part in (dataset.train, dataset.validation, dataset.test))
    yield subject.codes
    if not isinstance(subject.reconstructed, Absent):
        yield subject.reconstructed


def arrays(card: TaskCard, dataset: Dataset, backend: str) -> str:
    """Arrays that it returns are those of its card."""
    known = {one.name for one in card.measures if one.is_array} | BESIDE
    for name, subject in subjects(dataset, backend):
        given = {one.removesuffix("_sampled") for one in _taken(card, subject)[1]}
        if odd := sorted(given - known):
            return f"of {name} it returns {', '.join(odd)}: add measures with is_array=True to its card"
    return ""


ALL = (changes_nothing, numbers, repeats, arrays)
