"""The Cramer-Wold autoencoder (Knop et al. 2020)."""

from typing import Any

import keras
from keras import ops

from ..parts import cramer_wold, streams
from ..parts.losses import Tensor
from .matched_prior import MatchedPrior


@keras.saving.register_keras_serializable(package="bench")
class CramerWold(MatchedPrior):
    """`L = d(x, g(z)) + cw_weight log CW(z)`, the Cramer-Wold distance of the codes from `N(0, I)`.

    The paper's closed form is an approximation for many dimensions, which its code refuses below 20: there
    it has a floor that no number of codes removes. Below 20 the distance is the mean over directions that
    each step draws of the exact one in one dimension.

    Parameters
    ----------
    cw_weight
        Of the logarithm, >= 0; at 0 the model is a plain autoencoder.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "log_cw")
    penalty_term = "log_cw"
    weight_option = "cw_weight"

    def __init__(self, *, cw_weight: float = 1.0, **common: Any) -> None:
        super().__init__(**common)
        self.cw_weight = cw_weight
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Directions, `(k, 20)`, of any length; none where the closed form holds."""
        if self.latent_dim >= cramer_wold.LEAST_DIMENSIONS:
            return ()
        shape = (self.latent_dim, cramer_wold.DIRECTIONS)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def penalty(self, codes: Tensor, draws: tuple[Tensor, ...]) -> Tensor:
        """The logarithm of the distance."""
        found = cramer_wold.along(codes, draws[0]) if draws else cramer_wold.distance(codes)
        return ops.log(ops.maximum(found, cramer_wold.LEAST))

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "cw_weight": self.cw_weight}
