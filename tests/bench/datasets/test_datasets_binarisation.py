"""Black and white images, with the grey values as probabilities."""

import dataclasses

import numpy as np
import pytest

from bench.datasets import Dataset, Split
from bench.datasets.views import binarisation
from bench.report import words
from bench.report.evidence import naming


def test_each_pixel_is_1_as_often_as_its_grey_value_says(digits: Dataset) -> None:
    image, times = digits.test.images[:1], 4000
    drawn = binarisation.draw(np.repeat(image, times, axis=0), np.random.default_rng(0))
    assert set(np.unique(drawn)) == {0, 1}
    assert drawn.dtype == np.float32
    frequencies = drawn.mean(axis=0, dtype=np.float64)
    error = np.sqrt(image[0] * (1 - image[0]) / times)
    certain = error == 0
    assert certain.any()
    np.testing.assert_array_equal(frequencies[certain], image[0][certain])
    scores = (frequencies - image[0])[~certain] / error[~certain]
    assert np.abs(scores).max() < 5
    assert scores.std() == pytest.approx(1, abs=0.15)  # no less chance than there should be, either


def test_pixels_and_images_are_drawn_each_alone(digits: Dataset) -> None:
    grey = np.full((2000, 4, 3, 1), 0.5, np.float32)
    drawn = binarisation.draw(grey, np.random.default_rng(0)).reshape(2000, 12)
    correlations = np.corrcoef(drawn, rowvar=False)[np.triu_indices(12, 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(2000)
    assert len(np.unique(drawn, axis=0)) > 1000


def test_block_size_changes_no_image(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    images = digits.test.images[:50, :5, :5]  # 25 values an image: an odd number of random halves of a word
    expected = binarisation.draw(images, np.random.default_rng(3))
    monkeypatch.setattr(binarisation, "BLOCK", 7)
    np.testing.assert_array_equal(binarisation.draw(images, np.random.default_rng(3)), expected)


def test_the_grey_images_are_left_alone_and_a_generator_gives_others_each_time(digits: Dataset) -> None:
    before, generator = digits.test.images.copy(), np.random.default_rng(0)
    first, second = (binarisation.draw(digits.test.images, generator) for _ in range(2))
    assert (first != second).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(digits.test.images, before)


def test_what_is_measured_is_drawn_once_whoever_asks(digits: Dataset) -> None:
    drawn = binarisation.applied(digits, "dynamic")
    again = binarisation.applied(dataclasses.replace(digits), "dynamic")
    for part in ("train", "validation", "test"):
        split, grey = getattr(drawn, part), getattr(digits, part)
        assert set(np.unique(split.images)) == {0, 1}
        np.testing.assert_array_equal(split.images, getattr(again, part).images)
        np.testing.assert_array_equal(split.labels, grey.labels)
        assert np.abs(split.images - grey.images).mean() < 0.2  # of the same images
    assert (drawn.sha256, drawn.name) == (digits.sha256, digits.name)


def test_splits_are_drawn_from_streams_of_their_own(digits: Dataset) -> None:
    grey = dataclasses.replace(digits.test, images=np.full((20, 8, 8, 1), 0.5, np.float32))
    alike = dataclasses.replace(digits, train=grey, validation=grey, test=grey)
    drawn = binarisation.applied(alike, "dynamic")
    assert (drawn.validation.images != drawn.test.images).any()
    assert (drawn.validation.images != drawn.train.images).any()


def test_without_binarisation_the_data_set_is_itself(digits: Dataset) -> None:
    assert binarisation.applied(digits, "none") is digits


def test_a_black_pixel_is_never_drawn_white() -> None:
    generator, black = np.random.default_rng(0), np.zeros((1000, 64, 64, 1), np.float32)
    # One number in 2^24 is 0: among 82 million there are some.
    assert not any(binarisation.draw(black, generator).any() for _ in range(20))


def test_images_of_a_model_are_drawn_where_those_of_the_data_are(digits: Dataset) -> None:
    drawn = binarisation.applied(digits, "dynamic")
    grey = np.full((500, 28, 28, 1), 0.3, np.float32)
    np.testing.assert_array_equal(binarisation.like(digits, grey), grey)
    black_and_white = binarisation.like(drawn, grey)
    assert set(np.unique(black_and_white)) == {0, 1}
    assert black_and_white.mean() == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / grey.size))
    np.testing.assert_array_equal(binarisation.like(drawn, grey), black_and_white)
    np.testing.assert_array_equal(binarisation.like(drawn, drawn.test.images), drawn.test.images)
    broken = np.full((1, 28, 28, 1), np.nan, np.float32)
    assert np.isnan(binarisation.like(drawn, broken)).all()  # is told, and not drawn black


@pytest.mark.parametrize("seed", [777, 42])
def test_published_draws_are_those_of_numpys_legacy_calls_bit_for_bit(seed: int) -> None:
    generator = np.random.default_rng(0)
    grey = {part: generator.integers(0, 256, (30, 28, 28, 1)) for part in ("train", "validation", "test")}
    splits = {part: Split(images=(each / np.float32(255)).astype(np.float32)) for part, each in grey.items()}
    dataset = Dataset(name="mnist", class_names=(), sha256="", **splits)
    found = binarisation.applied(dataset, f"dynamic-{seed}")
    np.random.seed(seed)
    for part in ("validation", "test"):
        expected = np.random.binomial(1, grey[part].reshape(30, 784) / 255)
        images = getattr(found, part).images
        np.testing.assert_array_equal(images.reshape(30, 784), expected)
        assert images.dtype == np.float32
    usual = binarisation.applied(dataset, "dynamic")
    np.testing.assert_array_equal(found.train.images, usual.train.images)
    assert found.is_binarised and not np.array_equal(found.test.images, usual.test.images)
    other = dataclasses.replace(dataset, name="other")
    outside = binarisation.applied(other, f"dynamic-{seed}").test.images
    np.testing.assert_array_equal(outside, usual.test.images)


def test_data_sets_that_are_drawn_otherwise_have_other_names() -> None:
    names = [
        words.dataset(f"mnist{naming.binarised(how)}") for how in ("dynamic", "dynamic-777", "dynamic-42")
    ]
    assert names == ["MNIST (binarised)", "MNIST (binarised, seed 777)", "MNIST (binarised, seed 42)"]
