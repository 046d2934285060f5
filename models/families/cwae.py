"""The Cramer-Wold autoencoder (Knop et al. 2020)."""

from typing import Any

import keras
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..distributions import StandardNormal
from ..parts import cramer_wold, streams
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class CramerWold(Autoencoder):
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

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)`, and the distance of their codes: a scalar."""
        codes = self.full_precision(self.encoder(batch.images))
        distance = cramer_wold.along(codes, draws[0]) if draws else cramer_wold.distance(codes)
        return {"logits": self.full_precision(self.decoder(codes)), "distance": distance}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction of each image, and the logarithm of the distance of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        log = ops.log(ops.maximum(outputs["distance"], cramer_wold.LEAST))
        return {**known, "log_cw": ops.broadcast_to(log, ops.shape(known["reconstruction"]))}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted logarithm: a scalar."""
        return super().objective(terms, training) + self.cw_weight * ops.mean(terms["log_cw"])

    def prior(self) -> StandardNormal:
        """`N(0, I)`, which the codes are drawn to."""
        return StandardNormal(size=self.latent_dim)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "cw_weight": self.cw_weight}
