"""Adam on gradients of length 1, in each backend's own loop, against the formula in NumPy."""

import keras
import numpy as np
import pytest

from bench.models.autoencoder import Autoencoder
from bench.training import fit, loops
from tests.bench.test_loops import double_precision, trial

__all__ = ["double_precision"]  # a fixture

STEPS, PIXELS, RATE = 4, 6, 5e-4
BETAS, EPSILON = (0.9, 0.999), 1e-8


class Linear(Autoencoder):
    """Whose loss has a gradient that NumPy has, too: the squared distance of images from a bias, scaled."""

    def __init__(self, **common: object) -> None:
        super().__init__(**common)
        self.offset = self.add_weight(shape=(PIXELS,), initializer="zeros", name="offset")
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def terms(self, batch, outputs):
        flat = keras.ops.reshape(batch.images, (-1, PIXELS))
        apart = keras.ops.sum(keras.ops.square(self.scale * flat - self.offset), axis=1)
        # The networks have a part without weight: every variable needs a gradient in each step.
        return {"reconstruction": apart + 0.0 * super().terms(batch, outputs)["reconstruction"]}


def by_formula(batches: list[np.ndarray]) -> list[np.ndarray]:
    """Offset and scale after a step on each batch of flat images."""
    weights = [np.zeros(PIXELS), np.ones(1)]
    moments = [[np.zeros_like(each), np.zeros_like(each)] for each in weights]
    for step, images in enumerate(batches, 1):
        apart = weights[1] * images - weights[0]
        gradients = [-2 * apart.mean(axis=0), 2 * np.mean((apart * images).sum(axis=1), keepdims=True)]
        for weight, both, gradient in zip(weights, moments, gradients, strict=True):
            gradient = gradient / (np.linalg.norm(gradient) + 1e-7)
            both[0] = BETAS[0] * both[0] + (1 - BETAS[0]) * gradient
            both[1] = BETAS[1] * both[1] + (1 - BETAS[1]) * gradient**2
            rate = RATE * np.sqrt(1 - BETAS[1] ** step) / (1 - BETAS[0] ** step)
            weight -= rate * both[0] / (np.sqrt(both[1]) + EPSILON)
    return weights


@pytest.mark.usefixtures("double_precision")
def test_some_steps_are_those_of_the_formula():
    images = np.random.default_rng(0).random((STEPS * 5, 2, 3, 1))
    model = Linear(image_shape=(2, 3, 1), latent_dim=2)
    chosen = trial("ae", optimizer="adamnormgrad", learning_rate=RATE)
    model.compile(optimizer=fit.build(chosen, (2, 3, 1)).optimizer)
    before = model.encoder.get_weights()

    loops.create(model, images, images, 5).train(np.arange(len(images)))

    # To what TensorFlow keeps of 0.999 in single precision.
    offset, scale = by_formula(list(images.reshape(STEPS, 5, PIXELS)))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model.offset), offset, rtol=2e-5)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model.scale), scale[0], rtol=2e-5)
    for ours, first in zip(model.encoder.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, first)  # a gradient of zeros stays that
