"""Reconstruction, and what the codes are worth."""

import functools

import numpy as np

from bench.datasets import Dataset
from bench.keeping import gallery
from bench.keeping.gallery import Arrays
from bench.metrics import aggregate, breakdown, latent, reconstruction, subsets
from bench.models.coder import Absent, Densities, Paired, Unclipped
from bench.models.distributions import StandardNormal
from bench.tasks import validation
from bench.tasks.codes import add_codes
from bench.tasks.fitted import FittedBound, fitted
from bench.tasks.notes import NOT_FINITE, Notes
from bench.tasks.subject import Bound, Subject, bound

BY_IMAGE = "image_"  # before the name of an array with a number an image
MOST_AGGREGATED = 2000  # images in the aggregate posterior: its cost grows with their square
AGGREGATE_SEED = 20_161_209

OF_IMAGES = ("mse", "psnr", "ssim", "bce", "bce_excess")
OF_RATES = (
    "test_kl",
    "test_elbo",
    "test_elbo_fitted",
    "fitted_variance",
    "mutual_information",
    "marginal_kl",
)
OF_POSTERIORS = (*OF_RATES, "active_units", "latent_mmd")
MMD_SEED = 20_171_105  # of draws from a prior for which the MMD has no closed form


def add(notes: Notes, subject: Subject) -> Arrays:
    """Everything that needs no other model or images than the coder and its data set."""
    arrays = _add_images(notes, subject)
    arrays |= add_rate(notes, subject)
    add_codes(
        notes, subject.train_codes, subject.codes, subject.dataset, subject.probe, subject.low_label_probe
    )
    validation.add(notes, subject)
    told = _told(subject)
    return arrays if told is None else {**arrays, f"{BY_IMAGE}latent_accuracy": np.packbits(told)}


def _told(subject: Subject) -> np.ndarray | None:
    """Whether the class of each test image is told, bools `(n,)`; None where that of some cannot be."""
    labels = subject.dataset.test.labels
    if labels is None or subject.dataset.novel:
        return None
    return subject.probe.told(subject.codes, labels)


def _add_images(notes: Notes, subject: Subject) -> Arrays:
    if isinstance(subject.reconstructed, Absent):
        add_no_reconstruction(notes, subject.reconstructed.reason)
        return {}
    arrays = add_reconstruction(notes, subject.dataset, subject.reconstructed)
    arrays |= gallery.errors(subject.dataset, subject.reconstructed, arrays[f"{BY_IMAGE}mse"])
    if isinstance(subject.coder, Unclipped):
        images = subject.coder.decode_unclipped(subject.codes)
        notes.add("test_mse_unclipped", reconstruction.mse(subject.dataset.test.images, images).mean())
    return arrays


def add_no_reconstruction(notes: Notes, reason: str) -> None:
    """Why there is nothing to hold against the test images."""
    for name in OF_IMAGES:
        notes.add(f"test_{name}", None, reason)


def add_reconstruction(notes: Notes, dataset: Dataset, reconstructed: np.ndarray, suffix: str = "") -> Arrays:
    """MSE, PSNR, SSIM, cross-entropy and its excess over the entropy of the images: means over them.

    Returns quantiles of MSE, and with labels their means by class; of reconstructions from mean codes each
    image's, too.
    """
    images, labels = dataset.test.images, dataset.test.labels
    cross_entropy = reconstruction.cross_entropy(images, reconstructed)
    by_image = {
        "mse": reconstruction.mse(images, reconstructed),
        "psnr": reconstruction.psnr(images, reconstructed),
        "ssim": reconstruction.ssim(images, reconstructed),
        "bce": cross_entropy,
        "bce_excess": cross_entropy - _entropy(dataset),
    }
    too_small = min(images.shape[1:3]) < reconstruction.SSIM_WINDOW
    reasons = {"ssim": "images smaller than the 11x11 window"} if too_small else {}
    arrays = {} if labels is None else {"class_labels": np.unique(labels)}
    arrays[f"mse_quantiles{suffix}"] = breakdown.quantiles(by_image["mse"])
    for name, values in by_image.items():
        notes.add(f"test_{name}{suffix}", values.mean(), reasons.get(name, NOT_FINITE))
        if labels is not None:
            arrays[f"class_{name}{suffix}"] = breakdown.class_means(values, labels)[1]
        if not suffix:
            arrays[f"{BY_IMAGE}{name}"] = values.astype(np.float32)
    return arrays


