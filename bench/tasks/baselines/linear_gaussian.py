"""Linear models of images with Gaussian codes: what the linear VAE and factor analysis have in common."""

import dataclasses

import numpy as np

from bench.datasets import Dataset
from bench.models.coder import Absent, Density
from bench.models.distributions import LOG_TAU, Gaussians, StandardNormal
from bench.models.likelihoods import for_each_image
from bench.tasks.baselines import components


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class LinearGaussian:
    """`x = mean + z W + noise` with a code `z` from `N(0, I)`, and a posterior with a diagonal covariance.

    Its density is that of images that are not clipped, as in the closed form; what it decodes is clipped.

    Attributes
    ----------
    dataset
        Whose training images it was fitted to, of `d` values each.
    mean
        The mean training image, `(d,)`.
    weights
        `W`, `(k, d)`.
    noise
        The variance of each value of an image given a code, `(d,)`, above 0.
    gain
        Of a centred image, `(d, k)`: to the mean of its posterior.
    log_variance
        Of every posterior, `(k,)`.
    likelihood
        What an image is drawn from, given its code, for people; empty for a Gaussian of variance 1/2.
    """

    dataset: Dataset
    mean: np.ndarray
    weights: np.ndarray
    noise: np.ndarray
    gain: np.ndarray
    log_variance: np.ndarray
    likelihood: str = ""

    @property
    def code_size(self) -> int:
        """`k`."""
        return len(self.weights)

    @property
    def parameter_count(self) -> int:
        """Numbers of the mean and of the weights."""
        return self.weights.size + self.mean.size

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` to the means of their posteriors, `(n, k)`."""
        mean, gain = self.mean.astype(np.float32), self.gain.astype(np.float32)
        return components.coded(lambda flat: (flat - mean) @ gain, images).astype(np.float32, copy=False)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to mean images `(n, h, w, c)`, clipped to [0, 1]."""
        images = self.decode_unclipped(codes)
        return np.clip(images, 0, 1, out=images)

    def decode_unclipped(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to mean images `(n, h, w, c)`."""
        images = codes.astype(np.float32) @ self.weights.astype(np.float32)
        images += self.mean.astype(np.float32)
        return images.reshape(-1, *self.dataset.image_shape)

    def prior(self) -> Density | Absent:
        """`N(0, I)`."""
        return StandardNormal(size=self.code_size)

    def posterior(self, images: np.ndarray) -> Gaussians:
        """Of images `(n, h, w, c)`."""
        mean = self.encode(images)
        log_variance = np.broadcast_to(self.log_variance.astype(np.float32), mean.shape)
        return Gaussians(mean=mean, log_variance=log_variance)

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of images `(n, h, w, c)` given codes `(n, k)`, not clipped: `(n,)`, float64, in nats."""
        noise = self.noise.reshape(self.dataset.image_shape)
        constant = LOG_TAU * self.noise.size + np.log(self.noise).sum()

        def of_block(x: np.ndarray, y: np.ndarray) -> np.ndarray:
            found: np.ndarray = -0.5 * (constant + (np.square(x - y) / noise).sum(axis=(1, 2, 3)))
            return found

        return for_each_image(of_block, images, self.decode_unclipped(codes))
