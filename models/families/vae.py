"""The variational autoencoder (Kingma & Welling 2014) with a weighted KL term (Higgins et al. 2017)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs, networks
from ..autoencoder import Autoencoder
from ..batch import Batch
from ..distributions import Gaussians, StandardNormal
from ..inference import INFERENCE_BATCH, in_batches
from ..parts import streams
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class VariationalAutoencoder(Autoencoder):
    """A VAE: `L(x) = E_q(z|x)[d(x, g(z))] + beta * KL(q(z|x) || N(0, I))`.

    The posterior `q(z|x)` is Gaussian with diagonal covariance; the expectation is estimated with one
    code an image, `z = mean + exp(log_variance / 2) * noise`. With `beta = 1` and the losses of this
    package, `-L` is the evidence lower bound up to a constant (for `bce`, of black and white images). KL is
    in nats an image.

    Parameters
    ----------
    beta
        Weight of the KL term, >= 0.
    kl_warmup
        Number of training steps over which the weight rises linearly from 0 to `beta`
        (Sønderby et al., "Ladder variational autoencoders", NeurIPS 2016); 0 for none. The loss on
        validation images always has the full weight, so that epochs can be compared.
    **common
        See `Autoencoder`.
    """

    codes_per_dimension = 2  # a mean and a log-variance
    term_names: tuple[str, ...] = ("reconstruction", "kl")

    def __init__(self, *, beta: float = 1.0, kl_warmup: int = 0, **common: Any) -> None:
        super().__init__(**common)
        self.beta = beta
        self.kl_warmup = kl_warmup
        self.log_variance_bounds = networks.log_variance_bounds(self.architecture)
        self.noise = streams.on_device(self.seed, streams.NOISE)
        self.step = self.add_weight(shape=(), initializer="zeros", trainable=False, name="step")

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Standard normal noise for the codes of `count` images, `(count, k)`."""
        return (keras.random.normal((count, self.latent_dim), dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images and noise to a sampled code, its logits `(n, h, w, c)`, and the posterior, `(n, k)` each."""
        mean, log_variance = self.gaussian(batch.images)
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]  # (n, k)
        return {
            "logits": self.full_precision(self.decoder(codes)),
            "codes": codes,
            "mean": mean,
            "log_variance": log_variance,
        }

    def gaussian(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior of images, `(n, k)` each, as training computes them."""
        mean, log_variance = ops.split(self.full_precision(self.encoder(images)), 2, axis=-1)
        if self.log_variance_bounds:
            log_variance = ops.clip(log_variance, *self.log_variance_bounds)
        return mean, log_variance

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The reconstruction loss and the KL to the prior of each image, `(n,)` each."""
        return {**super().terms(batch, outputs), "kl": self.kl(outputs)}

    def kl(self, outputs: dict[str, Tensor]) -> Tensor:
        """From `N(0, I)`, of each image, `(n,)`, in nats."""
        mean, log_variance = outputs["mean"], outputs["log_variance"]
        return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance, axis=-1)

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the reconstruction loss and the weighted KL: a scalar."""
        return super().objective(terms, training) + self._kl_weight(training) * ops.mean(terms["kl"])

    @property
    def warmup_steps(self) -> int:
        """Those of the weight of the KL term."""
        return self.kl_warmup

    def _kl_weight(self, training: bool) -> Tensor:
        if not training or self.kl_warmup == 0:
            return self.beta
        weight = self.beta * ops.minimum(self.step / self.kl_warmup, 1.0)
        self.step.assign_add(1.0)
        return weight

    def posterior(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> Gaussians:
        """`q(z|x)` of what `encode` takes: mean and log-variance, `(n, latent_dim)` each, float32."""
        given = inputs.images(images, self.image_shape)
        mean, log_variance = np.split(in_batches(self.encoder, given, batch_size), 2, axis=-1)
        if self.log_variance_bounds:
            log_variance = np.clip(log_variance, *self.log_variance_bounds)
        return Gaussians(mean=mean, log_variance=log_variance)

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """The posterior mean of each image, `(n, latent_dim)`, float32."""
        return self.posterior(images, batch_size).mean

    def prior(self) -> StandardNormal:
        """`N(0, I)`."""
        return StandardNormal(size=self.latent_dim)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "beta": self.beta, "kl_warmup": self.kl_warmup}
