"""How likely a model finds the test images."""

import numpy as np

from bench.keeping.gallery import Arrays
from bench.metrics import likelihood
from bench.models.coder import Absent
from bench.tasks.notes import Notes
from bench.tasks.subject import NOISE_SEED, Subject

MOST_IMAGES = 1000  # K codes each: a hundred times the work of one pass over them


def add(notes: Notes, subject: Subject) -> Arrays:
    """The importance-weighted bound on the first test images; the noise is the same for every trial."""
    images, posterior, prior = subject.dataset.test.images[:MOST_IMAGES], subject.posterior, subject.prior
    if isinstance(posterior, Absent) or isinstance(prior, Absent):
        absent = posterior if isinstance(posterior, Absent) else prior
        notes.add("test_iw_bound", None, getattr(absent, "reason", ""))
        return {}
    fit = subject.coder.log_likelihood(images[:1], subject.codes[:1])
    if isinstance(fit, Absent):
        notes.add("test_iw_bound", None, fit.reason)
        return {}
    bounds = likelihood.importance_weighted_bound(
        subject.coder.log_likelihood,  # type: ignore[arg-type] # it is not absent
        images,
        posterior[: len(images)],
        prior,
        np.random.default_rng(NOISE_SEED),
    )
    notes.add("test_iw_bound", bounds.mean())
    return {}
