"""A VAE whose KL weight rises again and again (Fu et al. 2019)."""

from typing import Any

import keras
from keras import ops

from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

RISING = 0.5
"""The share of a period in which the weight rises; in the rest it stays at `beta`."""


@keras.saving.register_keras_serializable(package="bench")
class CyclicalVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + beta_t KL`, `beta_t = beta min(1, tau / 0.5)`, `tau` the place within a period.

    Parameters
    ----------
    beta
        The weight in the second half of each period, and on validation images; >= 0.
    kl_period
        Steps of a period; 0 for none: then the model is a VAE.
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, beta: float = 1.0, kl_period: int = 1000, **common: Any) -> None:
        super().__init__(beta=beta, **common)
        self.kl_period = kl_period

    def _kl_weight(self, training: bool) -> Tensor:
        if not training or self.kl_period == 0:
            return self.beta
        place = ops.mod(self.step, self.kl_period) / self.kl_period
        self.step.assign_add(1.0)
        return self.beta * ops.minimum(place / RISING, 1.0)

    @property
    def warmup_steps(self) -> int:
        """Those of the first rise."""
        return int(RISING * self.kl_period)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["kl_warmup"]
        return {**config, "kl_period": self.kl_period}
