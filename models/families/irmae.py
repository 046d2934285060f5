"""The implicit rank-minimizing autoencoder (Jing, Zbontar & LeCun 2020)."""

import functools
import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..inference import INFERENCE_BATCH
from ..parts import streams
from ..parts.losses import Tensor


@keras.saving.register_keras_serializable(package="bench")
class ImplicitRankAutoencoder(Autoencoder):
    """`L(x) = d(x, g(W_m ... W_1 f(x)))`: square linear layers between encoder and decoder.

    They add nothing that one could not do; trained by gradients together they find codes of low rank.

    Parameters
    ----------
    linear_layers
        `m`, matrices of `latent_dim` by `latent_dim` without biases; with none it is a plain autoencoder.
    linear_scale
        Their entries start uniformly with the deviation `linear_scale / sqrt(latent_dim)`. The start is
        part of the method: 0.577 is that of the paper's code, and shrinks a code by it in each layer.
    **common
        See `Autoencoder`.
    """

    def __init__(self, *, linear_layers: int = 4, linear_scale: float = 0.577, **common: Any) -> None:
        super().__init__(**common)
        self.linear_layers = linear_layers
        self.linear_scale = linear_scale
        limit = linear_scale * math.sqrt(3.0 / self.latent_dim)
        shape = (self.latent_dim, self.latent_dim)
        generator = streams.on_host(self.seed, streams.PRIOR)
        self.matrices = [self.add_weight(shape=shape, name=f"linear_{row}") for row in range(linear_layers)]
        for matrix in self.matrices:
            matrix.assign(generator.uniform(-limit, limit, shape).astype("float32"))

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images to logits `(n, h, w, c)`."""
        codes = self.full_precision(self.encoder(batch.images))
        for matrix in self.matrices:
            codes = ops.matmul(codes, matrix)
        return {"logits": self.full_precision(self.decoder(codes))}

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, latent_dim)`, float32: after all layers, merged into one."""
        codes = super().encode(images, batch_size)
        return (codes @ self.merged).astype(np.float32) if self.matrices else codes

    def code_layers(self, outputs: Tensor) -> Tensor:
        """The same as one layer."""
        if not self.matrices:
            return outputs
        layer = keras.layers.Dense(self.latent_dim, use_bias=False, name="merged")
        codes = layer(outputs)
        layer.set_weights([self.merged])
        return codes

    @property
    def merged(self) -> np.ndarray:
        """The product of all layers, `(k, k)`, float64: `f(x) @ merged` is a code."""
        arrays = (ops.convert_to_numpy(matrix).astype(np.float64) for matrix in self.matrices)
        return functools.reduce(np.matmul, arrays, np.eye(self.latent_dim))

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        own = {"linear_layers": self.linear_layers, "linear_scale": self.linear_scale}
        return {**super().get_config(), **own}
