"""A VAE whose posteriors all have one constant variance (Ghosh et al. 2020, section 2.2)."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs
from ..distributions import Gaussians
from ..inference import INFERENCE_BATCH, in_batches
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


@keras.saving.register_keras_serializable(package="bench")
class ConstantVarianceVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + beta KL`, `q(z|x) = N(f(x), s^2 I)`: up to a constant `beta |f(x)|^2 / 2`.

    Parameters
    ----------
    beta
        Weight of the KL term, >= 0.
    deviation
        `s`, above 0, the same for all images and dimensions; towards 0, with `beta = 0`, a plain autoencoder.
    kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`.
    """

    codes_per_dimension = 1

    def __init__(self, *, beta: float = 0.04, deviation: float = 0.7, **common: Any) -> None:
        super().__init__(beta=beta, **common)
        self.deviation = deviation

    def gaussian(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior of images, `(n, k)` each."""
        mean = self.full_precision(self.encoder(images))
        return mean, ops.full_like(mean, 2.0 * math.log(self.deviation))

    def posterior(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> Gaussians:
        """`q(z|x)` of what `encode` takes: mean and log-variance, `(n, latent_dim)` each, float32."""
        mean = in_batches(self.encoder, inputs.images(images, self.image_shape), batch_size)
        return Gaussians(mean=mean, log_variance=np.full_like(mean, 2.0 * math.log(self.deviation)))

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "deviation": self.deviation}
