"""The sliced-Wasserstein autoencoder (Kolouri et al. 2019)."""

from typing import Any

import keras
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..distributions import StandardNormal
from ..parts import divergences, streams
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class SlicedWasserstein(Autoencoder):
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

    def __init__(self, *, slice_weight: float = 10.0, slices: int = 50, **common: Any) -> None:
        super().__init__(**common)
        self.slice_weight = slice_weight
        self.slices = slices
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Directions, `(k, slices)`, of any length."""
        shape = (self.latent_dim, self.slices)
        return (keras.random.normal(shape, dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)`, codes `(n, k)`, and the directions."""
        codes = self.full_precision(self.encoder(batch.images))
        return {"logits": self.full_precision(self.decoder(codes)), "codes": codes, "directions": draws[0]}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction of each image, and the distance of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        distance = divergences.sliced(outputs["codes"], outputs["directions"])
        return {**known, "slices": ops.broadcast_to(distance, ops.shape(known["reconstruction"]))}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted distance: a scalar."""
        return super().objective(terms, training) + self.slice_weight * ops.mean(terms["slices"])

    def prior(self) -> StandardNormal:
        """`N(0, I)`, which the codes are drawn to."""
        return StandardNormal(size=self.latent_dim)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "slice_weight": self.slice_weight, "slices": self.slices}
