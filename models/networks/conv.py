"""Encoders and decoders: the shapes that every objective can be trained with.

An encoder maps images `(n, h, w, c)` to `outputs` numbers an image; a decoder maps codes `(n, k)` to
logits of the image's shape. Each works for any image size and any number of channels.
"""

import math

import keras
from keras import layers, ops

DENSE_WIDTHS = (512, 256)
CONV_WIDTHS = (16, 32)
CONV_DENSE_WIDTH = 128

ImageShape = tuple[int, int, int]


def encoder(architecture: str, image_shape: ImageShape, outputs: int, activation: str) -> keras.Model:
    """The encoder of an architecture: images `(n, h, w, c)` to `(n, outputs)`."""
    return _ENCODERS[architecture](image_shape, outputs, activation)


def decoder(architecture: str, image_shape: ImageShape, latent_dim: int, activation: str) -> keras.Model:
    """The decoder of an architecture: codes `(n, latent_dim)` to logits `(n, h, w, c)`."""
    return _DECODERS[architecture](image_shape, latent_dim, activation)


def _dense_encoder(image_shape: ImageShape, outputs: int, activation: str) -> keras.Model:
    images = keras.Input(image_shape)
    x = layers.Flatten()(images)  # (n, h * w * c)
    for width in DENSE_WIDTHS:
        x = layers.Dense(width, activation=activation)(x)
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def _dense_decoder(image_shape: ImageShape, latent_dim: int, activation: str) -> keras.Model:
    codes = x = keras.Input((latent_dim,))
    for width in reversed(DENSE_WIDTHS):
        x = layers.Dense(width, activation=activation)(x)
    x = layers.Dense(math.prod(image_shape))(x)
    return keras.Model(codes, layers.Reshape(image_shape)(x), name="decoder")


def _conv(filters: int, activation: str | None = None, strides: int = 1) -> layers.Conv2D:
    # The data format is stated because a user's keras.json may ask for channels first.
    return layers.Conv2D(
        filters, 3, strides=strides, padding="same", activation=activation, data_format="channels_last"
    )


def _conv_encoder(image_shape: ImageShape, outputs: int, activation: str) -> keras.Model:
    images = x = keras.Input(image_shape)
    for width in CONV_WIDTHS:
        x = _conv(width, activation, strides=2)(x)  # halves height and width, rounding up
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(layers.Flatten()(x))
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def _conv_decoder(image_shape: ImageShape, latent_dim: int, activation: str) -> keras.Model:
    """Sub-pixel convolutions (Shi et al. 2016): transposed ones are very slow on jax on a CPU."""
    height, width, channels = image_shape
    scale = 2 ** len(CONV_WIDTHS)
    rows, columns = math.ceil(height / scale), math.ceil(width / scale)
    codes = keras.Input((latent_dim,))
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(codes)
    x = layers.Dense(rows * columns * CONV_WIDTHS[-1], activation=activation)(x)
    x = layers.Reshape((rows, columns, CONV_WIDTHS[-1]))(x)
    for filters in reversed(CONV_WIDTHS[:-1]):
        x = _conv(4 * filters, activation)(x)
        x = ops.depth_to_space(x, 2, data_format="channels_last")  # (r, c, 4f) -> (2r, 2c, f)
    x = ops.depth_to_space(_conv(4 * channels)(x), 2, data_format="channels_last")
    excess = ((0, scale * rows - height), (0, scale * columns - width))
    return keras.Model(codes, layers.Cropping2D(excess, data_format="channels_last")(x), name="decoder")


_ENCODERS = {"dense": _dense_encoder, "conv": _conv_encoder}
_DECODERS = {"dense": _dense_decoder, "conv": _conv_decoder}