@functools.lru_cache(maxsize=2)
def _entropy(dataset: Dataset) -> np.ndarray:
    """Of each test image, in nats: the same for every trial."""
    return reconstruction.entropy(dataset.test.images)


def add_rate(notes: Notes, subject: Subject) -> Arrays:
    """What codes cost; returns their cost by dimension, and how sampled codes reconstruct."""
    posterior = subject.posterior
    found = bound(subject.coder, subject.dataset.test.images, posterior, subject.prior)
    _add_units(notes, posterior)
    _add_mmd(notes, subject, subject.codes if isinstance(found, Absent) else found.codes)
    if isinstance(found, Absent) or isinstance(posterior, Absent):
        for name in OF_RATES:
            notes.add(name, None, getattr(found, "reason", NOT_FINITE))
        return {}
    notes.add("test_kl", found.rate.mean())
    if isinstance(found.elbo, Absent):
        notes.add("test_elbo", None, found.elbo.reason)
    else:
        notes.add("test_elbo", found.elbo.mean())
    _add_split(notes, posterior, found)
    by_dimension = found.rate_by_dimension
    arrays = {} if by_dimension is None else {"dimension_kl": by_dimension.mean(axis=0)}
    if isinstance(subject.reconstructed, Absent):
        _add_fitted(notes, subject.reconstructed)
        return arrays
    sampled = subject.decode(found.codes)
    _add_fitted(notes, fitted(subject, found, sampled))
    return arrays | add_reconstruction(notes, subject.dataset, sampled, "_sampled")


def _add_fitted(notes: Notes, found: FittedBound | Absent) -> None:
    reason = found.reason if isinstance(found, Absent) else NOT_FINITE
    notes.add("test_elbo_fitted", None if isinstance(found, Absent) else found.elbo, reason)
    notes.add("fitted_variance", None if isinstance(found, Absent) else found.variance, reason)


def _add_units(notes: Notes, posterior: Densities | Absent) -> None:
    if isinstance(posterior, Absent):
        notes.add("active_units", None, posterior.reason)
        return
    is_finite = np.isfinite(posterior.mean).all()
    notes.add("active_units", latent.active_units(posterior.mean) if is_finite else None)


def _add_split(notes: Notes, posterior: Densities, found: Bound) -> None:
    rows = subsets.chosen(len(found.codes), MOST_AGGREGATED, AGGREGATE_SEED)
    some, codes = posterior[rows], found.codes[rows]
    if not isinstance(some, Paired):
        for name in ("mutual_information", "marginal_kl"):
            notes.add(name, None, "posteriors whose mixture has no density")
        return
    split = aggregate.split_rate(some.log_density(codes), some.log_mixture(codes), found.rate[rows])
    notes.add("mutual_information", split.mutual_information)
    notes.add("marginal_kl", split.marginal_kl)


def _add_mmd(notes: Notes, subject: Subject, codes: np.ndarray) -> None:
    """Of sampled codes where there is a posterior, else of the codes as they are."""
    prior = subject.prior
    if isinstance(prior, Absent):
        notes.add("latent_mmd", None, prior.reason)
        return
    some = codes[subsets.chosen(len(codes), MOST_AGGREGATED, AGGREGATE_SEED)]
    if isinstance(prior, StandardNormal):
        value = aggregate.mmd_to_prior(some)
    else:
        value = aggregate.mmd(some, prior.sample(len(some), np.random.default_rng(MMD_SEED)))
    notes.add("latent_mmd", value, "codes that are not finite, or fewer than two")
