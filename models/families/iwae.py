"""The importance-weighted autoencoder (Burda, Grosse & Salakhutdinov 2016)."""

import math
from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts import divergences
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

TOGETHER = 5
"""Codes of each image that are decoded at once: of a validation batch 5,000 images, not K times 1,000."""


@keras.saving.register_keras_serializable(package="bench")
class ImportanceWeighted(VariationalAutoencoder):
    """`L = -log 1/K sum_s w_s`, `w_s = p(x|z_s) p(z_s) / q(z_s|x)`, up to the constant of the loss.

    Its gradient weighs the codes by `w_s`. With one code it is a VAE whose KL is taken from that code. There
    is no `beta`, for which a bound has no place.

    Parameters
    ----------
    importance_samples
        `K`, codes of each image, >= 1.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "kl", "bound")

    def __init__(self, *, importance_samples: int = 5, **common: Any) -> None:
        super().__init__(**common)
        self.importance_samples = importance_samples

    @property
    def drawn(self) -> int:
        """Codes of each image in a step."""
        return self.importance_samples

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Noise for every code, `(count, K, k)`."""
        shape = (count, self.drawn, self.latent_dim)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """The reconstruction loss of each code and its log density ratio to the prior, `(n, K)` each."""
        mean, log_variance = (each[:, None] for each in self.gaussian(batch.images))
        codes = mean + ops.exp(0.5 * log_variance) * draws[0]  # (n, K, k)
        parts = [codes[:, start : start + TOGETHER] for start in range(0, self.drawn, TOGETHER)]
        ratio = divergences.log_normal(codes, mean, log_variance) - divergences.log_standard_normal(codes)
        distortion = ops.concatenate([self._distortion(batch.images, part) for part in parts], axis=1)
        return {"distortion": distortion, "ratio": ratio}

    def _distortion(self, images: Tensor, codes: Tensor) -> Tensor:
        """Of codes `(n, s, k)`, each against its image: `(n, s)`."""
        count = codes.shape[1]
        logits = self.full_precision(
            self.decoder(ops.reshape(codes, (-1, self.latent_dim)))
        )  # (n s, h, w, c)
        apart = self.distortion(ops.repeat(images, count, axis=0), logits)
        return ops.reshape(apart, (-1, count))

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Means over the codes of reconstruction and KL, and the negative bound: `(n,)` each."""
        return {
            "reconstruction": ops.mean(outputs["distortion"], axis=1),
            "kl": ops.mean(outputs["ratio"], axis=1),
            "bound": self.bound(-outputs["distortion"] - outputs["ratio"]),
        }

    def bound(self, log_weights: Tensor) -> Tensor:
        """Log weights `(n, K)` to what is minimised, `(n,)`, in nats."""
        return math.log(self.drawn) - ops.logsumexp(log_weights, axis=1)

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """The mean bound alone: a scalar."""
        return ops.mean(terms["bound"])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"], config["kl_warmup"]
        return {**config, "importance_samples": self.importance_samples}
