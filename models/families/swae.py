"""The sliced-Wasserstein autoencoder (Kolouri et al. 2019)."""

from typing import Any

import keras

from ..parts import divergences, streams
from ..parts.losses import Tensor
from .matched_prior import MatchedPrior


@keras.saving.register_keras_serializable(package="bench")
class SlicedWasserstein(MatchedPrior):
    """`L = d(x, g(z)) + slice_weight mean_s W^2(z t_s, N(0, 1))`, along directions `t_s` drawn in each step.

    The paper holds projections against those of drawn codes; here the quantiles of the normal distribution
    stand in their place, which is the same without their noise.

    Parameters
    ----------
    slice_weight
        >= 0; at 0 the model is a plain autoencoder.
    slices
        Directions in a step, >= 1.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "slices")
    penalty_term = "slices"
    weight_option = "slice_weight"

    def __init__(self, *, slice_weight: float = 10.0, slices: int = 50, **common: Any) -> None:
        super().__init__(**common)
        self.slice_weight = slice_weight
        self.slices = slices
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Directions, `(k, slices)`, of any length."""
        shape = (self.latent_dim, self.slices)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def penalty(self, codes: Tensor, draws: tuple[Tensor, ...]) -> Tensor:
        """The mean squared distance along the directions."""
        return divergences.sliced(codes, draws[0])

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "slice_weight": self.slice_weight, "slices": self.slices}
