"""A VAE whose decoder gives a variance beside the mean, for image or pixel (Rybkin et al. 2021)."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs
from ..batch import Batch
from ..inference import INFERENCE_BATCH, in_batches
from ..parts.losses import Tensor
from .sigma_vae import LOWEST
from .vae import VariationalAutoencoder

KINDS = ("per_image", "per_pixel")


@keras.saving.register_keras_serializable(package="bench")
class PredictedSigmaVAE(VariationalAutoencoder):
    """`L(x) = E_q[-log N(x; g(z), s(z)^2)] + KL`: `s` comes from the decoder.

    The decoder has as many channels again for `log s`, held above -6 by a softplus. `-L` is the evidence
    lower bound, constants included: a density of grey values, which may be above 0.

    Parameters
    ----------
    predicted
        `"per_image"`: one `log s`, the mean of those channels over the image. `"per_pixel"`: as they are.
    kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`; `loss` has to be `"mse"`.
    """

    def __init__(self, *, predicted: str = "per_image", **common: Any) -> None:
        super().__init__(decoder_maps=2, **common)
        self.predicted = predicted

    def terms(self, batch: Batch, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The negative log-likelihood of each image, which may be below 0, and the KL: `(n,)` each."""
        logits, raw = ops.split(outputs["logits"], 2, axis=-1)
        squared = ops.square(batch.images - self.mean_of(logits))
        if self.predicted == "per_image":
            raw = ops.mean(raw, axis=(1, 2, 3), keepdims=True)
            squared = ops.mean(squared, axis=(1, 2, 3), keepdims=True)
        deviation = LOWEST + ops.softplus(raw - LOWEST)  # its logarithm, (n, h, w, c) or (n, 1, 1, 1)
        density = 0.5 * squared * ops.exp(-2.0 * deviation) + deviation + 0.5 * math.log(2.0 * math.pi)
        found = math.prod(self.image_shape) * ops.mean(density, axis=(1, 2, 3))
        return {"reconstruction": found, "kl": self.kl(outputs)}

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, latent_dim)` to mean images `(n, h, w, c)` in [0, 1], float32."""
        return self._decoded(codes, batch_size)[0].clip(0.0, 1.0)

    def _decoded(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> tuple[np.ndarray, np.ndarray]:
        """Means and the logarithms of deviations of pixels, `(n, h, w, c)` each; nothing is clipped."""
        outputs = in_batches(self.decoder, inputs.codes(codes, self.code_size), batch_size)
        logits, raw = np.split(outputs, 2, axis=-1)
        if self.predicted == "per_image":
            raw = np.broadcast_to(raw.mean(axis=(1, 2, 3), keepdims=True), logits.shape)
        deviation = LOWEST + np.logaddexp(0.0, raw.astype(np.float64) - LOWEST)
        return ops.convert_to_numpy(self.mean_of(logits)), deviation

    @property
    def likelihood(self) -> str:
        """What an image is drawn from, given its code."""
        of = "image" if self.predicted == "per_image" else "pixel"
        return f"a Gaussian whose variance the decoder gives for each {of}"

    def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """As densities of grey values."""
        means, deviation = self._decoded(codes)
        apart = images.astype(np.float64) - means
        density = 0.5 * np.square(apart * np.exp(-deviation)) + deviation + 0.5 * math.log(2 * math.pi)
        found: np.ndarray = -density.sum(axis=(1, 2, 3))
        return found

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        config = super().get_config()
        del config["beta"]
        return {**config, "predicted": self.predicted}
