"""Residual blocks (He et al. 2016, identity mappings) at each halving of an image, to 8x8 or less.

There is no batch normalisation: encoder and decoder are functions of their input alone, in training too.
"""

import keras
from keras import layers

from ..architecture_cards import CONV_DENSE_WIDTH, RESNET_SIZES, resnet_widths
from .conv import convolution, cropped, doubled, grid

ImageShape = tuple[int, int, int]


def encoder(image_shape: ImageShape, outputs: int, activation: str, *, size: str) -> keras.Model:
    """Images `(n, h, w, c)` to `(n, outputs)`."""
    widths, blocks = resnet_widths(image_shape, size), RESNET_SIZES[size][1]
    images = x = keras.Input(image_shape)
    for width in widths:
        x = convolution(width, strides=2)(x)
        for _ in range(blocks):
            x = _block(x, width, activation)
    x = layers.Flatten()(layers.Activation(activation)(x))
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(x)
    return keras.Model(images, layers.Dense(outputs)(x), name="encoder")


def decoder(image_shape: ImageShape, latent_dim: int, activation: str, *, size: str) -> keras.Model:
    """Codes `(n, latent_dim)` to logits `(n, h, w, c)`."""
    widths, blocks = resnet_widths(image_shape, size), RESNET_SIZES[size][1]
    codes = keras.Input((latent_dim,))
    x = layers.Dense(CONV_DENSE_WIDTH, activation=activation)(codes)
    x = grid(x, image_shape, 2 ** len(widths), widths[-1], activation)
    for width, after in zip(reversed(widths), (*reversed(widths[:-1]), image_shape[-1]), strict=True):
        for _ in range(blocks):
            x = _block(x, width, activation)
        x = doubled(layers.Activation(activation)(x), after)
    return keras.Model(codes, cropped(x, image_shape), name="decoder")


def _block(x: keras.KerasTensor, filters: int, activation: str) -> keras.KerasTensor:
    """`x + conv(act(conv(act(x))))`."""
    inner = convolution(filters)(layers.Activation(activation)(x))
    return x + convolution(filters)(layers.Activation(activation)(inner))
