"""The beta-TC-VAE (Chen et al. 2018): the KL in three parts, of which the total correlation is weighted."""

from typing import Any

import keras
from keras import ops

from ..batch import Batch
from ..parts import divergences
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


@keras.saving.register_keras_serializable(package="bench")
class BetaTCVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + I + tc_weight TC + D` of one code `z` an image, with

    - `I = log q(z|x) - log q(z)`, what a code says of its image,
    - `TC = log q(z) - sum_j log q_j(z_j)`, the total correlation of the dimensions,
    - `D = sum_j log q_j(z_j) - log p(z)`, how far each is from its prior.

    `q(z)` is the mixture of the posteriors of the batch. The paper divides it by the number of training
    images, which moves `I` by `-log N` and `TC` by `(k - 1) log N` and no gradient; it is left out here.

    Parameters
    ----------
    tc_weight
        >= 0; with 1 the model is a VAE whose KL is taken from the code that was drawn.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "kl", "information", "correlation", "marginals")

    def __init__(self, *, tc_weight: float = 4.0, **common: Any) -> None:
        super().__init__(**common)
        self.tc_weight = tc_weight

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction, the KL in closed form, and the three parts, `(n,)` each, in nats."""
        codes, mean, log_variance = (outputs[name] for name in ("codes", "mean", "log_variance"))
        own = divergences.log_normal(codes, mean, log_variance)
        joint, product = _mixture(codes, mean, log_variance)
        return {
            **super().terms(batch, outputs),
            "information": own - joint,
            "correlation": joint - product,
            "marginals": product - divergences.log_standard_normal(codes),
        }

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted parts: a scalar."""
        parts = terms["information"] + self.tc_weight * terms["correlation"] + terms["marginals"]
        return ops.mean(terms["reconstruction"]) + ops.mean(parts)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"], config["kl_warmup"]
        return {**config, "tc_weight": self.tc_weight}


def _mixture(codes: Tensor, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor]:
    """`log q(z)` and `sum_j log q_j(z_j)` under the mixture of all posteriors: `(n,)` each."""
    log_count = ops.log(ops.cast(ops.shape(codes)[0], codes.dtype))
    together: Tensor = 0.0
    product: Tensor = 0.0
    for apart in divergences.log_normal_pairs(codes, mean, log_variance):  # (n, n, at most 8)
        together += ops.sum(apart, axis=2)
        product += ops.sum(ops.logsumexp(apart, axis=1) - log_count, axis=1)
    return ops.logsumexp(together, axis=1) - log_count, product
