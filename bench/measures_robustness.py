"""A trained model and a data set -> what is left on corrupted images, and whether others are told apart."""

from collections.abc import Iterator

import numpy as np

from bench.datasets import Dataset
from bench.measurement import NOISE_SEED, Notes
from bench.metrics import latent, likelihood, reconstruction, robustness
from models.autoencoder import Autoencoder
from models.variational import VariationalAutoencoder

CORRUPTION_SEED = 20_190_506  # the same corrupted images for every trial


def add(
    notes: Notes,
    model: Autoencoder,
    dataset: Dataset,
    loss: str,
    probe: latent.LogisticProbe,
    other: Dataset | None = None,
) -> None:
    """Reconstruction and linear accuracy of corrupted test images; AUROC against another data set.

    Parameters
    ----------
    probe
        Fitted on the codes of the clean training images.
    other
        Images of the same shape, whose test images are out of distribution; where the trial binarises its
        images, binarised too.
    """
    for name, images in corruptions(dataset.test.images):
        codes = model.encode(images)
        notes.add(f"test_mse_{name}", reconstruction.mse(dataset.test.images, model.decode(codes)).mean())
        reason = "no classifier could be fitted, or codes that are not finite"
        notes.add(f"latent_accuracy_{name}", probe.score(codes, dataset.test.labels), reason)
    _add_outside(notes, model, dataset, loss, other)


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
    mean, log_variance = model.posterior(images)
    noise = np.random.default_rng(NOISE_SEED).standard_normal(mean.shape, dtype=np.float32)
    sampled = model.decode(mean + np.exp(log_variance / 2) * noise)
    kl = latent.kl_to_prior(mean, log_variance).sum(axis=1)
    return likelihood.elbo(likelihood.log_likelihood(loss, images, sampled), kl)
