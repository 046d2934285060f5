"""The multiply importance-weighted autoencoder (Rainforth et al. 2018)."""

import math
from typing import Any

import keras
from keras import ops

from ..parts.losses import Tensor
from .iwae import ImportanceWeighted


@keras.saving.register_keras_serializable(package="bench")
class MultiplyImportanceWeighted(ImportanceWeighted):
    """`L = -1/M sum_m log 1/K sum_s w_ms`: the mean of `M` bounds of `K` codes each.

    With `M = 1` it is an importance-weighted autoencoder, with `K = 1` a VAE of `M` codes an image.

    Parameters
    ----------
    importance_samples
        `K`, codes of each bound, >= 1.
    bounds
        `M`, >= 1.
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, importance_samples: int = 4, bounds: int = 4, **common: Any) -> None:
        super().__init__(importance_samples=importance_samples, **common)
        self.bounds = bounds

    @property
    def drawn(self) -> int:
        """Codes of each image in a step, `M K`."""
        return self.bounds * self.importance_samples

    def bound(self, log_weights: Tensor) -> Tensor:
        """Log weights `(n, M K)` to what is minimised, `(n,)`, in nats."""
        grouped = ops.reshape(log_weights, (-1, self.bounds, self.importance_samples))
        return math.log(self.importance_samples) - ops.mean(ops.logsumexp(grouped, axis=2), axis=1)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "bounds": self.bounds}
