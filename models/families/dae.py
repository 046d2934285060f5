"""The denoising autoencoder (Vincent et al. 2008)."""

from typing import Any

import keras
from keras import ops

from ..autoencoder import Autoencoder
from ..batch import Batch
from ..parts import streams
from ..parts.losses import Tensor

CORRUPTIONS = ("gaussian", "mask")


@keras.saving.register_keras_serializable(package="bench")
class DenoisingAutoencoder(Autoencoder):
    """`L(x) = d(x, g(f(x~)))`: the clean image from a corrupted one, in training and in validation.

    `encode` takes clean images.

    Parameters
    ----------
    corruption
        `"gaussian"`: `x~ = x + level * noise`, which may leave [0, 1]. `"mask"`: each value is 0 with the
        probability `level`.
    corruption_level
        From 0, where the model is a plain autoencoder; below 1 for a mask.
    **common
        See `Autoencoder`.
    """

    def __init__(
        self, *, corruption: str = "gaussian", corruption_level: float = 0.25, **common: Any
    ) -> None:
        super().__init__(**common)
        self.corruption = corruption
        self.corruption_level = corruption_level
        self.noise = streams.on_device(self.seed, streams.NOISE)

    def draw(self, count: int) -> tuple[Tensor, ...]:
        """Noise for each value of `count` images, `(count, h, w, c)`: normal, or uniform for a mask."""
        kind = keras.random.uniform if self.corruption == "mask" else keras.random.normal
        return (kind((count, *self.image_shape), dtype=self.variable_dtype, seed=self.noise),)

    def respond(self, batch: Batch, draws: tuple[Tensor, ...], training: bool) -> dict[str, Tensor]:
        """Images and noise to logits `(n, h, w, c)`."""
        corrupted = self.corrupted(batch.images, draws[0])
        return {"logits": self.full_precision(self.decoder(self.encoder(corrupted)))}

    def corrupted(self, images: Tensor, noise: Tensor) -> Tensor:
        """What the encoder sees of images `(n, h, w, c)`."""
        if self.corruption == "mask":
            return images * ops.cast(noise >= self.corruption_level, images.dtype)
        return images + self.corruption_level * noise

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        own = {"corruption": self.corruption, "corruption_level": self.corruption_level}
        return {**super().get_config(), **own}
