"""Initial weights that are the same on every backend.

Keras draws initial weights with the backend's own generator, so one seed gives three different networks.
Drawn by NumPy, the three backends start from the same weights, and what differs in the end is arithmetic.
"""

import math

import keras
import numpy as np


def initialize(network: keras.Model, generator: np.random.Generator) -> None:
    """Draw the kernels of `network` anew: Glorot & Bengio 2010, uniform; biases stay zero."""
    for variable in network.trainable_variables:
        if variable.name == "kernel":
            variable.assign(glorot_uniform(tuple(variable.shape), generator))


def glorot_uniform(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Uniform in `+-sqrt(6 / (fan in + fan out))`; `shape` is `(..., inputs, outputs)`, float32."""
    receptive_field = math.prod(shape[:-2])
    limit = math.sqrt(6.0 / (receptive_field * (shape[-2] + shape[-1])))
    return generator.uniform(-limit, limit, shape).astype("float32")
