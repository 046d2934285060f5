"""Log-likelihoods of images given codes from logits, in float32 on the backend: many codes of each image.

NumPy's path, `Coder.log_likelihood`, goes by way of probabilities, which float32 rounds to 0 and 1 where a
logit is beyond 17; they are clipped there, and a pixel costs 16 nats at most. Here it costs what it costs.
"""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from .autoencoder import Autoencoder
from .families import cb_vae, sigma_vae
from .likelihoods import CONSTANTS
from .parts.losses import Tensor

Law = Callable[[Tensor, Tensor], Tensor]
"""Images `(i, 1, d)` and logits `(i, k, d)` of `d` values to log-likelihoods `(i, k)`, in nats."""


def of(coder: Any) -> "Compiled | None":
    """The compiled log-likelihood of a model; None where it has one that is not of this package's losses.

    What a subclass or a plug-in computes in its own way is left to it: a model is known by its methods. So is
    a network that gives means: these laws take logits.
    """
    if getattr(coder, "gives_means", False):
        return None
    kind = type(coder)
    methods = [getattr(kind, name, None) for name in ("log_likelihood", "_log_likelihood", "decode")]
    make = _LAWS.get(tuple(methods))
    return None if make is None else Compiled(coder.decoder, make(coder))


class Compiled(keras.Model):
    """A decoder and a law: `predict_on_batch` compiles them as the backend can."""

    def __init__(self, decoder: keras.Model, law: Law) -> None:
        super().__init__(dtype="float32", name="log_likelihood")  # no underscore first, for TensorFlow
        self.decoder, self.law = decoder, law
        self.built = True

    def call(self, inputs: dict[str, Tensor]) -> Tensor:
        """Of images `(i, d)` and codes `(i, k, m)`: `(i, k)`."""
        images, codes = inputs["images"], inputs["codes"]
        count, size = ops.shape(codes)[1:]
        logits = self.decoder(ops.reshape(codes, (-1, size)), training=False)  # (i * k, h, w, c)
        flat = ops.reshape(logits, (-1, count, images.shape[-1]))
        return self.law(ops.expand_dims(images, 1), flat)

    def of_codes(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of images `(i, h, w, c)` and codes `(i, k, m)`, float32: `(i, k)`, in nats."""
        flat = np.asarray(images, np.float32).reshape(len(images), -1)
        found: np.ndarray = self.predict_on_batch({"images": flat, "codes": codes})
        return found


def bernoulli(images: Tensor, logits: Tensor) -> Tensor:
    """`x l - softplus(l)`, summed.

    Softplus as `max(l, 0) - log sigmoid(|l|)`, which takes half its time; the logarithm is of 1/2 to 1.
    """
    log_size = ops.log(ops.sigmoid(ops.abs(logits)))
    return ops.sum(log_size - (ops.relu(logits) - images * logits), axis=-1)


def gaussian(variance: float) -> Law:
    """Of pixels of one variance about `sigmoid(l)`."""

    def law(images: Tensor, logits: Tensor) -> Tensor:
        squared = ops.sum(ops.square(images - ops.sigmoid(logits)), axis=-1)
        return -squared / (2.0 * variance) - 0.5 * images.shape[-1] * math.log(2 * math.pi * variance)

    return law


def laplace(images: Tensor, logits: Tensor) -> Tensor:
    """Of pixels of scale 1 about `sigmoid(l)`."""
    absolute = ops.sum(ops.abs(images - ops.sigmoid(logits)), axis=-1)
    return CONSTANTS["mae"] * images.shape[-1] - absolute


def continuous_bernoulli(images: Tensor, logits: Tensor) -> Tensor:
    """Of grey values as densities: `x l - log((e^l - 1) / l)`, summed."""
    return ops.sum(images * logits - cb_vae.log_integral(logits), axis=-1)


_OF_LOSS: dict[str, Law] = {"bce": bernoulli, "mse": gaussian(0.5), "mae": laplace}

_LAWS: dict[tuple[Any, ...], Callable[[Any], Law]] = {
    (Autoencoder.log_likelihood, *methods): make
    for methods, make in (
        (
            (Autoencoder._log_likelihood, Autoencoder.decode),
            lambda model: _OF_LOSS[model.reconstruction_loss],
        ),
        (
            (sigma_vae.SigmaVAE._log_likelihood, Autoencoder.decode),
            lambda model: gaussian(model.variance),
        ),
        (
            (cb_vae.ContinuousBernoulliVAE._log_likelihood, cb_vae.ContinuousBernoulliVAE.decode),
            lambda model: continuous_bernoulli,
        ),
    )
}
