"""A small convolutional classifier, whose last hidden layer says what an image shows."""

import keras
import numpy as np
from keras import layers

from ..parts.initialization import initialize

WIDTHS = (16, 32)
FEATURES = 64


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
    features = layers.Dense(FEATURES, activation="relu", name="features")(layers.Flatten()(x))
    network = keras.Model(images, [features, layers.Dense(classes, name="logits")(features)])
    initialize(network, generator)
    return network
