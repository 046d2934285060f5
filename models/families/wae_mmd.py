"""The Wasserstein autoencoder with a maximum mean discrepancy (Tolstikhin et al. 2018)."""

from typing import Any

import keras
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..distributions import StandardNormal
from ..parts import divergences, streams
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class WassersteinMMD(Autoencoder):
    """`L = d(x, g(z)) + mmd_weight MMD^2(z, z~)`, `z~` drawn from `N(0, I)`, as many as images in the batch.

    Parameters
    ----------
    mmd_weight
        >= 0; at 0 the model is a plain autoencoder. See `parts.divergences.mmd` for the kernel.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "mmd")

    def __init__(self, *, mmd_weight: float = 100.0, **common: Any) -> None:
        super().__init__(**common)
        self.mmd_weight = mmd_weight
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Codes of the prior, `(count, k)`."""
        return (keras.random.normal((count, self.latent_dim), dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)`, codes and codes of the prior, `(n, k)` each."""
        codes = self.full_precision(self.encoder(batch.images))
        return {"logits": self.full_precision(self.decoder(codes)), "codes": codes, "drawn": draws[0]}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction of each image, and the discrepancy of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        mmd = divergences.mmd(outputs["codes"], outputs["drawn"])
        return {**known, "mmd": ops.broadcast_to(mmd, ops.shape(known["reconstruction"]))}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted discrepancy: a scalar."""
        return super().objective(terms, training) + self.mmd_weight * ops.mean(terms["mmd"])

    def prior(self) -> StandardNormal:
        """`N(0, I)`, which the codes are drawn to."""
        return StandardNormal(size=self.latent_dim)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "mmd_weight": self.mmd_weight}
