"""A VAE that pays for no nat below a floor in each dimension (Kingma et al. 2016)."""

from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


@keras.saving.register_keras_serializable(package="bench")
class FreeBits(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + sum_j max(floor, KL_j)`, `KL_j` the mean of dimension `j` over the batch.

    A dimension below the floor is charged the floor whatever it does, so it has nothing to win by closing.

    Parameters
    ----------
    floor
        Nats of each dimension that are free, >= 0; at 0 the model is a VAE.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "kl", "charged")

    def __init__(self, *, floor: float = 0.25, **common: Any) -> None:
        super().__init__(**common)
        self.floor = floor

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction, the true KL, and what is charged for it, alike for all images: `(n,)` each."""
        mean, log_variance = outputs["mean"], outputs["log_variance"]
        kl = 0.5 * (ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance)  # (n, k)
        charged = ops.sum(ops.maximum(ops.mean(kl, axis=0), self.floor))
        known = super().terms(batch, outputs)
        return {**known, "charged": ops.broadcast_to(charged, ops.shape(known["kl"]))}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and what is charged: a scalar."""
        return ops.mean(terms["reconstruction"]) + ops.mean(terms["charged"])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"], config["kl_warmup"]
        return {**config, "floor": self.floor}
