"""What every architecture does, on the active backend: shapes, options, formulas, initial weights."""

import math

import keras
import numpy as np
import pytest

from bench import models
from bench.models import architecture_cards, inference, networks
from bench.models.networks import gated
from bench.models.parts import initialization


@pytest.mark.parametrize("shape", [(28, 28, 1), (30, 17, 3)])
@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("dense", {"widths": "64"}),
        ("conv", {"filters": "4-8-16"}),
        ("resnet", {"size": "large"}),
        ("gated", {"gated_widths": "30-20-10"}),
        ("linear", {}),
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


@pytest.mark.parametrize(
    ("side", "channels", "widths"),
    [
        (8, 1, (16, 32)),
        (28, 1, (16, 32)),
        (32, 3, (16, 32)),
        (33, 3, (16, 32, 64)),
        (64, 3, (16, 32, 64)),
        (128, 1, (16, 32, 64, 128)),
        (512, 3, (16, 32, 64, 128, 128, 128)),
    ],
)
def test_a_residual_network_halves_an_image_until_it_is_small(side, channels, widths):
    assert architecture_cards.resnet_widths((side, side, channels), "small") == widths
    if side > 128:
        return  # the rule alone: such a network is slow to make
    encoder, decoder = networks.build(
        "resnet",
        (side, side, channels),
        outputs=4,
        latent_dim=4,
        activation="relu",
        options={},
        generator=np.random.default_rng(0),
    )
    grids = [one.output.shape[1:3] for one in encoder.layers if isinstance(one, keras.layers.Conv2D)]
    assert max(grids[-1]) == min(math.ceil(side / 2 ** len(widths)), 8)
    assert decoder.output_shape == (None, side, side, channels)


def multiply_adds(network: keras.Model) -> float:
    """Of an image, in layers with weights: counted from what Keras has made."""
    return sum(
        math.prod(layer.kernel.shape)
        * (math.prod(layer.output.shape[1:3]) if isinstance(layer, keras.layers.Conv2D) else 1)
        for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense)
    )


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (64, 64, 3), (128, 128, 1)])
@pytest.mark.parametrize("name", models.ARCHITECTURES)
def test_the_work_of_a_card_is_about_that_of_its_networks(name, shape):
    made = networks.build(
        name,
        shape,
        outputs=16,
        latent_dim=16,
        activation="linear",
        options={},
        generator=np.random.default_rng(0),
    )
    card = models.ARCHITECTURES[name]
    told = card.work(shape, 16, {option.name: option.default for option in card.options})
    assert 0.6 < told / sum(map(multiply_adds, made)) < 1.4


def test_large_images_are_computed_some_at_a_time_and_come_out_alike():
    made = models.create("ae", image_shape=(64, 64, 3), architecture="conv", latent_dim=3)
    images = np.random.default_rng(0).random((350, 64, 64, 3), dtype="float32")
    assert inference.inference_batch(64 * 64 * 3) < len(images)
    whole = keras.ops.convert_to_numpy(made.encoder(images))
    np.testing.assert_allclose(made.encode(images), whole, rtol=1e-4, atol=1e-5)
    assert inference.inference_batch(28 * 28) == inference.inference_batch(32 * 32 * 3) == 1000


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_an_architecture_with_options_comes_back_from_its_file(architecture, tmp_path):
    options = {
        "dense": {"widths": "20"},
        "conv": {"filters": "4-8"},
        "resnet": {"size": "large"},
        "gated": {"gated_widths": "20"},
        "linear": {},
    }[architecture]
    made = models.create(
        "vae", image_shape=(8, 8, 1), architecture=architecture, architecture_options=options, latent_dim=2
    )
    made.save(tmp_path / "model.keras")
    images = np.random.default_rng(0).random((3, 8, 8, 1), dtype="float32")
    np.testing.assert_array_equal(models.load(tmp_path / "model.keras").encode(images), made.encode(images))


def test_initial_weights_of_pytorch_are_uniform_with_biases_and_the_others_stay_as_they_were():
    def weights(**options):
        made = models.create(
            "ae", image_shape=(28, 28, 1), architecture_options={"widths": "400", **options}, latent_dim=40
        )
        return made.get_weights()

    first = weights()
    for ours, told in zip(first, weights(initial_weights="glorot"), strict=True):
        np.testing.assert_array_equal(ours, told)
    assert all(not bias.any() for bias in first[1::2])
    drawn = weights(initial_weights="pytorch")
    for kernel, bias in zip(drawn[::2], drawn[1::2], strict=True):
        limit = 1 / math.sqrt(kernel.shape[0])
        assert kernel.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)
        assert 0.8 * limit < np.abs(bias).max() <= limit
        assert np.abs(kernel).max() <= limit


MEAN = np.linspace(-0.2, 1.1, 8 * 6 * 3).reshape(8, 6, 3).clip(0, 1)  # some pixels are black in all images


@pytest.mark.parametrize("model", ["ae", "predicted_sigma_vae"])
@pytest.mark.parametrize("architecture", ["dense", "gated", "linear"])
def test_a_dense_output_starts_at_the_mean_of_each_pixel(architecture, model):
    made = models.create(model, image_shape=(8, 6, 3), architecture=architecture, activation="linear")
    before = made.decoder.get_weights()
    initialization.start_at(made.decoder, MEAN, gives_means=architecture == "linear")
    made.decoder.trainable_variables[-2].assign(np.zeros_like(before[-2]))  # the bias alone is left
    np.testing.assert_allclose(made.decode(np.ones((1, 16)))[0], MEAN.clip(0.001, 0.999), atol=1e-6)
    for ours, first in zip(made.decoder.get_weights()[:-2], before[:-2], strict=True):
        np.testing.assert_array_equal(ours, first)


@pytest.mark.parametrize("model", ["ae", "predicted_sigma_vae"])
@pytest.mark.parametrize("architecture", ["conv", "resnet"])
def test_an_output_of_convolutions_starts_at_the_mean_of_each_channel(architecture, model):
    made = models.create(model, image_shape=(8, 6, 3), architecture=architecture)
    initialization.start_at(made.decoder, MEAN)
    kernel = made.decoder.trainable_variables[-2]
    kernel.assign(np.zeros(kernel.shape, "float32"))
    found = made.decode(np.ones((1, 16)))[0]
    expected = np.broadcast_to(MEAN.clip(0.001, 0.999).mean(axis=(0, 1)), found.shape)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    logits = keras.ops.convert_to_numpy(made.decoder(np.ones((1, 16), "float32")))
    np.testing.assert_array_equal(logits[..., 3:], 0)  # what is no logit


def test_a_decoder_without_such_a_bias_is_refused():
    codes = keras.Input((4,))
    flat = keras.layers.Dense(48, use_bias=False)(codes)
    decoder = keras.Model(codes, keras.layers.Reshape((4, 4, 3))(flat))
    with pytest.raises(ValueError, match="ends in a bias for each pixel or channel"):
        initialization.start_at(decoder, MEAN[:4, :4])
