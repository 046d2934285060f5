"""Reconstruction, and what the codes are worth."""

import functools

import numpy as np

from bench.datasets import Dataset
from bench.gallery import Arrays
from bench.measurement import validation
from bench.measurement.notes import FEW_LABELS, NO_CLASSIFIER, NOT_FINITE, Notes
from bench.measurement.subject import Posterior, Subject
from bench.metrics import (
    aggregate,
    breakdown,
    clusters,
    latent,
    likelihood,
    reconstruction,
    spectrum,
    subsets,
)

BY_IMAGE = "image_"  # before the name of an array with a number an image
MOST_AGGREGATED = 2000  # images in the aggregate posterior: its cost grows with their square
AGGREGATE_SEED = 20_161_209

OF_POSTERIORS = (
    *("test_kl", "test_elbo", "active_units"),
    *("mutual_information", "marginal_kl", "latent_mmd"),
)


def add(notes: Notes, subject: Subject) -> Arrays:
    """Everything that needs no other model or images than the trained model and its data set."""
    model, dataset = subject.model, subject.dataset
    notes.add("parameters", sum(int(np.prod(v.shape)) for v in model.trainable_variables))
    arrays = add_reconstruction(notes, dataset, subject.reconstructed)
    if subject.posterior:
        arrays |= _add_posterior(notes, subject, subject.posterior)
    else:
        for name in OF_POSTERIORS:
            notes.add(name, None, "a model without a posterior")
    add_codes(notes, subject.train_codes, subject.codes, dataset, subject.probe)
    validation.add(notes, subject)
    return arrays


def add_reconstruction(notes: Notes, dataset: Dataset, reconstructed: np.ndarray, suffix: str = "") -> Arrays:
    """MSE, PSNR, SSIM, cross-entropy and its excess over the entropy of the images: means over them.

    Returns their means by class, and quantiles of MSE; of reconstructions from mean codes each image's, too.
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
    arrays = {
        "class_labels": np.unique(labels),
        f"mse_quantiles{suffix}": breakdown.quantiles(by_image["mse"]),
    }
    for name, values in by_image.items():
        notes.add(f"test_{name}{suffix}", values.mean(), reasons.get(name, NOT_FINITE))
        arrays[f"class_{name}{suffix}"] = breakdown.class_means(values, labels)[1]
        if not suffix:
            arrays[f"{BY_IMAGE}{name}"] = values.astype(np.float32)
    return arrays


@functools.lru_cache(maxsize=2)
def _entropy(dataset: Dataset) -> np.ndarray:
    """Of each test image, in nats: the same for every trial."""
    return reconstruction.entropy(dataset.test.images)


def _add_posterior(notes: Notes, subject: Subject, posterior: Posterior) -> Arrays:
    """What a posterior costs; returns its cost by dimension, and how its sampled codes reconstruct."""
    images, sampled = subject.dataset.test.images, subject.model.decode(posterior.codes)
    kl = latent.kl_to_prior(posterior.mean, posterior.log_variance)  # (n, k)
    log_likelihood = likelihood.log_likelihood(subject.loss, images, sampled)
    notes.add("test_kl", kl.sum(axis=1).mean())
    notes.add("test_elbo", likelihood.elbo(log_likelihood, kl.sum(axis=1)).mean())
    is_finite = np.isfinite(posterior.mean).all()
    notes.add("active_units", latent.active_units(posterior.mean) if is_finite else None)
    _add_aggregate(notes, posterior)
    return {"dimension_kl": kl.mean(axis=0)} | add_reconstruction(notes, subject.dataset, sampled, "_sampled")


def _add_aggregate(notes: Notes, posterior: Posterior) -> None:
    rows = subsets.chosen(len(posterior.codes), MOST_AGGREGATED, AGGREGATE_SEED)
    codes = posterior.codes[rows]
    split = aggregate.split_rate(posterior.mean[rows], posterior.log_variance[rows], codes)
    notes.add("mutual_information", split.mutual_information)
    notes.add("marginal_kl", split.marginal_kl)
    notes.add("latent_mmd", aggregate.mmd_to_prior(codes), "codes that are not finite, or fewer than two")


def add_codes(
    notes: Notes,
    train_codes: np.ndarray,
    test_codes: np.ndarray,
    dataset: Dataset,
    probe: latent.LogisticProbe | None = None,
) -> None:
    """What can be said of any codes: the classes in them, and how far they spread.

    The linear `probe` is fitted here if it has not been.
    """
    _add_classifiers(notes, train_codes, test_codes, dataset, probe)
    found = clusters.cluster_agreement(train_codes, dataset.train.labels, test_codes, dataset.test.labels)
    reason = "codes that are not finite, one class, or over 10,000"
    notes.add("latent_nmi", found.nmi, reason)
    notes.add("latent_ari", found.ari, reason)
    rank = spectrum.effective_rank(test_codes)
    notes.add("effective_rank", rank, "codes that are not finite, or all the same")


def _add_classifiers(
    notes: Notes,
    train_codes: np.ndarray,
    test_codes: np.ndarray,
    dataset: Dataset,
    probe: latent.LogisticProbe | None,
) -> None:
    """Accuracy on test of classifiers of the codes, fitted on train."""
    arrays = (train_codes, dataset.train.labels, test_codes, dataset.test.labels)
    probe = probe or latent.logistic_probe(*arrays)
    notes.add("latent_accuracy", probe.accuracy, NO_CLASSIFIER)
    is_fitted = probe.classifier is not None
    notes.add("latent_accuracy_iterations", probe.iterations if is_fitted else None, NO_CLASSIFIER)
    notes.add("latent_accuracy_converged", int(probe.converged) if is_fitted else None, NO_CLASSIFIER)
    notes.add("latent_knn_accuracy", latent.knn_accuracy(*arrays), NO_CLASSIFIER)
    notes.add("latent_low_label_accuracy", latent.low_label_accuracy(*arrays), FEW_LABELS)
