"""A VAE with a VampPrior (Tomczak & Welling 2018)."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ..distributions import Mixture
from ..parts import streams
from ..parts.losses import Tensor
from .learned_prior import LearnedPriorVAE

START = (0.05, 0.01)
"""Mean and deviation of pixels of pseudo-inputs at first: above 0, below which they have no gradient."""


@keras.saving.register_keras_serializable(package="bench")
class VampPrior(LearnedPriorVAE):
    """`L = E_q[d(x, g(z)) + beta (log q(z|x) - log p(z))]`, `p(z) = 1/K sum_c q(z|u_c)`.

    The pseudo-inputs `u_c` are images that are trained, held in [0, 1]; gradients reach the encoder through
    them, too.

    Parameters
    ----------
    components
        `K`, pseudo-inputs, >= 1.
    beta, kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, components: int = 100, **common: Any) -> None:
        super().__init__(**common)
        self.components = components
        shape = (components, *self.image_shape)
        self.pseudo_inputs = self.add_weight(shape=shape, initializer="zeros", name="pseudo_inputs")
        drawn = streams.on_host(self.seed, streams.PRIOR).normal(*START, shape)
        self.pseudo_inputs.assign(drawn.astype("float32"))

    def components_of_prior(self) -> tuple[Tensor, Tensor, Tensor]:
        """Means and log-variances `(c, k)`, and the logarithms of the weights, `(c,)`."""
        mean, log_variance = self.gaussian(ops.clip(ops.convert_to_tensor(self.pseudo_inputs), 0.0, 1.0))
        return mean, log_variance, ops.full((self.components,), -math.log(self.components), dtype=mean.dtype)

    def prior(self) -> Mixture:  # type: ignore[override] # it is a density, as a coder's prior has to be
        """The mixture of the posteriors of the pseudo-inputs."""
        found = self.posterior(np.clip(ops.convert_to_numpy(self.pseudo_inputs), 0.0, 1.0))
        text = f"a mixture of {self.components} posteriors"
        return Mixture(mean=found.mean, log_variance=found.log_variance, text=text)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "components": self.components}
