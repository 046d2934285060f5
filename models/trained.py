"""What is done with a trained model: arrays in, arrays out; and its layers, for `models.portable`."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from . import inputs
from .coder import Absent, Densities, Density
from .distributions import StandardNormal
from .inference import INFERENCE_BATCH, in_batches, inference_batch
from .likelihoods import log_likelihood
from .parts.losses import Tensor


class Trained:
    """A `models.coder.Coder` of an encoder, a decoder and what images are made of; see `Autoencoder`."""

    encoder: keras.Model
    decoder: keras.Model
    image_shape: tuple[int, int, int]
    latent_dim: int
    reconstruction_loss: str
    gives_means: bool
    trainable_variables: list[Any]

    def encode(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, code_size)`, float32.

        Floats in [0, 1], or uint8, which is divided by 255. One image may lack the first axis, grey ones the
        last. What is neither raises `ValueError`; see `models.inputs`.
        """
        return in_batches(self.encoder, inputs.images(images, self.image_shape), batch_size)

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, code_size)`, or one as `(code_size,)`, to images `(n, h, w, c)` in [0, 1], float32.

        What is neither raises `ValueError`. What a decoder of means gives beyond [0, 1] is clipped.
        """
        given = in_batches(self.decoder, inputs.codes(codes, self.code_size), batch_size)
        means = ops.convert_to_numpy(self.mean_of(given))
        return means.clip(0.0, 1.0) if self.gives_means else means

    def mean_of(self, given: Tensor) -> Tensor:
        """What the decoder gives to the mean of each pixel: logits, or means already, of any shape."""
        return given if self.gives_means else ops.sigmoid(given)

    def means(self, codes: np.ndarray) -> np.ndarray:
        """As `decode`, but not clipped: the mean of each pixel, as the likelihood has it."""
        if not self.gives_means:
            return self.decode(codes)
        return in_batches(self.decoder, inputs.codes(codes, self.code_size), INFERENCE_BATCH)

    def reconstruct(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """`decode(encode(images))`, of what `encode` takes: `(n, h, w, c)` in [0, 1], float32."""
        return self.decode(self.encode(images, batch_size), batch_size)

    def sample(self, count: int, seed: int = 0) -> np.ndarray:
        """Decode `count` codes, at least 1, drawn from the prior: `(count, h, w, c)` in [0, 1], float32.

        A plain autoencoder was never asked to fill N(0, I), which is taken for one, so its samples show what
        is missing. The codes are drawn by NumPy: the same on every backend.

        Raises
        ------
        ValueError
            If there is no prior to draw from, with the reason; or for fewer than 1.
        """
        if count < 1:
            raise ValueError(f"expected at least 1 image to sample, received {count}; give a whole number")
        prior = self.prior()
        sampler = prior.instead if isinstance(prior, Absent) else prior
        if sampler is None:
            raise ValueError(f"no prior to draw codes from: {getattr(prior, 'reason', '')}")
        return self.decode(sampler.sample(count, np.random.default_rng(seed)))

    # --- what else a coder has: see `models.coder` --------------------------------------------------

    @property
    def code_size(self) -> int:
        """Numbers of a code."""
        return self.latent_dim

    @property
    def parameter_count(self) -> int:
        """Numbers that are trained."""
        return sum(math.prod(variable.shape) for variable in self.trainable_variables)

    def prior(self) -> Density | Absent:
        """What codes are drawn from to generate; a plain autoencoder is trained with none."""
        return Absent("a model that is trained without a prior", instead=StandardNormal(size=self.code_size))

    def posterior(self, images: np.ndarray, batch_size: int = INFERENCE_BATCH) -> Densities | Absent:
        """Where the codes of images `(n, h, w, c)` may lie."""
        return Absent("a model without a posterior")

    @property
    def likelihood(self) -> str:
        """What an image is drawn from, given its code, for people; empty for what the loss stands for."""
        return ""

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray | Absent:
        """Of images `(n, h, w, c)` under what the loss stands for, given codes: `(n,)`, float64, in nats."""
        given, codes = inputs.images(images, self.image_shape), inputs.codes(codes, self.code_size)
        size = inference_batch(math.prod(self.image_shape))
        blocks = [slice(start, start + size) for start in range(0, max(1, len(codes)), size)]
        return np.concatenate([self._log_likelihood(given[block], codes[block]) for block in blocks])

    def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of the images of a block: `(n,)`, float64, in nats."""
        return log_likelihood(self.reconstruction_loss, images, self.means(codes))

    # --- what `encode` and `decode` do, as layers: see `models.portable` ----------------------------

    def code_layers(self, outputs: Tensor) -> Tensor:
        """What the encoder gives, symbolic, to codes `(n, code_size)`: of a posterior, its mean."""
        return outputs if outputs.shape[1] == self.code_size else outputs[:, : self.code_size]

    def decodable_layers(self, codes: Tensor) -> Tensor:
        """Any codes `(n, code_size)`, symbolic, to what the decoder takes."""
        return codes

    def image_layers(self, outputs: Tensor) -> Tensor:
        """What the decoder gives, symbolic, to images `(n, h, w, c)` in [0, 1]."""
        channels = self.image_shape[2]
        means = self.mean_of(outputs if outputs.shape[-1] == channels else outputs[..., :channels])
        return ops.clip(means, 0.0, 1.0) if self.gives_means else means
