"""A coder and its data, with what every group of measures needs of them."""

import dataclasses
import functools

import numpy as np

from bench.ask.bound_size import USUAL, BoundSize
from bench.datasets import Dataset, levels
from bench.metrics import densities, few_labels, latent, likelihood
from bench.models.coder import Absent, Coder, Densities, Density, Sampler
from bench.tasks import classes, decoded
from bench.tasks.classes import Codes
from bench.tasks.features import Extractor

NOISE_SEED = 20_140_410  # for the sampled codes: the same noise for every trial
TRAIN_SEEDS = (NOISE_SEED, 2)  # for those of training images


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is measured.

    Attributes
    ----------
    coder, dataset
        Whoever encodes and decodes, and the images it is measured on, with those it was trained on.
    posterior
        Of the test images.
    codes
        Of the test images, `(n, m)`: the posterior means where there are any.
    reconstructed
        The test images, decoded from `codes`: `(n, height, width, channels)` in [0, 1]; absent where the
        coder decodes nothing.
    extractor
        Of the features in which images are compared; None where there are none.
    outside
        Another data set, binarised if this one is, from whose images those of this one are told apart; None
        where none was given.
    """

    coder: Coder
    dataset: Dataset
    posterior: Densities | Absent
    codes: np.ndarray
    reconstructed: np.ndarray | Absent
    extractor: Extractor | None = None
    outside: Dataset | None = None
    bound: BoundSize = USUAL

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, m)` to images `(n, h, w, c)`; not to be asked where `reconstructed` is absent."""
        images = decoded.of_coder(self.coder, codes, self.dataset.image_shape)
        if isinstance(images, Absent):
            raise TypeError(f"this coder decodes nothing: {images.reason}")
        return images

    @functools.cached_property
    def labelled(self) -> Codes | Absent:
        """The codes of training and of test images with their labels; absent where no class can be told."""
        return classes.labelled(self.dataset, self.train_codes, self.codes)

    @functools.cached_property
    def probe(self) -> latent.LogisticProbe:
        """The linear classifier of the codes, fitted on train; without one where no class can be told."""
        return latent.UNFITTED if isinstance(self.labelled, Absent) else latent.logistic_probe(*self.labelled)

    @functools.cached_property
    def low_label_probe(self) -> few_labels.FewLabelProbe:
        """Linear classifiers of the codes as they are, fitted on ten labels a class; none as of `probe`."""
        if isinstance(self.labelled, Absent):
            return few_labels.FewLabelProbe()
        return few_labels.probe(*self.labelled[:2], few_labels.LOW)

    @functools.cached_property
    def validation_posterior(self) -> Densities | Absent:
        """Of the validation images."""
        return self.coder.posterior(self.dataset.validation.images)

    @functools.cached_property
    def validation_codes(self) -> np.ndarray:
        """Of the validation images, `(n, m)`: the posterior means where there are any."""
        posterior = self.validation_posterior
        if isinstance(posterior, Absent):
            return self.coder.encode(self.dataset.validation.images)
        return posterior.mean

    @functools.cached_property
    def train_codes(self) -> np.ndarray:
        """Of the training images, `(n, m)`: the posterior means where there are any."""
        return self.coder.encode(self.dataset.train.images)

    @functools.cached_property
    def sampled_train_codes(self) -> np.ndarray:
        """Of the first training images, `(n, m)`: what a decoder sees, one sampled code each."""
        few = levels.rows(self.dataset.train.images, slice(densities.MOST_CODES))
        posterior = self.coder.posterior(few)
        if isinstance(posterior, Absent):
            return self.train_codes[: len(few)]
        return posterior.sample(np.random.default_rng(TRAIN_SEEDS))  # other noise than of unseen images

    @functools.cached_property
    def sampled_validation_codes(self) -> np.ndarray:
        """Of the validation images, `(n, m)`: one sampled code each where there is a posterior."""
        found = self.validation_posterior
        return self.validation_codes if isinstance(found, Absent) else sampled(found)

    @functools.cached_property
    def prior(self) -> Density | Absent:
        """Of the codes."""
        return self.coder.prior()

    @property
    def generating(self) -> Sampler | Absent:
        """What codes are drawn from to generate: the prior, or what stands in for it."""
        found = self.prior
        return (found.instead or found) if isinstance(found, Absent) else found

    @property
    def texts(self) -> dict[str, str]:
        """What codes are drawn from to generate, and why it is none that the coder was trained with.

        And the likelihood of images given a code, where it is not the one that the loss stands for.
        """
        found, absent = self.generating, self.prior
        told = {} if isinstance(found, Absent) else {"prior": found.text}
        if likelihood_text := getattr(self.coder, "likelihood", ""):
            told["likelihood"] = likelihood_text
        return told | ({"no_prior": absent.reason} if isinstance(absent, Absent) else {})

    @classmethod
    def of(
        cls,
        coder: Coder,
        dataset: Dataset,
        extractor: Extractor | None = None,
        outside: Dataset | None = None,
        bound: BoundSize = USUAL,
    ) -> "Subject":
        """Encode and decode the test images."""
        images = dataset.test.images
        posterior = coder.posterior(images)
        codes = coder.encode(images) if isinstance(posterior, Absent) else posterior.mean
        return cls(
            coder=coder,
            dataset=dataset,
            posterior=posterior,
            codes=codes,
            reconstructed=decoded.of_coder(coder, codes, dataset.image_shape),
            extractor=extractor,
            outside=outside,
            bound=bound,
        )


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Bound:
    """What a posterior costs and gives, with one sampled code an image.

    Attributes
    ----------
    codes
        `(n, m)`, float32; the noise is the same for every trial.
    rate
        `(n,)`, nats: the KL of each posterior from the prior.
    rate_by_dimension
        `(n, k)`, nats, where there is a closed form; else the rate is that of the sampled codes.
    elbo
        `(n,)`, nats.
    """

    codes: np.ndarray
    rate: np.ndarray
    rate_by_dimension: np.ndarray | None
    elbo: np.ndarray | Absent


def sampled(posterior: Densities) -> np.ndarray:
    """A code of each image, `(n, m)`: the noise is the same for every trial."""
    return posterior.sample(np.random.default_rng(NOISE_SEED))


def bound(
    coder: Coder, images: np.ndarray, posterior: Densities | Absent, prior: Density | Absent
) -> Bound | Absent:
    """The rate and the ELBO of images `(n, h, w, c)`; absent where a posterior or a prior is."""
    if isinstance(posterior, Absent):
        return posterior
    if isinstance(prior, Absent):
        return prior
    codes = sampled(posterior)
    closed = posterior.kl(prior)
    rate = posterior.log_density(codes) - prior.log_density(codes) if closed is None else closed.sum(axis=1)
    fit = coder.log_likelihood(images, codes)
    elbo = fit if isinstance(fit, Absent) else likelihood.elbo(fit, rate)
    return Bound(codes=codes, rate=rate, rate_by_dimension=closed, elbo=elbo)
