"""How likely a coder finds the test images."""

import numpy as np

from bench.keeping.gallery import Arrays
from bench.metrics import likelihood
from bench.models.coder import Absent, Exact
from bench.tasks.fitted import VARIANCE
from bench.tasks.notes import Notes
from bench.tasks.subject import NOISE_SEED, Subject

MOST_IMAGES = 1000  # K codes each: a hundred times the work of one pass over them


def add(notes: Notes, subject: Subject) -> Arrays:
    """The likelihood of all test images where it is known, else a bound on that of the first of them."""
    if isinstance(subject.coder, Exact):
        notes.add("test_iw_bound", None, "no bound is needed: the likelihood is exact")
        _add_exact(notes, subject.coder, subject.dataset.test.images)
    else:
        _add_bound(notes, subject)
    return {}


def _add_exact(notes: Notes, coder: Exact, images: np.ndarray) -> None:
    """At the variance of the loss and at the fitted one."""
    for name, variance in (
        ("test_log_likelihood", VARIANCE),
        ("test_log_likelihood_fitted", coder.fitted_variance()),
    ):
        found = variance if isinstance(variance, Absent) else coder.log_evidence(images, variance)
        if isinstance(found, Absent):
            notes.add(name, None, found.reason)
        else:
            notes.add(name, found.mean())


def _add_bound(notes: Notes, subject: Subject) -> None:
    """The importance-weighted bound; the noise is the same for every trial."""
    images, posterior, prior = subject.dataset.test.images[:MOST_IMAGES], subject.posterior, subject.prior
    if isinstance(posterior, Absent) or isinstance(prior, Absent):
        absent = posterior if isinstance(posterior, Absent) else prior
        notes.add("test_iw_bound", None, getattr(absent, "reason", ""))
        return
    fit = subject.coder.log_likelihood(images[:1], subject.codes[:1])
    if isinstance(fit, Absent):
        notes.add("test_iw_bound", None, fit.reason)
        return
    bounds = likelihood.importance_weighted_bound(
        subject.coder.log_likelihood,  # type: ignore[arg-type] # it is not absent
        images,
        posterior[: len(images)],
        prior,
        np.random.default_rng(NOISE_SEED),
    )
    notes.add("test_iw_bound", bounds.mean())
