"""A VAE whose KL is held at a capacity that grows in training (Burgess et al. 2018)."""

from typing import Any

import keras
from keras import ops

from ..parts.losses import Tensor
from .vae import VariationalAutoencoder


@keras.saving.register_keras_serializable(package="bench")
class CapacityVAE(VariationalAutoencoder):
    """`L = E_q[d(x, g(z))] + gamma |KL - C_t|`: the mean KL of the batch, drawn to `C_t` nats an image.

    `C_t` rises linearly from 0 to `capacity`. `-L` bounds no likelihood; the ELBO is measured with weight 1.

    Parameters
    ----------
    gamma
        Weight of the distance, >= 0.
    capacity
        `C`, in nats an image, >= 0; at 0 the model is a VAE with `beta = gamma`.
    capacity_steps
        Steps of training over which the capacity rises; 0 for none. Validation always has all of it.
    **common
        See `Autoencoder`.
    """

    def __init__(
        self, *, gamma: float = 100.0, capacity: float = 25.0, capacity_steps: int = 2000, **common: Any
    ) -> None:
        super().__init__(beta=gamma, **common)
        self.capacity = capacity
        self.capacity_steps = capacity_steps

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted distance of the mean KL from the capacity: a scalar."""
        distance = ops.abs(ops.mean(terms["kl"]) - self._target(training))
        return ops.mean(terms["reconstruction"]) + self.beta * distance

    def _target(self, training: bool) -> Tensor:
        if not training or self.capacity_steps == 0:
            return self.capacity
        target = self.capacity * ops.minimum(self.step / self.capacity_steps, 1.0)
        self.step.assign_add(1.0)
        return target

    @property
    def warmup_steps(self) -> int:
        """Those over which the capacity rises."""
        return self.capacity_steps

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        gamma = config.pop("beta")
        del config["kl_warmup"]
        own = {"gamma": gamma, "capacity": self.capacity, "capacity_steps": self.capacity_steps}
        return {**config, **own}
