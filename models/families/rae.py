"""The regularized autoencoder (Ghosh et al. 2020): short codes, a smooth decoder, a density fitted later."""

from typing import Any

import keras
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class RegularizedAutoencoder(Autoencoder):
    """`L(x) = d(x, g(z)) + code_weight |z|^2 / 2 + decoder_weight sum w^2`, `w` the decoder's kernels.

    Parameters
    ----------
    code_weight
        Of half the squared length of the code, >= 0.
    decoder_weight
        Of the squares of all kernels of the decoder, >= 0: 0 is the paper's RAE, above it is its RAE-L2.
        With both at 0 the model is a plain autoencoder.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "length", "kernels")

    def __init__(self, *, code_weight: float = 0.01, decoder_weight: float = 1e-4, **common: Any) -> None:
        super().__init__(**common)
        self.code_weight = code_weight
        self.decoder_weight = decoder_weight

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)` and codes `(n, k)`."""
        codes = self.full_precision(self.encoder(batch.images))
        return {"logits": self.full_precision(self.decoder(codes)), "codes": codes}

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction, half the squared length of the code, and the squares of kernels: `(n,)` each."""
        length = 0.5 * ops.sum(ops.square(outputs["codes"]), axis=1)
        kernels = [each for each in self.decoder.trainable_variables if len(each.shape) > 1]
        squares = sum(ops.sum(ops.square(ops.convert_to_tensor(each))) for each in kernels)
        return {
            **super().terms(batch, outputs),
            "length": length,
            "kernels": ops.broadcast_to(squares, ops.shape(length)),
        }

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the three, weighted: a scalar."""
        code = self.code_weight * ops.mean(terms["length"])
        decoder = self.decoder_weight * ops.mean(terms["kernels"])
        return super().objective(terms, training) + code + decoder

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        own = {"code_weight": self.code_weight, "decoder_weight": self.decoder_weight}
        return {**super().get_config(), **own}
