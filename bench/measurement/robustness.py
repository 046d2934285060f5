"""What is left on corrupted images, and whether those of another data set are told apart."""

from collections.abc import Iterator

import numpy as np

from bench.datasets import Dataset
from bench.gallery import Arrays
from bench.measurement.notes import Notes
from bench.measurement.subject import Subject, posterior
from bench.metrics import latent, likelihood, reconstruction, robustness
from bench.models.autoencoder import Autoencoder
from bench.models.variational import VariationalAutoencoder

CORRUPTION_SEED = 20_190_506  # the same corrupted images for every trial


def add(notes: Notes, subject: Subject) -> Arrays:
    """Reconstruction and linear accuracy of corrupted test images; AUROC against another data set."""
    model, test = subject.model, subject.dataset.test
    for name, images in corruptions(test.images):
        codes = model.encode(images)
        notes.add(f"test_mse_{name}", reconstruction.mse(test.images, model.decode(codes)).mean())
        reason = "no classifier could be fitted, or codes that are not finite"
        notes.add(f"latent_accuracy_{name}", subject.probe.score(codes, test.labels), reason)
    _add_outside(notes, model, subject.dataset, subject.loss, subject.outside)
    return {}


def corruptions(images: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Images `(n, h, w, c)` under each corruption, with its name; one after the other, for memory."""
    for stream, sigma in enumerate(robustness.SIGMAS):
        generator = np.random.default_rng([CORRUPTION_SEED, stream])
        yield f"noise_{round(100 * sigma)}", robustness.noisy(images, sigma, generator)
    generator = np.random.default_rng([CORRUPTION_SEED, len(robustness.SIGMAS)])
    yield "occluded", robustness.occluded(images, generator)


def _add_outside(
    notes: Notes, model: Autoencoder, dataset: Dataset, loss: str, other: Dataset | None
) -> None:
    if other is None or other.image_shape != dataset.image_shape:
        reason = "no other data set was given" if other is None else "the other data set has another shape"
        notes.add("ood_auroc_error", None, reason)
        notes.add("ood_auroc_elbo", None, reason)
        return
    both = dataset.test.images, other.test.images
    notes.add("ood_auroc_error", robustness.auroc(*(_errors(model, images) for images in both)))
    if isinstance(model, VariationalAutoencoder):
        notes.add("ood_auroc_elbo", robustness.auroc(*(-_elbos(model, images, loss) for images in both)))
    else:
        notes.add("ood_auroc_elbo", None, "a model without a posterior")


def _errors(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    return reconstruction.mse(images, model.reconstruct(images))


def _elbos(model: VariationalAutoencoder, images: np.ndarray, loss: str) -> np.ndarray:
    found = posterior(model, images)
    kl = latent.kl_to_prior(found.mean, found.log_variance).sum(axis=1)
    return likelihood.elbo(likelihood.log_likelihood(loss, images, model.decode(found.codes)), kl)
