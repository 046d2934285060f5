"""What decides which configuration to take: validation images, held against libraries called directly."""

import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from bench import measures as cards
from bench import tasks
from bench.ask import grid
from bench.datasets import Dataset
from bench.models.autoencoder import Autoencoder
from bench.tasks import features
from bench.training import fit
from tests.conftest import BACKEND


@pytest.fixture(scope="module")
def extractor(digits: Dataset) -> features.Extractor:
    return features.Extractor(features.train(digits).to_bytes(), digits.image_shape)


@pytest.fixture(scope="module")
def model(digits: Dataset) -> Autoencoder:
    first = next(t for t in grid.load("quick").trials(BACKEND) if t.latent_dim == 8 and t.model == "ae")
    return fit.fit(dataclasses.replace(first, epochs=3), digits).model


@pytest.fixture(scope="module")
def measures(digits, model, extractor) -> dict[str, float]:
    return tasks.measure(model, digits, ("basic", "generation"), extractor).measures


def test_every_deciding_measure_is_taken_and_is_that_of_other_images(measures) -> None:
    assert set(cards.counterparts().values()) <= measures.keys()
    for reported, deciding in cards.counterparts().items():
        assert measures[deciding] != measures[reported]
        assert measures[deciding] == pytest.approx(measures[reported], rel=0.25)


def test_reconstruction_is_that_of_validation_images(digits, model, measures) -> None:
    images = digits.validation.images
    expected = np.mean((images - model.reconstruct(images)) ** 2, dtype=np.float64)
    assert measures["validation_mse"] == pytest.approx(expected, rel=1e-5)


def test_accuracies_are_those_of_scikit_learn(digits, model, measures) -> None:
    scaler = StandardScaler().fit(model.encode(digits.train.images))
    train, other = (
        scaler.transform(model.encode(split.images)) for split in (digits.train, digits.validation)
    )
    one_image = 1 / len(other)
    for name, classifier in (
        ("validation_accuracy", LogisticRegression(max_iter=1500)),
        ("validation_knn_accuracy", KNeighborsClassifier(5)),
    ):
        expected = classifier.fit(train, digits.train.labels).score(other, digits.validation.labels)
        assert measures[name] == pytest.approx(expected, abs=1.01 * one_image)


def test_with_test_and_validation_images_exchanged_the_numbers_change_places(
    digits, model, extractor, measures
) -> None:
    exchanged = dataclasses.replace(digits, validation=digits.test, test=digits.validation)
    found = tasks.measure(model, exchanged, ("basic", "generation"), extractor).measures
    for reported, deciding in cards.counterparts().items():
        assert found[reported] == pytest.approx(measures[deciding], rel=1e-5)
        assert found[deciding] == pytest.approx(measures[reported], rel=1e-5)
