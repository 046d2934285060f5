"""A VAE whose prior is a mixture of Gaussians, trained with it."""

from typing import Any

import keras
import numpy as np
from keras import ops

from ..distributions import Mixture
from ..parts import streams
from ..parts.losses import Tensor
from .learned_prior import LearnedPriorVAE


@keras.saving.register_keras_serializable(package="bench")
class MixturePriorVAE(LearnedPriorVAE):
    """`L = E_q[d(x, g(z)) + beta (log q(z|x) - log p(z))]`, `p(z) = sum_c pi_c N(z; m_c, exp(v_c))`.

    Means start from `N(0, I)`, log-variances at 0, all weights alike.

    Parameters
    ----------
    components
        Of the mixture, >= 1.
    beta, kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, components: int = 100, **common: Any) -> None:
        super().__init__(**common)
        self.components = components
        shape = (components, self.latent_dim)
        self.prior_mean = self.add_weight(shape=shape, initializer="zeros", name="prior_mean")
        self.prior_log_variance = self.add_weight(shape=shape, initializer="zeros", name="prior_log_variance")
        self.prior_logits = self.add_weight(shape=(components,), initializer="zeros", name="prior_logits")
        drawn = streams.on_host(self.seed, streams.PRIOR).standard_normal(shape)
        self.prior_mean.assign(drawn.astype("float32"))

    def components_of_prior(self) -> tuple[Tensor, Tensor, Tensor]:
        """Means and log-variances `(c, k)`, and the logarithms of the weights, `(c,)`."""
        logits = ops.convert_to_tensor(self.prior_logits)
        mean = ops.convert_to_tensor(self.prior_mean)
        log_variance = ops.convert_to_tensor(self.prior_log_variance)
        return mean, log_variance, logits - ops.logsumexp(logits)

    def prior(self) -> Mixture:  # type: ignore[override] # it is a density, as a coder's prior has to be
        """The mixture, as it is now."""
        mean, log_variance, log_weights = (ops.convert_to_numpy(each) for each in self.components_of_prior())
        return Mixture(
            mean=mean,
            log_variance=log_variance,
            log_weights=log_weights.astype(np.float64),
            text=f"a mixture of {self.components} Gaussians, trained with it",
        )

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "components": self.components}
