"""The Wasserstein autoencoder with a maximum mean discrepancy (Tolstikhin et al. 2018)."""

from typing import Any

import keras

from ..parts import divergences, streams
from ..parts.losses import Tensor
from .matched_prior import MatchedPrior


@keras.saving.register_keras_serializable(package="bench")
class WassersteinMMD(MatchedPrior):
    """`L = d(x, g(z)) + mmd_weight MMD^2(z, z~)`, `z~` drawn from `N(0, I)`, as many as images in the batch.

    Parameters
    ----------
    mmd_weight
        >= 0; at 0 the model is a plain autoencoder. See `parts.divergences.mmd` for the kernel.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "mmd")
    penalty_term = "mmd"
    weight_option = "mmd_weight"

    def __init__(self, *, mmd_weight: float = 100.0, **common: Any) -> None:
        super().__init__(**common)
        self.mmd_weight = mmd_weight
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Codes of the prior, `(count, k)`."""
        return (keras.random.normal((count, self.latent_dim), dtype=self.variable_dtype, seed=self.noise),)

    def penalty(self, codes: Tensor, draws: tuple[Tensor, ...]) -> Tensor:
        """The discrepancy of codes from as many of the prior."""
        return divergences.mmd(codes, draws[0])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "mmd_weight": self.mmd_weight}
