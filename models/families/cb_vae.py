"""A VAE with a continuous Bernoulli likelihood (Loaiza-Ganem & Cunningham 2019)."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs
from ..inference import INFERENCE_BATCH, in_batches
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

SMALL = 0.01
"""Logits below which the series is more exact than the formula, which is 0/0 at 0."""


@keras.saving.register_keras_serializable(package="bench")
class ContinuousBernoulliVAE(VariationalAutoencoder):
    """`L = E_q[bce(x, l) - sum log C(l)] + beta KL`, with `C(l) = l / tanh(l / 2)` of a logit `l`.

    `C` is what makes the Bernoulli a density of grey values in [0, 1]. With `beta = 1`, `-L` is the evidence
    lower bound, constants included; it may be above 0. An image is decoded to the mean of its pixels,
    `1 / (1 - exp(-l)) - 1 / l`, and not to `sigmoid(l)`.

    Parameters
    ----------
    beta, kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`; `loss` has to be `"bce"`.
    """

    likelihood = "a continuous Bernoulli"

    def __init__(self, *, loss: str = "bce", **common: Any) -> None:
        super().__init__(loss=loss, **common)

    def distortion(self, images: Tensor, logits: Tensor) -> Tensor:
        """The negative log density of each image, `(n,)`, in nats."""
        return super().distortion(images, logits) - ops.sum(log_constant(logits), axis=(1, 2, 3))

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, latent_dim)` to mean images `(n, h, w, c)` in [0, 1], float32."""
        return mean(self._logits(codes, batch_size)).astype(np.float32)

    def _logits(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        return in_batches(self.decoder, inputs.codes(codes, self.code_size), batch_size)

    def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """As densities of grey values."""
        logits = self._logits(codes).astype(np.float64)
        density = images.astype(np.float64) * logits - np.logaddexp(0.0, logits) + exact_log_constant(logits)
        found: np.ndarray = density.sum(axis=(1, 2, 3))
        return found


def log_constant(logits: Tensor) -> Tensor:
    """`log(l / tanh(l / 2))` of each logit, as training computes it: finite, with a finite gradient."""
    size = ops.abs(logits)
    is_small = size < SMALL
    safe = ops.where(is_small, ops.ones_like(size), size)  # or the gradient of what is not chosen is NaN
    squared = ops.square(ops.where(is_small, logits, ops.zeros_like(size)))
    series = math.log(2.0) + squared / 12.0 - 7.0 * ops.square(squared) / 1440.0
    return ops.where(is_small, series, ops.log(safe) - ops.log(ops.tanh(safe / 2.0)))


def exact_log_constant(logits: np.ndarray) -> np.ndarray:
    """The same in NumPy and float64."""
    size = np.abs(logits)
    safe = np.where(size < SMALL, 1.0, size)
    squared = np.square(np.where(size < SMALL, logits, 0.0))
    series = math.log(2.0) + squared / 12.0 - 7.0 * np.square(squared) / 1440.0
    return np.where(size < SMALL, series, np.log(safe) - np.log(np.tanh(safe / 2.0)))


def mean(logits: np.ndarray) -> np.ndarray:
    """The mean of a pixel whose logit is `l`, any float: float64 in [0, 1]."""
    logits = logits.astype(np.float64)
    is_small = np.abs(logits) < SMALL
    safe = np.where(is_small, 1.0, logits)
    with np.errstate(over="ignore"):
        formula = 1.0 / -np.expm1(-safe) - 1.0 / safe
    near = 0.5 + logits / 12.0 - logits**3 / 720.0
    return np.clip(np.where(is_small, near, formula), 0.0, 1.0)
