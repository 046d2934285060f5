"""What every architecture does, on the active backend: shapes, options, formulas, initial weights."""

import math

import keras
import numpy as np
import pytest

from bench import models
from bench.models import architecture_cards, networks
from bench.models.networks import gated


@pytest.mark.parametrize("shape", [(28, 28, 1), (30, 17, 3)])
@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("dense", {"widths": "64"}),
        ("conv", {"filters": "4-8-16"}),
        ("resnet", {"size": "large"}),
        ("gated", {"gated_widths": "30-20-10"}),
    ],
)
def test_a_decoder_mirrors_its_encoder_in_what_it_can_hold(architecture, options, shape):
    encoder, decoder = networks.build(
        architecture,
        shape,
        outputs=8,
        latent_dim=8,
        activation="relu",
        options=options,
        generator=np.random.default_rng(0),
    )
    assert encoder.output_shape == (None, 8)
    assert decoder.output_shape == (None, *shape)


def test_gated_layers_are_the_paper_s_and_have_its_number_of_weights():
    made = models.create(
        "vae", image_shape=(28, 28, 1), architecture="gated", latent_dim=40, activation="linear"
    )
    assert made.parameter_count == 1_116_864  # 784-300-300 and back, 40 dimensions
    x = np.random.default_rng(0).random((5, 784))
    values, gates = (made.encoder.get_layer(f"{name}_0") for name in ("values", "gates"))
    products = [one for one in made.encoder.operations if one.name.startswith("multiply")]
    hidden = keras.Model(made.encoder.inputs[0], products[0].output)(
        x.reshape(5, 28, 28, 1).astype("float32")
    )
    (w, b), (v, c) = (layer.get_weights() for layer in (values, gates))
    expected = (x @ w + b) / (1 + np.exp(-(x @ v + c)))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(hidden), expected, rtol=1e-4, atol=1e-5)


def test_gated_layers_start_where_the_paper_s_did():
    made = models.create("vae", image_shape=(28, 28, 1), architecture="gated", activation="linear", seed=3)
    kernel, bias = (keras.ops.convert_to_numpy(each) for each in made.encoder.trainable_variables[:2])
    assert kernel.std() == pytest.approx(math.sqrt(2 / 784), rel=0.01)
    assert np.abs(bias).max() <= 1 / math.sqrt(784)
    assert np.abs(bias).max() > 0.9 / math.sqrt(784)


def test_the_log_variance_of_a_gated_network_is_held_and_has_no_gradient_beyond():
    made = models.create(
        "vae", image_shape=(8, 8, 1), architecture="gated", latent_dim=2, activation="linear"
    )
    head = made.encoder.trainable_variables[-1]  # the bias of mean and log-variance
    for value, held in ((100.0, gated.LOG_VARIANCE[1]), (-100.0, gated.LOG_VARIANCE[0])):
        head.assign(np.full(4, value, "float32"))
        found = made.posterior(np.zeros((1, 8, 8, 1), "float32"))
        np.testing.assert_array_equal(found.log_variance, held)
        outputs = made(np.zeros((1, 8, 8, 1), "float32"))
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(outputs["log_variance"]), held)


@pytest.mark.parametrize("size", list(architecture_cards.RESNET_SIZES))
def test_a_residual_block_adds_to_what_it_is_given(size):
    made = models.create(
        "ae",
        image_shape=(12, 12, 1),
        architecture="resnet",
        architecture_options={"size": size},
        latent_dim=2,
    )
    blocks = sum(one.name.startswith("add") for one in made.encoder.operations)
    assert blocks == 2 * architecture_cards.RESNET_SIZES[size][1]


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_an_architecture_with_options_comes_back_from_its_file(architecture, tmp_path):
    options = {
        "dense": {"widths": "20"},
        "conv": {"filters": "4-8"},
        "resnet": {"size": "large"},
        "gated": {"gated_widths": "20"},
    }[architecture]
    made = models.create(
        "vae", image_shape=(8, 8, 1), architecture=architecture, architecture_options=options, latent_dim=2
    )
    made.save(tmp_path / "model.keras")
    images = np.random.default_rng(0).random((3, 8, 8, 1), dtype="float32")
    np.testing.assert_array_equal(models.load(tmp_path / "model.keras").encode(images), made.encode(images))
