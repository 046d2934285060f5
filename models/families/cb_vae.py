"""A VAE with a continuous Bernoulli likelihood (Loaiza-Ganem & Cunningham 2019)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from .. import inputs
from ..inference import INFERENCE_BATCH, in_batches
from ..parts.bounding import SoftBound
from ..parts.losses import Tensor
from .vae import VariationalAutoencoder

LEAST = 2e-3
"""Size of a logit below which it counts as this: in float32 the slope is then wrong by 2e-4 at most.

The formula is 0/0 at 0, and its slope the difference of two numbers that grow towards it.
"""
_LEAST_EXACT = 1e-6
"""The same in float64, where only values are asked for."""
_SERIES = 0.01
"""Logits below which the series of the mean is more exact than its formula."""

NEAR = 1.0
"""The same in float32, in which the formula loses digits from further away."""


@keras.saving.register_keras_serializable(package="bench")
class ContinuousBernoulliVAE(VariationalAutoencoder):
    """`L = E_q[bce(x, l) - sum log C(l)] + beta KL`, with `C(l) = l / tanh(l / 2)` of a logit `l`.

    `C` is what makes the Bernoulli a density of grey values in [0, 1], `exp(x l)` over its integral
    `(exp(l) - 1) / l`, by which it is computed. With `beta = 1`, `-L` is the evidence
    lower bound, constants included; it may be above 0. An image is decoded to the mean of its pixels,
    `1 / (1 - exp(-l)) - 1 / l`, and not to `sigmoid(l)`.

    A pixel of exactly 0 has the density `|l|`, without an end: where many are, such as a background, logits
    without a bound grow to thousands, and what is grey is lost beside them. Code that goes by probabilities
    in float32 has a bound in its rounding.

    Parameters
    ----------
    logit_bound
        Size that logits stay below; 0 for none.
    beta, kl_warmup
        See `VariationalAutoencoder`.
    **common
        See `Autoencoder`; `loss` has to be `"bce"`.
    """

    likelihood = "a continuous Bernoulli"

    def __init__(self, *, loss: str = "bce", logit_bound: float = 0.0, **common: Any) -> None:
        super().__init__(loss=loss, **common)
        self.logit_bound = logit_bound
        if logit_bound:
            bare = self.decoder
            del self.decoder  # from what Keras tracks: else its layers have two
            bounded = SoftBound(logit_bound, name="bound")(bare.output)
            self.decoder = keras.Model(bare.input, bounded, name=bare.name)

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes, for `.keras` files."""
        return {**super().get_config(), "logit_bound": self.logit_bound}

    def distortion(self, images: Tensor, logits: Tensor) -> Tensor:
        """The negative log density of each image, `(n,)`, in nats."""
        return ops.sum(log_integral(logits) - images * logits, axis=(1, 2, 3))

    def decode(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        """Codes `(n, latent_dim)` to mean images `(n, h, w, c)` in [0, 1], float32."""
        return mean(self._logits(codes, batch_size)).astype(np.float32)

    def image_layers(self, outputs: Tensor) -> Tensor:
        """The mean of each pixel, `(n, h, w, c)`, as float32 can: to 3e-7 of `mean`."""
        squared = ops.square(ops.clip(outputs, -NEAR, NEAR))
        series = squared * (squared * (squared / -1209600.0 + 1.0 / 30240.0) - 1.0 / 720.0) + 1.0 / 12.0
        is_near = ops.abs(outputs) < NEAR
        safe = ops.where(is_near, NEAR, outputs)
        formula = 1.0 / (1.0 - ops.exp(-safe)) - 1.0 / safe
        return ops.clip(ops.where(is_near, 0.5 + outputs * series, formula), 0.0, 1.0)

    def _logits(self, codes: np.ndarray, batch_size: int = INFERENCE_BATCH) -> np.ndarray:
        return in_batches(self.decoder, inputs.codes(codes, self.code_size), batch_size)

    def _log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """As densities of grey values."""
        logits = self._logits(codes).astype(np.float64)
        density = images.astype(np.float64) * logits - log_integral(logits, _LEAST_EXACT, np)
        found: np.ndarray = density.sum(axis=(1, 2, 3))
        return found


def log_integral(logits: Any, least: float = LEAST, maths: Any = ops) -> Any:
    """`log((exp(l) - 1) / l)` of each logit: of tensors, or of arrays if `maths` is NumPy."""
    size = maths.maximum(maths.abs(logits), least)
    return 0.5 * (logits + size) + maths.log(-maths.expm1(-size) / size)


def mean(logits: np.ndarray) -> np.ndarray:
    """The mean of a pixel whose logit is `l`, any float: float64 in [0, 1]."""
    logits = logits.astype(np.float64)
    is_small = np.abs(logits) < _SERIES
    safe = np.where(is_small, 1.0, logits)
    with np.errstate(over="ignore"):
        formula = 1.0 / -np.expm1(-safe) - 1.0 / safe
    near = 0.5 + logits / 12.0 - logits**3 / 720.0
    return np.clip(np.where(is_small, near, formula), 0.0, 1.0)
