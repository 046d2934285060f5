"""A trained model and a data set -> every number of a trial."""

import dataclasses
import functools

import numpy as np

from bench import gallery
from bench.datasets import Dataset
from bench.metrics import latent, likelihood, reconstruction
from bench.result import Measures
from models.autoencoder import Autoencoder
from models.variational import VariationalAutoencoder

NOISE_SEED = 20_140_410  # for the sampled codes: the same noise for every trial


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measurement:
    """Numbers, the reasons for those that are missing, and the arrays of the galleries."""

    measures: Measures
    reasons: dict[str, str]
    images: dict[str, np.ndarray]


class Notes:
    """Collects measures; one that is not a finite number is kept as empty, with its reason."""

    def __init__(self) -> None:
        self.measures: Measures = {}
        self.reasons: dict[str, str] = {}

    def add(self, name: str, value: float | int | None, reason: str = "not a finite number") -> None:
        """Record a number, or why there is none."""
        if value is not None and np.isfinite(value):
            self.measures[name] = int(value) if isinstance(value, int | np.integer) else float(value)
        else:
            self.measures[name] = None
            self.reasons[name] = reason


def measure(model: Autoencoder, dataset: Dataset, loss: str) -> Measurement:
    """Measure a trained model on the test images, as the protocol says.

    A variational model is measured with its posterior mean; the numbers for a sampled code stand beside.
    """
    notes = Notes()
    images = dataset.test.images
    notes.add("parameters", sum(int(np.prod(v.shape)) for v in model.trainable_variables))
    if isinstance(model, VariationalAutoencoder):
        codes, log_variance = model.posterior(images)
        _add_posterior(notes, model, dataset, (codes, log_variance), loss)
    else:
        codes = model.encode(images)
        for name in ("test_kl", "test_elbo", "active_units"):
            notes.add(name, None, "a model without a posterior")
    reconstructed = model.decode(codes)
    add_reconstruction(notes, dataset, reconstructed)
    add_classifiers(notes, model.encode(dataset.train.images), codes, dataset)
    pictures = gallery.reconstructions(dataset, reconstructed) | gallery.latent(
        dataset, codes, model.decode, model.sample(gallery.SAMPLES)
    )
    return Measurement(measures=notes.measures, reasons=notes.reasons, images=pictures)


def add_reconstruction(notes: Notes, dataset: Dataset, reconstructed: np.ndarray, suffix: str = "") -> None:
    """MSE, PSNR, SSIM, cross-entropy and its excess over the entropy of the images: means over them."""
    images = dataset.test.images
    cross_entropy = reconstruction.cross_entropy(images, reconstructed).mean()
    notes.add(f"test_mse{suffix}", reconstruction.mse(images, reconstructed).mean())
    notes.add(f"test_psnr{suffix}", reconstruction.psnr(images, reconstructed).mean())
    too_small = min(images.shape[1:3]) < reconstruction.SSIM_WINDOW
    reason = "images smaller than the 11x11 window" if too_small else "not a finite number"
    notes.add(f"test_ssim{suffix}", reconstruction.ssim(images, reconstructed).mean(), reason)
    notes.add(f"test_bce{suffix}", cross_entropy)
    notes.add(f"test_bce_excess{suffix}", cross_entropy - _entropy(dataset))


@functools.lru_cache(maxsize=1)
def _entropy(dataset: Dataset) -> float:
    """The same for every trial."""
    return float(reconstruction.entropy(dataset.test.images).mean())


def _add_posterior(
    notes: Notes,
    model: VariationalAutoencoder,
    dataset: Dataset,
    posterior: tuple[np.ndarray, np.ndarray],
    loss: str,
) -> None:
    images = dataset.test.images
    mean, log_variance = posterior
    kl = latent.kl_to_prior(mean, log_variance).sum(axis=1)  # (n,)
    noise = np.random.default_rng(NOISE_SEED).standard_normal(mean.shape, dtype=np.float32)
    sampled = model.decode(mean + np.exp(log_variance / 2) * noise)
    notes.add("test_kl", kl.mean())
    notes.add("test_elbo", likelihood.elbo(likelihood.log_likelihood(loss, images, sampled), kl).mean())
    notes.add("active_units", latent.active_units(mean))
    add_reconstruction(notes, dataset, sampled, "_sampled")


def add_classifiers(notes: Notes, train_codes: np.ndarray, test_codes: np.ndarray, dataset: Dataset) -> None:
    """Accuracy on test of two classifiers of the codes, fitted on train."""
    arrays = (train_codes, dataset.train.labels, test_codes, dataset.test.labels)
    reason = "codes that are not finite, one class, or fewer images than neighbours"
    probe = latent.logistic_probe(*arrays)
    notes.add("latent_accuracy", probe.accuracy, reason)
    notes.add("latent_accuracy_iterations", probe.iterations)
    notes.add("latent_accuracy_converged", int(probe.converged))
    notes.add("latent_knn_accuracy", latent.knn_accuracy(*arrays), reason)
