"""A trained model and its data, with what every group of measures needs of them."""

import dataclasses
import functools

import numpy as np

from bench.datasets import Dataset
from bench.features import Extractor
from bench.metrics import latent
from bench.models.autoencoder import Autoencoder
from bench.models.variational import VariationalAutoencoder

NOISE_SEED = 20_140_410  # for the sampled codes: the same noise for every trial


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Posterior:
    """Where the codes of the test images may lie: a Gaussian for each image.

    Attributes
    ----------
    mean, log_variance
        Shape `(n, latent_dim)`, float32.
    codes
        One code sampled from each, shape `(n, latent_dim)`, float32.
    """

    mean: np.ndarray
    log_variance: np.ndarray
    codes: np.ndarray


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is measured.

    Attributes
    ----------
    model, dataset
        A trained model, and the images it was trained on, with those it is measured on.
    loss
        Its reconstruction loss: `mse`, `bce` or `mae`.
    posterior
        Of the test images; None for a model without one.
    codes
        Of the test images, `(n, latent_dim)`: the posterior means where there are any.
    reconstructed
        The test images, decoded from `codes`: `(n, height, width, channels)` in [0, 1].
    extractor
        Of the features in which images are compared; None where there are none.
    outside
        Another data set, binarised if this one is, from whose images those of this one are told apart; None
        where none was given.
    """

    model: Autoencoder
    dataset: Dataset
    loss: str
    posterior: Posterior | None
    codes: np.ndarray
    reconstructed: np.ndarray
    extractor: Extractor | None = None
    outside: Dataset | None = None

    @functools.cached_property
    def probe(self) -> latent.LogisticProbe:
        """The linear classifier of the codes, fitted on train."""
        labels = self.dataset.train.labels, self.dataset.test.labels
        return latent.logistic_probe(self.train_codes, labels[0], self.codes, labels[1])

    @functools.cached_property
    def train_codes(self) -> np.ndarray:
        """Of the training images, `(n, latent_dim)`: the posterior means where there are any."""
        return self.model.encode(self.dataset.train.images)

    @classmethod
    def of(
        cls,
        model: Autoencoder,
        dataset: Dataset,
        loss: str,
        extractor: Extractor | None = None,
        outside: Dataset | None = None,
    ) -> "Subject":
        """Encode and decode the test images."""
        images = dataset.test.images
        found = posterior(model, images) if isinstance(model, VariationalAutoencoder) else None
        codes = found.mean if found else model.encode(images)
        return cls(
            model=model,
            dataset=dataset,
            loss=loss,
            posterior=found,
            codes=codes,
            reconstructed=model.decode(codes),
            extractor=extractor,
            outside=outside,
        )


def posterior(model: VariationalAutoencoder, images: np.ndarray) -> Posterior:
    """The posterior of images `(n, h, w, c)`, with noise that is the same for every trial."""
    mean, log_variance = model.posterior(images)
    noise = np.random.default_rng(NOISE_SEED).standard_normal(mean.shape, dtype=np.float32)
    return Posterior(mean=mean, log_variance=log_variance, codes=mean + np.exp(log_variance / 2) * noise)
