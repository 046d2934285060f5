"""What models share whose encoder gives a Gaussian for each image."""

from typing import Any

import numpy as np
from keras import ops

from .. import inputs, networks
from ..autoencoder import Autoencoder
from ..distributions import Gaussians, StandardNormal
from ..inference import INFERENCE_BATCH, in_batches
from ..parts import streams
from ..parts.losses import Tensor

LOWEST = -80.0
"""Of what a softplus makes a deviation: far below, single precision has 0 for it."""


class GaussianEncoder(Autoencoder):
    """`q(z|x) = N(mean, diag(s^2))`: the encoder gives a mean and a number for `s`, of each dimension.

    The log-variance is held where the architecture has bounds for it.

    Parameters
    ----------
    scale_head
        What that number is: `"exp"`, the log-variance; `"softplus"`, `s = log(1 + e^number)` (Davidson et
        al., "Hyperspherical variational auto-encoders", UAI 2018, and others).
    **common
        See `Autoencoder`.
    """

    codes_per_dimension = 2  # a mean and what the deviation is made of

    def __init__(self, *, scale_head: str = "exp", **common: Any) -> None:
        super().__init__(**common)
        self.scale_head = scale_head
        self.log_variance_bounds = networks.log_variance_bounds(self.architecture)
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def gaussian(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior of images, `(n, k)` each, as training computes them."""
        return self._gaussian_of(self.full_precision(self.encoder(images)))

    def _gaussian_of(self, given: Tensor) -> tuple[Tensor, Tensor]:
        """The same of what the encoder gives, `(n, 2 k)`."""
        mean, log_variance = ops.split(given, 2, axis=-1)
        if self.scale_head == "softplus":
            log_variance = 2.0 * ops.log(ops.softplus(ops.maximum(log_variance, LOWEST)))
        if self.log_variance_bounds:
            log_variance = ops.clip(log_variance, *self.log_variance_bounds)
        return mean, log_variance

    def posterior(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> Gaussians:
        """`q(z|x)` of what `encode` takes: mean and log-variance, `(n, latent_dim)` each, float32."""
        given = in_batches(self.encoder, inputs.images(images, self.image_shape), batch_size)
        mean, log_variance = map(ops.convert_to_numpy, self._gaussian_of(ops.convert_to_tensor(given)))
        return Gaussians(mean=mean, log_variance=log_variance)

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """The posterior mean of each image, `(n, latent_dim)`, float32."""
        return self.posterior(images, batch_size).mean

    def prior(self) -> StandardNormal:
        """`N(0, I)`."""
        return StandardNormal(size=self.latent_dim)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), **self._unusual(scale_head="exp")}

    def _unusual(self, **usual: Any) -> dict[str, Any]:
        """Of these settings those that are not at this value: a file without them is as it was before."""
        return {name: own for name, value in usual.items() if (own := getattr(self, name)) != value}
