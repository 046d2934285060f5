"""A variational autoencoder whose likelihood has the variance of its own errors (Rybkin et al. 2021)."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ..batch import Batch
from ..likelihoods import gaussian_log_likelihood
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

LOWEST = -6.0
"""Of the logarithm of a deviation: grey levels of eight bits are no nearer to each other than e^-5.5."""


@keras.saving.register_keras_serializable(package="bench")
class SigmaVAE(VariationalAutoencoder):
    """A VAE with a Gaussian likelihood of calibrated variance: `L(x) = E_q[-log N(x; g(z), s^2)] + KL`.

    With `D` pixels and channels `-log N = |x - g(z)|^2 / (2 s^2) + D/2 log(2 pi s^2)`, in nats, so `-L` is
    the evidence lower bound, constants included: a density of grey values, which may be above 0. A VAE that
    is trained with `mse` has `s^2 = 1/2` instead; one of variance `s^2` is, up to a constant, a VAE with
    `beta = 2 s^2`. There is no `beta` here: the variance is the weight, and the data choose it.

    Parameters
    ----------
    sigma
        `"optimal"`: `s^2` is the mean squared error of the batch, over images, pixels and channels, under
        which it is most likely; validation and measuring take its moving average over training steps.
        `"shared"`: `log s` is a weight, trained by gradients from `s = 1`, above `LOWEST`.
    kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`; `loss` has to be `"mse"`.
    """

    decay = 0.99  # of the moving average, a step

    def __init__(self, *, sigma: str = "optimal", kl_warmup: int = 0, **common: Any) -> None:
        super().__init__(beta=1.0, kl_warmup=kl_warmup, **common)
        self.sigma = sigma
        self.log_sigma: Tensor = None
        self.averages: Tensor = None
        if sigma == "shared":
            self.log_sigma = self.add_weight(shape=(), initializer="zeros", name="log_sigma")
        else:
            # Of the error and of 1, by one rule from next to nothing: their quotient, 1/2 before the first
            # step, is an average of what has been seen.
            self.averages = self.add_weight(shape=(2,), initializer="zeros", trainable=False, name="averages")
            self.averages.assign([0.5e-6, 1e-6])

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """As of a VAE, with the squared error of each image, `(n,)`, and the variance of a pixel."""
        outputs = super().respond(batch, draws, training)
        error = self.distortion(batch.images, outputs["logits"])
        return {**outputs, "error": error, "variance": self._variance(error, training)}

    def _variance(self, error: Tensor, training: bool) -> Tensor:
        if self.log_sigma is not None:
            return ops.exp(2.0 * (LOWEST + ops.softplus(self.log_sigma - LOWEST)))
        if training:
            # The likelihood is flat here along the variance: its gradient is none with or without this stop.
            return ops.stop_gradient(self._floored(ops.mean(error) / self._pixels))
        return self._floored(self.averages[0] / self.averages[1])

    @staticmethod
    def _floored(variance: Tensor) -> Tensor:
        return ops.maximum(variance, math.exp(2 * LOWEST))

    @property
    def _pixels(self) -> int:
        return math.prod(self.image_shape)

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The negative log-likelihood of each image, which may be below 0, and the KL: `(n,)` each."""
        variance = outputs["variance"]
        constant = 0.5 * self._pixels * ops.log(2.0 * math.pi * variance)
        return {"reconstruction": 0.5 * outputs["error"] / variance + constant, "kl": self.kl(outputs)}

    def renew(self, batch: Batch, outputs: dict[str, Tensor]) -> None:
        """The moving average follows the error of the batch."""
        if self.averages is not None:
            seen = ops.stack([ops.mean(outputs["error"]) / self._pixels, 1.0])
            self.averages.assign(self.decay * self.averages + (1 - self.decay) * ops.stop_gradient(seen))

    @property
    def variance(self) -> float:
        """`s^2`, of a pixel in [0, 1]."""
        return float(ops.convert_to_numpy(self._variance(ops.zeros((1,)), training=False)))

    @property
    def likelihood(self) -> str:
        """What an image is drawn from, given its code."""
        return f"a Gaussian whose variance is learned, {self.variance:.4f} here"

    def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """As densities of grey values."""
        return gaussian_log_likelihood(images, self.means(codes), self.variance)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"]
        return {**config, "sigma": self.sigma}
