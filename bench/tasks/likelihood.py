"""How likely a coder finds the test images."""

import functools

import numpy as np

from bench.ask.bound_size import USUAL, BoundSize
from bench.datasets import Dataset
from bench.keeping.gallery import Arrays
from bench.metrics import importance, likelihood
from bench.models.coder import Absent, Coder, Densities, Density, Exact
from bench.tasks.fitted import VARIANCE
from bench.tasks.notes import Notes
from bench.tasks.subject import NOISE_SEED, Subject

NAMES = ("test_iw_bound", "test_iw_bound_error")
IMAGE_STREAM = 1  # of that seed: which images
ONE_IMAGE = "one image, or a bound that is not a finite number"


def add(notes: Notes, subject: Subject) -> Arrays:
    """The likelihood of all test images where it is known, else a bound on that of some of them."""
    if isinstance(subject.coder, Exact):
        _add_absent(notes, "no bound is needed: the likelihood is exact")
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


def _add_absent(notes: Notes, reason: str) -> None:
    for name in NAMES:
        notes.add(name, None, reason)


def _add_bound(notes: Notes, subject: Subject) -> None:
    """The importance-weighted bound; the noise is the same for every trial."""
    posterior, prior = subject.posterior, subject.prior
    if isinstance(posterior, Absent) or isinstance(prior, Absent):
        absent = posterior if isinstance(posterior, Absent) else prior
        _add_absent(notes, getattr(absent, "reason", ""))
        return
    fit = subject.coder.log_likelihood(subject.dataset.test.images[:1], subject.codes[:1])
    if isinstance(fit, Absent):
        _add_absent(notes, fit.reason)
        return
    found = _bounds(subject, posterior, prior)
    notes.add("test_iw_bound", found.mean())
    notes.tell("bound", told(subject.dataset, subject.bound))
    notes.add("test_iw_bound_error", importance.standard_error(found), ONE_IMAGE)


def _bounds(subject: Subject, posterior: Densities, prior: Density) -> np.ndarray:
    """Of the images that are asked for, `(n,)`; what nobody asked otherwise for is computed as ever."""
    chosen = bounded(subject.dataset, subject.bound.images)
    images, posterior = subject.dataset.test.images[chosen], posterior[chosen]
    generator = np.random.default_rng(NOISE_SEED)
    if subject.bound == USUAL:
        return likelihood.importance_weighted_bound(
            subject.coder.log_likelihood,  # type: ignore[arg-type] # it is not absent
            images,
            posterior,
            prior,
            generator,
            USUAL.samples,
        )
    log_likelihood, block = _log_likelihood(subject.coder)
    return importance.bounds(
        log_likelihood, images, posterior, prior, generator, subject.bound.samples, block
    )


def bounded(dataset: Dataset, count: int) -> slice | np.ndarray:
    """Which test images the bound is taken of: all, the first, or drawn ones where they are sorted."""
    there = len(dataset.test.images)
    if not dataset.is_sorted or count >= there:
        return slice(min(count, there))
    drawn = np.random.default_rng([NOISE_SEED, IMAGE_STREAM]).choice(there, count, replace=False)
    return np.sort(drawn)


def told(dataset: Dataset, size: BoundSize) -> str:
    """What a row says of a bound that is not as ever; empty else."""
    there = len(dataset.test.images)
    is_drawn = dataset.is_sorted and size.images < there
    if size == USUAL and not is_drawn:
        return ""
    which = f"all {there:,}" if size.images >= there else f"the first {size.images:,}"
    if is_drawn:
        which = f"{size.images:,}, drawn once because they are sorted by class, of {there:,}"
    return f"K = {size.samples:,} codes of each of {which} test images"


def _log_likelihood(coder: Coder) -> tuple[importance.LogLikelihood, int]:
    """The compiled one of a model, or a coder's own, which NumPy computes; and what it takes at a time."""
    from bench.models import log_likelihoods  # a foreign coder without Keras never comes here
    from bench.tasks import tracing

    compiled = log_likelihoods.of(coder)
    if compiled is None:
        return functools.partial(_repeated, coder), importance.BLOCK_VALUES
    return tracing.fast(compiled), tracing.block_values()


def _repeated(coder: Coder, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Of images and codes `(i, k, m)` of each, by way of as many images as codes: `(i, k)`."""
    count = codes.shape[1]
    found = coder.log_likelihood(images.repeat(count, axis=0), codes.reshape(-1, codes.shape[2]))
    return found.reshape(-1, count)  # type: ignore[union-attr] # it is not absent
