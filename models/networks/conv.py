"""Convolutions that halve height and width, and sub-pixel convolutions (Shi et al. 2016) back.

Transposed convolutions are very slow on jax on a CPU.
"""

import math

import keras
from keras import layers, ops

from ..architecture_cards import CONV_DENSE_WIDTH
from ..cards import sizes

ImageShape = tuple[int, int, int]


def convolution(filters: int, activation: str | None = None, strides: int = 1) -> layers.Conv2D:
    """Of 3x3. The data format is stated because a user's `keras.json` may ask for channels first."""
    return layers.Conv2D(
        filters, 3, strides=strides, padding="same", activation=activation, data_format="channels_last"
    )


def encoder(image_shape: ImageShape, outputs: int, activation: str, *, filters: str) -> keras.Model:
    """Images `(n, h, w, c)` to `(n, outputs)`."""
    images = x = keras.Input(image_shape)
    for width in sizes(filters):
        x = convolution(width, activation, strides=2)(x)  # halves height and width, rounding up
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(layers.Flatten()(x))
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def decoder(image_shape: ImageShape, latent_dim: int, activation: str, *, filters: str) -> keras.Model:
    """Codes `(n, latent_dim)` to logits `(n, h, w, c)`."""
    widths = sizes(filters)
    codes = keras.Input((latent_dim,))
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(codes)
    x = grid(x, image_shape, 2 ** len(widths), widths[-1], activation)
    for width in reversed(widths[:-1]):
        x = doubled(x, width, activation)
    x = doubled(x, image_shape[-1])
    return keras.Model(codes, cropped(x, image_shape), name="decoder")


def grid(
    x: keras.KerasTensor, image_shape: ImageShape, scale: int, filters: int, activation: str
) -> keras.KerasTensor:
    """`(n, m)` to `(n, rows, columns, filters)`: the size of an image through `scale`, rounded up."""
    rows, columns = (math.ceil(length / scale) for length in image_shape[:2])
    x = layers.Dense(rows * columns * filters, activation=activation)(x)
    return layers.Reshape((rows, columns, filters))(x)


def doubled(x: keras.KerasTensor, filters: int, activation: str | None = None) -> keras.KerasTensor:
    """`(n, rows, columns, c)` to `(n, 2 rows, 2 columns, filters)`."""
    x = convolution(4 * filters, activation)(x)
    return ops.depth_to_space(x, 2, data_format="channels_last")


def cropped(x: keras.KerasTensor, image_shape: ImageShape) -> keras.KerasTensor:
    """What rounding up has added is cut off below and on the right."""
    excess = tuple((0, have - want) for have, want in zip(x.shape[1:3], image_shape[:2], strict=True))
    return layers.Cropping2D(excess, data_format="channels_last")(x)
