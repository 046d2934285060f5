"""The classifier in whose features images are compared."""

import dataclasses

import numpy as np
import pytest
import scipy.linalg
import scipy.spatial.distance

from bench import models
from bench.keeping import gallery
from bench.keeping.feature_network import FeatureNetwork
from bench.metrics import densities, generation
from bench.tasks import Notes, features
from bench.tasks import generation as measured
from bench.tasks.subject import NOISE_SEED, TRAIN_SEEDS, Subject


@pytest.fixture(scope="module")
def network(digits) -> FeatureNetwork:
    return features.train(digits)


def test_it_tells_the_classes_of_unseen_images_apart(digits, network):
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    assert network.accuracy > 0.9
    assert extractor.test(digits).values.shape == (len(digits.test.images), 64)


def test_features_are_scaled_by_the_training_images(digits, network):
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    values = extractor.features(digits.train.images).values
    assert np.mean(np.square(values, dtype=np.float64)) == pytest.approx(1, rel=1e-5)


def test_the_same_data_give_the_same_network(digits, network):
    again = features.train(digits)
    for one, other in zip(network.weights, again.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_network_comes_back_from_its_bytes(network):
    again = FeatureNetwork.from_bytes(network.to_bytes())
    assert again.accuracy == network.accuracy
    assert [each.shape for each in again.weights] == [each.shape for each in network.weights]
    assert all((a == b).all() for a, b in zip(again.weights, network.weights, strict=True))
    assert again.fingerprint == network.fingerprint
    assert again.second.fingerprint == network.second.fingerprint != network.fingerprint
    assert again.second.accuracy == network.second.accuracy > 0.9


def test_a_network_from_before_there_was_a_second_comes_back_without_one(network):
    alone = FeatureNetwork(weights=network.weights, accuracy=network.accuracy)
    again = FeatureNetwork.from_bytes(alone.to_bytes())
    assert again.second is None
    assert again.fingerprint == network.fingerprint


def test_a_damaged_second_network_is_no_whole_file(network):
    broken = dataclasses.replace(network.second, weights=(np.full(3, np.nan, np.float32),))
    assert FeatureNetwork.is_whole(network.to_bytes())
    assert not FeatureNetwork.is_whole(dataclasses.replace(network, second=broken).to_bytes())


def test_the_second_distance_is_that_of_the_formulas(digits, network):
    """Dense layers in NumPy; a root of a product has the roots of its eigenvalues on its diagonal."""
    first, bias, kernel, last = network.second.weights[:4]

    def dense(images: np.ndarray) -> np.ndarray:
        hidden = np.maximum(images.reshape(len(images), -1).astype(np.float64) @ first + bias, 0)
        return np.maximum(hidden @ kernel + last, 0)

    images = digits.train.images[:360]
    real, other = dense(digits.test.images), dense(images)
    covariances = [np.cov(each, rowvar=False) for each in (real, other)]
    roots = np.sqrt(np.clip(scipy.linalg.eigvals(covariances[0] @ covariances[1]).real, 0, None))
    expected = ((real.mean(0) - other.mean(0)) ** 2).sum() + np.trace(sum(covariances)) - 2 * roots.sum()
    notes = Notes()
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    measured.add_images(notes, digits, extractor, images, "mixture")
    assert notes.measures["frechet_mixture_second"] == pytest.approx(expected, rel=1e-3)
    assert np.mean(dense(digits.train.images) ** 2) == pytest.approx(1, rel=1e-5)


def test_without_a_second_network_its_distance_is_missed_with_a_reason(digits, network):
    alone = FeatureNetwork(weights=network.weights, accuracy=network.accuracy)
    notes = Notes()
    extractor = features.Extractor(alone.to_bytes(), digits.image_shape)
    measured.add_images(notes, digits, extractor, digits.train.images[:360], "mixture")
    assert notes.measures["frechet_mixture_second"] is None
    assert notes.reasons["frechet_mixture_second"] == measured.NO_SECOND
    assert notes.measures["frechet_mixture"] > 0


def test_features_are_those_of_the_formula(digits, network):
    images = digits.test.images[:5]
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    x = images
    for kernel, bias in (network.weights[:2], network.weights[2:4]):
        x = np.maximum(_convolved(x, kernel) + bias, 0)
    expected = np.maximum(x.reshape(5, -1) @ network.weights[4] + network.weights[5], 0)
    np.testing.assert_allclose(extractor.features(images).values, expected, atol=1e-4)


def _convolved(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """A 3x3 convolution with stride 2 and the same padding as in TensorFlow: more of it at the end."""
    padded = np.pad(images, ((0, 0), (0, 1), (0, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::2, ::2]
    return np.einsum("nhwcij,ijco->nhwo", windows, kernel)


def test_blurred_images_are_farther_away_than_real_ones(digits, network):
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    real, train = extractor.test(digits), extractor.features(digits.train.images[:360])
    mean = digits.test.images.mean(axis=0, keepdims=True)
    blurred = extractor.features(0.5 * digits.test.images + 0.5 * mean)
    floor = generation.frechet_distance(real, train)
    assert generation.frechet_distance(real, blurred) > 5 * floor
    assert generation.kernel_distance(real, blurred) > 5 * generation.kernel_distance(real, train)
    assert generation.neighbourhoods(real, blurred).coverage < generation.neighbourhoods(real, train).coverage


def test_as_many_images_are_compared_as_may_be_and_no_more(digits, network, monkeypatch):
    monkeypatch.setattr(measured, "MOST_IMAGES", 100)
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    all_of_them, some = Notes(), Notes()
    measured.add_images(all_of_them, digits, extractor, digits.train.images[:360], "mixture")
    measured.add_images(some, digits, extractor, digits.train.images[:100], "mixture")
    assert all_of_them.measures == some.measures


def test_samples_are_kept_above_the_training_images_nearest_to_them(digits, network):
    """Codes are pixels in a few directions; the nearest image by all distances of SciPy."""
    flat = digits.train.images.reshape(len(digits.train.images), -1)
    axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2][:8]

    def decode(codes: np.ndarray) -> np.ndarray:
        return np.clip(codes @ axes + flat.mean(axis=0), 0, 1).reshape(-1, *digits.image_shape)

    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    drawn: list[np.ndarray] = []
    arrays = measured.add_mixture(
        Notes(),
        lambda codes: drawn.append(decode(codes)) or drawn[0],
        digits,
        extractor,
        (flat - flat.mean(axis=0)) @ axes.T,
    )
    samples, nearest = arrays["near_mixture"]
    between = scipy.spatial.distance.cdist(drawn[0][:10].reshape(10, -1), flat)
    np.testing.assert_array_equal(samples, arrays["mixture_samples"][:10])
    np.testing.assert_array_equal(nearest, gallery.to_bytes(digits.train.images[between.argmin(axis=1)]))


@pytest.mark.parametrize("model", ["ae", "vae"])
def test_a_gaussian_and_kernels_are_fitted_to_one_sampled_code_an_image(digits, network, model):
    extractor = features.Extractor(network.to_bytes(), digits.image_shape)
    coder = models.create(model, image_shape=digits.image_shape, latent_dim=5, seed=1)
    notes = Notes()
    measured.add(notes, Subject.of(coder, digits, extractor))

    def codes(images: np.ndarray, seed: int | tuple[int, ...]) -> np.ndarray:
        if model == "ae":
            return coder.encode(images)
        return coder.posterior(images).sample(np.random.default_rng(seed))

    seen, unseen = codes(digits.train.images, TRAIN_SEEDS), codes(digits.validation.images, NOISE_SEED)
    count = len(digits.test.images)
    for name, drawn in (
        ("gaussian", densities.gaussian_samples(seen, count, measured.SAMPLES_SEED)),
        ("kernel", densities.kernel_samples(seen, unseen, count, measured.SAMPLES_SEED)),
    ):
        images = coder.decode(drawn)
        expected = generation.frechet_distance(extractor.test(digits), extractor.features(images))
        assert notes.measures[f"frechet_{name}"] == pytest.approx(expected, rel=1e-4)
        near, usual = (
            np.median(generation.distance_to_nearest(digits.train.images, each[: measured.MOST_MEMORISED]))
            for each in (images, digits.test.images)
        )
        assert notes.measures[f"nearest_{name}"] == pytest.approx(near / usual, rel=1e-4)
