"""Fully connected layers."""

import math

import keras
from keras import layers

from ..cards import sizes

ImageShape = tuple[int, int, int]


def encoder(image_shape: ImageShape, outputs: int, activation: str, *, widths: str) -> keras.Model:
    """Images `(n, h, w, c)` to `(n, outputs)`."""
    images = keras.Input(image_shape)
    x = layers.Flatten()(images)  # (n, h * w * c)
    for width in sizes(widths):
        x = layers.Dense(width, activation=activation)(x)
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def decoder(image_shape: ImageShape, latent_dim: int, activation: str, *, widths: str) -> keras.Model:
    """Codes `(n, latent_dim)` to logits `(n, h, w, c)`."""
    codes = x = keras.Input((latent_dim,))
    for width in reversed(sizes(widths)):
        x = layers.Dense(width, activation=activation)(x)
    x = layers.Dense(math.prod(image_shape))(x)
    return keras.Model(codes, layers.Reshape(image_shape)(x), name="decoder")
