"""How likely a model finds the test images."""

import numpy as np

from bench.gallery import Arrays
from bench.measurement.notes import Notes
from bench.measurement.subject import NOISE_SEED, Subject
from bench.metrics import likelihood

MOST_IMAGES = 1000  # K codes each: a hundred times the work of one pass over them


def add(notes: Notes, subject: Subject) -> Arrays:
    """The importance-weighted bound on the first test images; the noise is the same for every trial."""
    posterior = subject.posterior
    if posterior is None:
        notes.add("test_iw_bound", None, "a model without a posterior")
        return {}
    bounds = likelihood.importance_weighted_bound(
        subject.loss,
        subject.dataset.test.images[:MOST_IMAGES],
        (posterior.mean[:MOST_IMAGES], posterior.log_variance[:MOST_IMAGES]),
        subject.model.decode,
        np.random.default_rng(NOISE_SEED),
    )
    notes.add("test_iw_bound", bounds.mean())
    return {}
