"""What is left on corrupted images, and whether those of another data set are told apart."""

from collections.abc import Iterator

import numpy as np

from bench.keeping.gallery import Arrays
from bench.metrics import reconstruction, robustness
from bench.models.coder import Absent
from bench.tasks import classes
from bench.tasks.notes import NO_CODES, Notes
from bench.tasks.subject import Subject, bound

CORRUPTION_SEED = 20_190_506  # the same corrupted images for every trial


def add(notes: Notes, subject: Subject) -> Arrays:
    """Reconstruction and linear accuracy of corrupted test images; AUROC against another data set."""
    test, has_codes = subject.dataset.test, bool(subject.codes.shape[1])
    reason = "no classifier could be fitted, or codes that are not finite" if has_codes else NO_CODES
    for name, images in corruptions(test.images):
        codes = subject.coder.encode(images)
        if isinstance(subject.reconstructed, Absent):
            notes.add(f"test_mse_{name}", None, subject.reconstructed.reason)
        else:
            notes.add(f"test_mse_{name}", reconstruction.mse(test.images, subject.decode(codes)).mean())
        if isinstance(subject.labelled, Absent):
            notes.add(f"latent_accuracy_{name}", None, subject.labelled.reason)
        else:
            told = subject.probe.score(*classes.known(subject.dataset, test, codes))
            notes.add(f"latent_accuracy_{name}", told, reason)
    _add_outside(notes, subject)
    return {}


def corruptions(images: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Images `(n, h, w, c)` under each corruption, with its name; one after the other, for memory."""
    for stream, sigma in enumerate(robustness.SIGMAS):
        generator = np.random.default_rng([CORRUPTION_SEED, stream])
        yield f"noise_{round(100 * sigma)}", robustness.noisy(images, sigma, generator)
    generator = np.random.default_rng([CORRUPTION_SEED, len(robustness.SIGMAS)])
    yield "occluded", robustness.occluded(images, generator)


def _add_outside(notes: Notes, subject: Subject) -> None:
    dataset, other = subject.dataset, subject.outside
    if other is None or other.image_shape != dataset.image_shape:
        reason = "no other data set was given" if other is None else "the other data set has another shape"
        notes.add("ood_auroc_error", None, reason)
        notes.add("ood_auroc_elbo", None, reason)
        return
    both = dataset.test.images, other.test.images
    if isinstance(subject.reconstructed, Absent):
        notes.add("ood_auroc_error", None, subject.reconstructed.reason)
    else:
        notes.add("ood_auroc_error", robustness.auroc(*(_errors(subject, images) for images in both)))
    inside, outside = (_elbos(subject, images) for images in both)
    if isinstance(inside, Absent) or isinstance(outside, Absent):
        notes.add("ood_auroc_elbo", None, getattr(inside, "reason", ""))
        return
    notes.add("ood_auroc_elbo", robustness.auroc(-inside, -outside))


def _errors(subject: Subject, images: np.ndarray) -> np.ndarray:
    return reconstruction.mse(images, subject.decode(subject.coder.encode(images)))


def _elbos(subject: Subject, images: np.ndarray) -> np.ndarray | Absent:
    found = bound(subject.coder, images, subject.coder.posterior(images), subject.prior)
    return found if isinstance(found, Absent) else found.elbo
