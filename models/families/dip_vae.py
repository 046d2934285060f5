"""The DIP-VAE (Kumar, Sattigeri & Balakrishnan 2018): the covariance of all codes, drawn to the identity."""

from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

KINDS = ("i", "ii")
DIAGONAL = {"i": 10.0, "ii": 1.0}
"""The weight of the diagonal in that of the rest, as the disentanglement library has them."""


@keras.saving.register_keras_serializable(package="bench")
class DIPVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + KL + w sum_(i != j) V_ij^2 + r w sum_i (V_ii - 1)^2`.

    - `i`: `V` is the covariance of the posterior means of the batch, and `r = 10`.
    - `ii`: `V` is that of codes: the mean of the posterior variances is added to it; `r = 1`.

    Parameters
    ----------
    dip_kind
        Which of the two.
    dip_weight
        `w`, >= 0; at 0 the model is a VAE.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "kl", "covariance")

    def __init__(self, *, dip_kind: str = "ii", dip_weight: float = 5.0, **common: Any) -> None:
        super().__init__(**common)
        self.dip_kind = dip_kind
        self.dip_weight = dip_weight

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction and KL of each image, and the weighted squares of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        squares = ops.square(self.covariance(outputs) - ops.eye(self.latent_dim, dtype=self.variable_dtype))
        diagonal = ops.sum(ops.diagonal(squares))
        penalty = ops.sum(squares) + (DIAGONAL[self.dip_kind] - 1.0) * diagonal
        return {**known, "covariance": ops.broadcast_to(penalty, ops.shape(known["kl"]))}

    def covariance(self, outputs: dict[str, Tensor]) -> Tensor:
        """`V` of the batch, `(k, k)`."""
        centred = outputs["mean"] - ops.mean(outputs["mean"], axis=0, keepdims=True)
        count = ops.cast(ops.shape(centred)[0], centred.dtype)
        found = ops.matmul(ops.transpose(centred), centred) / count
        return found + ops.diag(ops.mean(ops.exp(outputs["log_variance"]), axis=0)) * (self.dip_kind == "ii")

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and KL, and the weighted penalty: a scalar."""
        return super().objective(terms, training) + self.dip_weight * ops.mean(terms["covariance"])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"], config["kl_warmup"]
        return {**config, "dip_kind": self.dip_kind, "dip_weight": self.dip_weight}
