"""One matrix each way, as in the linear VAE of Lucas et al. 2019: a decoder gives means, not logits."""

import math

import keras
from keras import layers

MEANS = True

ImageShape = tuple[int, int, int]


def encoder(image_shape: ImageShape, outputs: int, activation: str) -> keras.Model:
    """Images `(n, h, w, c)` to `(n, outputs)`."""
    images = keras.Input(image_shape)
    return keras.Model(images, layers.Dense(outputs)(layers.Flatten()(images)), name="encoder")


def decoder(image_shape: ImageShape, latent_dim: int, activation: str) -> keras.Model:
    """Codes `(n, latent_dim)` to means `(n, h, w, c)`, which may leave [0, 1]."""
    codes = keras.Input((latent_dim,))
    x = layers.Dense(math.prod(image_shape))(codes)
    return keras.Model(codes, layers.Reshape(image_shape)(x), name="decoder")
