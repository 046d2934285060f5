"""What encode and its friends take from a user, and what they refuse, on the active backend."""

import keras
import numpy as np
import pytest

from bench import models
from bench.models.coder import Absent

SHAPE = (8, 6, 1)
BYTES = np.random.default_rng(0).integers(0, 256, (5, *SHAPE), dtype=np.uint8)
IMAGES = BYTES / np.float32(255)


@pytest.fixture(scope="module", params=["ae", "vae", "sigma_vae"])
def model(request: pytest.FixtureRequest) -> keras.Model:
    return models.create(request.param, image_shape=SHAPE, latent_dim=3)


@pytest.mark.parametrize(
    "given",
    [
        BYTES,
        BYTES[..., 0],
        IMAGES[..., 0],
        IMAGES.astype("float64"),
        IMAGES.tolist(),
        keras.ops.convert_to_tensor(IMAGES),
    ],
    ids=["uint8", "uint8 grey", "grey", "float64", "lists", "tensor"],
)
def test_the_same_images_have_the_same_codes_in_whatever_form(model, given):
    codes = model.encode(given)
    np.testing.assert_array_equal(codes, model.encode(IMAGES))
    likelihood = model.log_likelihood(IMAGES, codes)
    np.testing.assert_allclose(model.log_likelihood(given, codes), likelihood, rtol=1e-6)


@pytest.mark.parametrize("given", [BYTES[0], BYTES[0, ..., 0], IMAGES[0]], ids=["uint8", "grey", "float"])
def test_one_image_needs_no_batch_axis(model, given):
    codes = model.encode(given)
    np.testing.assert_array_equal(codes, model.encode(IMAGES[:1]))
    np.testing.assert_array_equal(model.decode(codes[0]), model.reconstruct(given))
    if not isinstance(posterior := model.posterior(given), Absent):
        np.testing.assert_array_equal(posterior.mean, codes)


def test_black_and_white_images_may_be_booleans(model):
    np.testing.assert_array_equal(model.encode(BYTES > 99), model.encode((BYTES > 99).astype("float32")))


@pytest.mark.parametrize(
    ("given", "phrases"),
    [
        (IMAGES * 255, ("float32 from 0 to 255", "images / 255")),
        (IMAGES - 0.5, ("from -0.5 to 0.5", "bring them to that range")),
        (IMAGES * np.float32(1.00001), ("to 1.0000", "divide")),
        (np.full_like(IMAGES, np.nan), ("nan", "leave out images with NaN")),
        (BYTES.astype(int), ("int64", "astype('uint8')")),
        (BYTES // 255, ("uint8 from 0 to 1", "nearly black")),
        (IMAGES.transpose(0, 3, 1, 2), ("(5, 1, 8, 6)", "channels come first")),
        (np.zeros((5, 9, 6, 1)), ("(n, 8, 6, 1)", "(5, 9, 6, 1)", "resize them")),
        (np.zeros((5, 8, 6, 3)), ("(5, 8, 6, 3)", "of 1 channel")),
        (IMAGES[:0], ("(0, 8, 6, 1)", "at least one image")),
        ([[1, 2], [3]], ("lists of several lengths",)),
        ("picture.png", ("an array of numbers", "Pillow")),
    ],
)
def test_what_is_no_image_of_the_model_is_refused_in_words(model, given, phrases):
    posterior = model.encode if isinstance(model.posterior(IMAGES), Absent) else model.posterior
    codes = np.zeros((5, 3), "float32")
    for method in (model.encode, model.reconstruct, posterior, lambda x: model.log_likelihood(x, codes)):
        with pytest.raises(ValueError, match=r"^expected .*, received .*; ") as caught:
            method(given)
        assert all(phrase in str(caught.value) for phrase in phrases), caught.value


@pytest.mark.parametrize("codes", [np.zeros((5, 4)), IMAGES, np.zeros((0, 3)), "z"])
def test_what_are_no_codes_of_the_model_is_refused_in_words(model, codes):
    with pytest.raises(
        ValueError, match=r"^expected (codes of shape \(n, 3\)|an array of numbers).*, received .*; "
    ):
        model.decode(codes)


def test_no_samples_are_refused_in_words(model):
    with pytest.raises(ValueError, match="at least 1 image to sample, received 0"):
        model.sample(0)
