"""The combination of ELBO and importance-weighted bound (Rainforth et al. 2018)."""

from typing import Any

import keras
from keras import ops

from ..parts.losses import Tensor
from .iwae import ImportanceWeighted


@keras.saving.register_keras_serializable(package="bench")
class CombinedImportanceWeighted(ImportanceWeighted):
    """`L = b L_ELBO + (1 - b) L_IWAE`, both of the same `K` codes.

    With `b = 0` it is an importance-weighted autoencoder, with `b = 1` a VAE of `K` codes an image.

    Parameters
    ----------
    importance_samples
        `K`, codes of each image, >= 1.
    elbo_share
        `b`, in [0, 1].
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, importance_samples: int = 5, elbo_share: float = 0.05, **common: Any) -> None:
        super().__init__(importance_samples=importance_samples, **common)
        self.elbo_share = elbo_share

    def bound(self, log_weights: Tensor) -> Tensor:
        """Log weights `(n, K)` to what is minimised, `(n,)`, in nats."""
        elbo = -ops.mean(log_weights, axis=1)
        return self.elbo_share * elbo + (1.0 - self.elbo_share) * super().bound(log_weights)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "elbo_share": self.elbo_share}
