"""What autoencoders whose codes are drawn to `N(0, I)` all together share: one penalty of the whole batch."""

from typing import ClassVar

from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..distributions import StandardNormal
from ..parts.losses import Tensor


class MatchedPrior(Autoencoder):
    """`L = d(x, g(z)) + weight penalty(z)`, the penalty a number of the batch.

    A subclass says as which term its penalty is tracked, which of its options is the weight, and what it is.
    """

    penalty_term: ClassVar[str]
    weight_option: ClassVar[str]

    def penalty(self, codes: Tensor, draws: tuple[Tensor, ...]) -> Tensor:
        """How far codes `(n, k)` lie from `N(0, I)`, given what `draw` gave: a scalar."""
        raise NotImplementedError

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)`, and the penalty of their codes: a scalar."""
        codes = self.full_precision(self.encoder(batch.images))
        return {"logits": self.full_precision(self.decoder(codes)), "penalty": self.penalty(codes, draws)}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction of each image, and the penalty of the batch: `(n,)` each."""
        known = super().terms(batch, outputs)
        spread = ops.broadcast_to(outputs["penalty"], ops.shape(known["reconstruction"]))
        return {**known, self.penalty_term: spread}

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean reconstruction loss and the weighted penalty: a scalar."""
        weight = getattr(self, self.weight_option)
        return super().objective(terms, training) + weight * ops.mean(terms[self.penalty_term])

    def prior(self) -> StandardNormal:
        """`N(0, I)`, which the codes are drawn to."""
        return StandardNormal(size=self.latent_dim)
