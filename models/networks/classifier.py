"""Two small classifiers, convolutional and dense, whose last hidden layers say what an image shows."""

import keras
import numpy as np
from keras import layers

from ..parts.initialization import initialize

WIDTHS = (16, 32)
FEATURES = 64
HIDDEN = 256  # units of the dense one


def classifier(
    image_shape: tuple[int, int, int], classes: int, generator: np.random.Generator
) -> keras.Model:
    """Images `(n, h, w, c)` in [0, 1] to `[features, logits]`: `(n, 64)` and `(n, classes)`.

    The initial weights are drawn by NumPy from `generator`: the same on every backend.
    """
    images = x = keras.Input(image_shape)
    for width in WIDTHS:
        x = layers.Conv2D(
            width, 3, strides=2, padding="same", activation="relu", data_format="channels_last"
        )(x)
    return _with_heads(images, layers.Flatten()(x), classes, generator)


def dense_classifier(
    image_shape: tuple[int, int, int], classes: int, generator: np.random.Generator
) -> keras.Model:
    """The same in and out, by dense layers alone: it sees pixels, and no neighbourhoods of them."""
    images = keras.Input(image_shape)
    hidden = layers.Dense(HIDDEN, activation="relu")(layers.Flatten()(images))
    return _with_heads(images, hidden, classes, generator)


def _with_heads(
    images: keras.KerasTensor, hidden: keras.KerasTensor, classes: int, generator: np.random.Generator
) -> keras.Model:
    features = layers.Dense(FEATURES, activation="relu", name="features")(hidden)
    network = keras.Model(images, [features, layers.Dense(classes, name="logits")(features)])
    initialize(network, generator)
    return network
