"""TensorFlow adds up numbers in an order that we fix: what it would do by itself differs from run to run."""

import numpy as np
import pytest

from bench.datasets import Dataset
from bench.machine import backend
from bench.models import create
from bench.training import loops
from tests.conftest import BACKEND

pytestmark = pytest.mark.skipif(BACKEND != "tensorflow", reason="about TensorFlow alone")

BATCH = 64


@pytest.fixture
def images(digits: Dataset) -> np.ndarray:
    """Digits again and again: a difference shows in one of some hundred steps."""
    backend.activate("tensorflow")
    return np.tile(digits.train.images, (20, 1, 1, 1))


def vae_and_loop(images: np.ndarray):
    import keras

    model = create("vae", image_shape=images.shape[1:], architecture="dense", latent_dim=16, seed=0)
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    return model, loops.create(model, images, images[:BATCH], BATCH)


def test_the_same_pass_from_the_same_state_gives_the_same_weights(images):
    model, loop = vae_and_loop(images)
    order = np.arange(len(images))
    loop.train(order)
    variables = [*model.variables, *model.optimizer.variables]
    start = [variable.numpy() for variable in variables]
    passes = []
    for _ in range(4):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        loop.train(order)
        passes.append([weights.numpy() for weights in model.trainable_variables])
    for other in passes[1:]:
        for weights, again in zip(passes[0], other, strict=True):
            np.testing.assert_array_equal(weights, again)


def test_gradients_are_added_two_at_a_time_and_constants_left_where_they_are(images):
    import tensorflow as tf

    _, loop = vae_and_loop(images)
    batches = tf.constant(np.arange(2 * BATCH).reshape(2, BATCH))
    graph = loop._steps.get_concrete_function(tf.constant(images), batches).graph.as_graph_def()
    sums = [node for body in graph.library.function for node in body.node_def if node.op == "AddN"]
    assert len(sums) >= 3  # a mean is used twice, a log-variance three times
    assert {len(node.input) for node in sums} == {2}
    assert tf.config.optimizer.get_experimental_options()["constant_folding"] is False
