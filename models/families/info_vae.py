"""The InfoVAE (Zhao, Song & Ermon 2019): less KL, and a discrepancy of all codes from the prior."""

from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts import divergences
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


@keras.saving.register_keras_serializable(package="bench")
class InfoVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + (1 - alpha) KL + (alpha + info_lambda - 1) MMD^2(z, z~)`, `z~` from `N(0, I)`.

    Parameters
    ----------
    alpha
        What is taken from the KL, in [0, 1]; with 1 the model is the paper's MMD-VAE.
    info_lambda
        >= 1 - alpha. With `alpha = 0` and `info_lambda = 1` the model is a VAE.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "kl", "mmd")

    def __init__(self, *, alpha: float = 0.5, info_lambda: float = 100.0, **common: Any) -> None:
        super().__init__(beta=1.0 - alpha, **common)
        self.alpha = alpha
        self.info_lambda = info_lambda

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Noise of the posteriors and codes of the prior, `(count, k)` each."""
        shape = (count, self.latent_dim)
        return tuple(keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise) for _ in range(2))

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """As of a VAE, with codes of the prior, `(n, k)`."""
        return {**super().respond(batch, draws, training), "drawn": draws[1]}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction and KL of each image, and the discrepancy of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        mmd = divergences.mmd(outputs["codes"], outputs["drawn"])
        return {**known, "mmd": ops.broadcast_to(mmd, ops.shape(known["kl"]))}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss, and the weighted KL and discrepancy: a scalar."""
        weight = self.alpha + self.info_lambda - 1.0
        return super().objective(terms, training) + weight * ops.mean(terms["mmd"])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"], config["kl_warmup"]
        return {**config, "alpha": self.alpha, "info_lambda": self.info_lambda}
