"""What needs no training by gradients: the mean image, principal components, and images as they are.

Arrays are float32 and of the shapes of `bench.models.coder.Coder`, whose parts these have or miss with a
reason. Images have `d` values.
"""

import dataclasses
import functools
import math

import numpy as np
from sklearn.decomposition import PCA

from bench.ask.trial import Baseline
from bench.datasets import Dataset, levels
from bench.metrics import likelihood, probabilistic_pca
from bench.models import catalogue
from bench.models.coder import Absent, Coder
from bench.tasks.baselines import components


def of(baseline: Baseline, dataset: Dataset) -> Coder | Absent:
    """The coder of a baseline, fitted to the training images; absent where it asks for too much of them."""
    found: Coder | Absent = catalogue.find(baseline.card.code)(baseline, dataset)
    return found


def mean_image(baseline: Baseline, dataset: Dataset) -> "MeanImage":
    """The baseline `mean`."""
    return MeanImage(dataset=dataset)


def pixels(baseline: Baseline, dataset: Dataset) -> "Pixels | Absent":
    """The baseline `pixels`."""
    if components.fitted_count(dataset) < len(dataset.train.images):
        return Absent(f"training images of more than {levels.MOST_AT_ONCE:,} values, all in memory as codes")
    return Pixels(dataset=dataset)


def principal_components(baseline: Baseline, dataset: Dataset) -> "PrincipalComponents | Absent":
    """The baseline `pca`."""
    count = baseline.latent_dim or 0
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    return PrincipalComponents(dataset=dataset, code_size=count)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class PrincipalComponents:
    """PCA: the best linear code of `code_size` numbers, and images clipped to [0, 1].

    A code is a point, so there is no posterior, and no distribution of codes is learnt. Probabilistic PCA,
    which shares its components, gives the images a density: `log_evidence`.
    """

    dataset: Dataset
    code_size: int

    @functools.cached_property
    def mean(self) -> np.ndarray:
        """The mean training image, `(d,)`."""
        return self._fitted.mean_

    @functools.cached_property
    def axes(self) -> np.ndarray:
        """Components, the first the one that images vary most along: `(k, d)`, orthonormal."""
        return self._fitted.components_[: self.code_size]

    @functools.cached_property
    def variances(self) -> np.ndarray:
        """Of the training images along each component, `(k,)`: over all images, not all but one."""
        count = components.fitted_count(self.dataset)
        found = self._fitted.explained_variance_[: self.code_size].astype(np.float64)
        return found * (count - 1) / count

    @property
    def parameter_count(self) -> int:
        """Numbers of the mean and of the components."""
        return self.axes.size + self.mean.size

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` to their coordinates along the components, `(n, k)`."""
        return components.coded(lambda flat: (flat - self.mean) @ self.axes.T, images)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to images `(n, h, w, c)`, clipped to [0, 1]."""
        images = self.decode_unclipped(codes)
        return np.clip(images, 0, 1, out=images)

    def decode_unclipped(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to images `(n, h, w, c)`: the mean, and of each component as much as they say."""
        images = codes @ self.axes
        images += self.mean
        return images.reshape(-1, *self.dataset.image_shape)

    def prior(self) -> Absent:
        """None."""
        return Absent("principal components have no prior")

    def posterior(self, images: np.ndarray) -> Absent:
        """None."""
        return Absent("principal components have no posterior")

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of images `(n, h, w, c)` given codes `(n, k)`, as of the loss `mse`: `(n,)`, float64, in nats."""
        return likelihood.log_likelihood("mse", images, self.decode(codes))

    def log_evidence(self, images: np.ndarray, variance: float) -> np.ndarray:
        """Of images `(n, h, w, c)` under probabilistic PCA: `(n,)`, float64, in nats."""
        return probabilistic_pca.log_evidence(images, self.mean, self.axes, self.variances, variance)

    def fitted_variance(self) -> float | Absent:
        """The mean of the eigenvalues of the components that are left out."""
        total = components.total_variance(self.dataset, self.mean.reshape(self.dataset.image_shape))
        found = probabilistic_pca.fitted_variance(self.variances, total, self.mean.size)
        return Absent("the components leave no variance to fit") if math.isnan(found) else found

    @property
    def _fitted(self) -> PCA:
        return components.principal_components(self.dataset, self.code_size)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class MeanImage:
    """The mean training image, whatever the image: codes of no numbers.

    With a normal distribution about it this is probabilistic PCA without a component.
    """

    dataset: Dataset
    code_size: int = 0

    @functools.cached_property
    def mean(self) -> np.ndarray:
        """`(h, w, c)`."""
        return self.dataset.train.images.mean(axis=0, dtype=np.float64).astype(np.float32)

    @property
    def parameter_count(self) -> int:
        """Numbers of the image."""
        return self.mean.size

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Codes of no numbers, `(n, 0)`."""
        return np.empty((len(images), 0), np.float32)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The same image for each code, `(n, h, w, c)`, in the memory of one."""
        return np.broadcast_to(self.mean, (len(codes), *self.mean.shape))

    def prior(self) -> Absent:
        """None."""
        return Absent("the mean image has no codes, so no prior")

    def posterior(self, images: np.ndarray) -> Absent:
        """None."""
        return Absent("the mean image has no codes, so no posterior")

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of images `(n, h, w, c)`, as of the loss `mse`: `(n,)`, float64, in nats."""
        return likelihood.log_likelihood("mse", images, self.decode(codes))

    def log_evidence(self, images: np.ndarray, variance: float) -> np.ndarray:
        """Of images `(n, h, w, c)` under a normal distribution about the mean: `(n,)`, float64, in nats."""
        none = np.empty((0, self.mean.size))
        return probabilistic_pca.log_evidence(images, self.mean.ravel(), none, np.empty(0), variance)

    def fitted_variance(self) -> float | Absent:
        """The variance of a pixel, mean over pixels."""
        total = components.total_variance(self.dataset, self.mean)
        found = probabilistic_pca.fitted_variance(np.empty(0), total, self.mean.size)
        return Absent("the images do not vary") if math.isnan(found) else found


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Pixels:
    """Images as their own codes: what a code is worth that leaves nothing out. There is nothing to decode."""

    dataset: Dataset

    @property
    def code_size(self) -> int:
        """Values of an image."""
        return math.prod(self.dataset.image_shape)

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` to `(n, d)`, in their own memory."""
        return components.flat(images)

    def decode(self, codes: np.ndarray) -> Absent:
        """None: it would be the image itself."""
        return Absent("the code is the image itself")

    def prior(self) -> Absent:
        """None."""
        return Absent("raw pixels have no prior")

    def posterior(self, images: np.ndarray) -> Absent:
        """None."""
        return Absent("raw pixels have no posterior")

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> Absent:
        """None."""
        return Absent("the code is the image itself")

    def stand_in(self, count: int) -> np.ndarray:
        """The first training images, `(count, h, w, c)`: as near to test images as samples can be."""
        return self.dataset.train.images[:count]
