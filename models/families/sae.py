"""Sparse autoencoders: the k largest entries (Makhzani & Frey 2014), L1, or KL to a rate (Ng 2011)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs
from ..autoencoder import Autoencoder
from ..batch import Batch
from ..inference import INFERENCE_BATCH
from ..parts.losses import Tensor

KINDS = ("topk", "l1", "kl")
RATE = 0.05
"""How often a unit is to be active, of `kl`."""
TINY = 1e-12


@keras.saving.register_keras_serializable(package="bench")
class SparseAutoencoder(Autoencoder):
    """`L = d(x, g(z)) + weight * penalty(z)`.

    - `topk`: all but the `active` entries of `z` that are largest in size are 0; no penalty.
    - `l1`: `sum_j |z_j| / r`, `r` the root mean square of all codes of the batch, which is held fixed: where
      encoder and decoder are not tied, smaller codes and a larger decoder would pay for nothing otherwise.
    - `kl`: `sum_j KL(0.05 || rho_j)`, `rho_j` the mean over the batch of `sigmoid(z_j)`.

    Parameters
    ----------
    sparsity
        Which of the three.
    active
        Entries that stay, of `topk`; with the latent size the model is a plain autoencoder.
    sparsity_weight
        Of the penalty, >= 0, in units of the loss; at 0 the model is a plain autoencoder.
    **common
        See `Autoencoder`.
    """

    term_names = ("reconstruction", "sparsity")

    def __init__(
        self, *, sparsity: str = "topk", active: int = 4, sparsity_weight: float = 0.1, **common: Any
    ) -> None:
        super().__init__(**common)
        self.sparsity = sparsity
        self.active = active
        self.sparsity_weight = sparsity_weight

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)` and codes `(n, k)`."""
        codes = self.full_precision(self.encoder(batch.images))
        if self._is_cut:
            size = ops.abs(codes)
            least = ops.top_k(size, self.active)[0][:, -1:]  # (n, 1)
            codes = codes * ops.cast(size >= ops.stop_gradient(least), codes.dtype)
        return {"logits": self.full_precision(self.decoder(codes)), "codes": codes}

    @property
    def _is_cut(self) -> bool:
        return self.sparsity == "topk" and self.active < self.latent_dim

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Reconstruction and the penalty of each image, `(n,)` each; that of `kl` is one of the batch."""
        known = super().terms(batch, outputs)
        penalty = self._penalty(outputs["codes"])
        return {**known, "sparsity": ops.broadcast_to(penalty, ops.shape(known["reconstruction"]))}

    def _penalty(self, codes: Tensor) -> Tensor:
        if self.sparsity == "l1":
            scale = ops.sqrt(ops.mean(ops.square(codes)) + TINY)
            return ops.sum(ops.abs(codes), axis=1) / ops.stop_gradient(scale)
        if self.sparsity == "kl":
            rates = ops.clip(ops.mean(ops.sigmoid(codes), axis=0), 1e-6, 1.0 - 1e-6)  # (k,)
            on, off = RATE * ops.log(RATE / rates), (1 - RATE) * ops.log((1 - RATE) / (1 - rates))
            return ops.sum(on + off)
        return ops.zeros_like(codes[:, 0])

    def objective(self, terms: dict[str, Tensor], training: bool) -> Tensor:
        """Mean over the batch of the reconstruction loss and the weighted penalty: a scalar."""
        return super().objective(terms, training) + self.sparsity_weight * ops.mean(terms["sparsity"])

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, latent_dim)`, float32; of `topk` what is left of them."""
        return self._cut(super().encode(images, batch_size))

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, latent_dim)` to images; of `topk` of what is left of them, as in training."""
        return super().decode(self._cut(inputs.codes(codes, self.code_size)), batch_size)

    def _cut(self, codes: np.ndarray) -> np.ndarray:
        if not self._is_cut:
            return codes
        size = np.abs(codes)
        least = np.partition(size, -self.active, axis=1)[:, -self.active, None]
        return np.where(size >= least, codes, np.float32(0))

    def code_layers(self, outputs: Tensor) -> Tensor:
        """As `encode`."""
        return self._cut_layers(outputs)

    def decodable_layers(self, codes: Tensor) -> Tensor:
        """As `decode`."""
        return self._cut_layers(codes)

    def _cut_layers(self, codes: Tensor) -> Tensor:
        if not self._is_cut:
            return codes
        size = ops.abs(codes)
        least = ops.top_k(size, self.active)[0][:, -1:]
        return ops.where(size >= least, codes, 0.0)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        names = ("sparsity", "active", "sparsity_weight")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
