"""The embedded default: scikit-learn's digits."""

import numpy as np
import pytest
import sklearn.datasets

from bench import datasets
from bench.datasets.sources import digits


@pytest.fixture(scope="module")
def dataset() -> datasets.Dataset:
    """The digits, loaded once."""
    return datasets.load("digits")


def test_all_digits_are_there_at_28x28(dataset: datasets.Dataset) -> None:
    assert dataset.name == "digits"
    assert dataset.image_shape == (28, 28, 1)
    assert dataset.class_names == tuple("0123456789")
    parts = (dataset.train, dataset.validation, dataset.test)
    assert [len(part.images) for part in parts] == [1077, 360, 360]
    labels = np.concatenate([part.labels for part in parts])
    np.testing.assert_array_equal(np.bincount(labels), np.bincount(sklearn.datasets.load_digits().target))


def test_pixels_are_float32_between_0_and_1_and_labels_int64(dataset: datasets.Dataset) -> None:
    for part in (dataset.train, dataset.validation, dataset.test):
        assert part.images.dtype == np.float32
        assert (part.images.min(), part.images.max()) == (0, 1)
        assert part.labels.dtype == np.int64
        assert len(part.labels) == len(part.images)


def test_each_class_has_a_fifth_of_its_images_in_test_and_in_validation(dataset: datasets.Dataset) -> None:
    parts = (dataset.train, dataset.validation, dataset.test)
    train, validation, test = (np.bincount(part.labels, minlength=10) for part in parts)
    everything = train + validation + test
    np.testing.assert_allclose(validation / everything, 0.2, atol=0.01)
    np.testing.assert_allclose(test / everything, 0.2, atol=0.01)


def test_no_image_is_in_two_parts(dataset: datasets.Dataset) -> None:
    everything = np.concatenate([part.images for part in (dataset.train, dataset.validation, dataset.test)])
    assert len(np.unique(everything.reshape(len(everything), -1), axis=0)) == 1797


def test_the_same_digits_come_every_time(dataset: datasets.Dataset) -> None:
    again = datasets.load("digits")
    assert again.sha256 == dataset.sha256
    np.testing.assert_array_equal(again.validation.images, dataset.validation.images)
    np.testing.assert_array_equal(again.test.labels, dataset.test.labels)


def test_enlarging_keeps_the_digit() -> None:
    small = sklearn.datasets.load_digits().images[:50] / 16
    large = digits.enlarged(small)[..., 0]
    # Means over 7x7 blocks of 28x28 are a 4x4 image; so are means over 2x2 blocks of 8x8.
    blocks = large.reshape(50, 4, 7, 4, 7).mean(axis=(2, 4))
    np.testing.assert_allclose(blocks, small.reshape(50, 4, 2, 4, 2).mean(axis=(2, 4)), atol=0.1)
