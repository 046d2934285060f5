"""Gated dense layers, as in the VampPrior (Tomczak & Welling 2018) and Exemplar VAE (Norouzi et al. 2020).

A layer is `(W x + b) * sigmoid(V x + c)`. Log-variances of a posterior are held in [-6, 2], outside of which
they have no gradient; kernels start from N(0, 2 / inputs), biases uniformly in +-1 / sqrt(inputs).
"""

import math

import keras
import numpy as np
from keras import layers, ops

from ..cards import sizes

LOG_VARIANCE = (-6.0, 2.0)

ImageShape = tuple[int, int, int]


def encoder(image_shape: ImageShape, outputs: int, activation: str, *, gated_widths: str) -> keras.Model:
    """Images `(n, h, w, c)` to `(n, outputs)`."""
    images = keras.Input(image_shape)
    x = layers.Flatten()(images)
    for number, width in enumerate(sizes(gated_widths)):
        x = _gated(x, width, activation, number)
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def decoder(image_shape: ImageShape, latent_dim: int, activation: str, *, gated_widths: str) -> keras.Model:
    """Codes `(n, latent_dim)` to logits `(n, h, w, c)`."""
    codes = x = keras.Input((latent_dim,))
    for number, width in enumerate(reversed(sizes(gated_widths))):
        x = _gated(x, width, activation, number)
    x = layers.Dense(math.prod(image_shape))(x)
    return keras.Model(codes, layers.Reshape(image_shape)(x), name="decoder")


def initialize(network: keras.Model, generator: np.random.Generator) -> None:
    """Draw kernels and biases anew, in the order of the layers."""
    inputs = 0
    for variable in network.trainable_variables:
        shape = tuple(variable.shape)
        if variable.name == "kernel":
            inputs = shape[0]
            drawn = generator.normal(0.0, math.sqrt(2 / inputs), shape)
        else:
            drawn = generator.uniform(-1, 1, shape) / math.sqrt(inputs)
        variable.assign(drawn.astype("float32"))


def _gated(x: keras.KerasTensor, width: int, activation: str, number: int) -> keras.KerasTensor:
    values = layers.Dense(width, activation=activation, name=f"values_{number}")(x)
    return values * ops.sigmoid(layers.Dense(width, name=f"gates_{number}")(x))
