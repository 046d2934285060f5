"""What is measured where there are no labels, one class, or classes that training images lack."""

import dataclasses

import numpy as np
import pytest

from bench import errors, tasks
from bench.ask import blocks, contradictions, plugins
from bench.ask.trial import Baseline
from bench.datasets import Dataset, Split
from bench.keeping import gallery
from bench.keeping.feature_network import FeatureNetwork
from bench.tasks import classes, features
from bench.tasks.baselines import coders
from bench.tasks.codes import OF_CLASSES
from tests.conftest import BACKEND, REPOSITORY

PARTS = ("train", "validation", "test")
GROUPS = ("basic", "generation", "few_labels", "robustness")


def with_parts(digits: Dataset, change, **settings: object) -> Dataset:
    parts = {name: change(getattr(digits, name)) for name in PARTS}
    return dataclasses.replace(digits, **parts, **settings)


@pytest.fixture(scope="module")
def bare(digits) -> Dataset:
    """The same images without labels."""
    return with_parts(digits, lambda part: Split(images=part.images), class_names=())


@pytest.fixture(scope="module")
def odd(digits) -> Dataset:
    """Trained on 0 to 6, tested on all digits."""
    known = with_parts(digits, lambda part: part.rows(part.labels < 7))
    return dataclasses.replace(known, test=digits.test, novel=3)


@pytest.fixture(scope="module")
def network(bare) -> FeatureNetwork:
    return features.train(bare)


def measured(dataset: Dataset, content: bytes = b"", groups: tuple[str, ...] = GROUPS) -> tasks.Measurement:
    coder = coders.of(Baseline(dataset="digits", model="pca", latent_dim=4), dataset)
    extractor = features.Extractor(content, dataset.image_shape) if content else None
    return tasks.measure(coder, dataset, groups, extractor, is_explored=True)


def test_without_labels_what_asks_for_classes_is_empty_with_the_reason_and_nothing_else(
    digits, bare, network
) -> None:
    found, before = measured(bare, network.to_bytes()), measured(digits, network.to_bytes())
    empty = {name for name, reason in found.reasons.items() if reason == classes.UNLABELLED}
    assert empty >= {*OF_CLASSES} and "latent_accuracy_occluded" in empty and "validation_accuracy" in empty
    assert empty | before.reasons.keys() == found.reasons.keys()
    same = {name: value for name, value in before.measures.items() if name not in empty}
    assert {name: found.measures[name] for name in same} == same  # to the last bit
    named = [name for name in before.images if "label" in name or "class" in name or "latent_acc" in name]
    assert {*named} == before.images.keys() - found.images.keys()


def test_pictures_without_labels_are_the_first_and_the_worst_of_all(bare, network) -> None:
    images = measured(bare, groups=("basic",)).images
    np.testing.assert_array_equal(images["originals"], gallery.to_bytes(bare.test.images[:10]))
    error, every = images["error_mse"], np.sort(images["image_mse"])
    np.testing.assert_allclose(error[:, 0], every[:-11:-1])
    np.testing.assert_allclose(error[:, 1], every[175:185])
    np.testing.assert_allclose(error[:, 2], every[:10])


def test_one_class_is_measured_but_for_its_classes(digits) -> None:
    one = with_parts(digits, lambda part: part.rows(part.labels == 1), class_names=("1",))
    one = with_parts(one, lambda part: dataclasses.replace(part, labels=part.labels * 0))
    found = measured(one, features.train(one).to_bytes(), ("basic", "generation"))
    assert {found.reasons[name] for name in OF_CLASSES} == {classes.ONE_CLASS}
    assert found.measures["frechet_mixture"] > 0
    assert found.images["class_mse"].shape == (1,)


def test_classifiers_are_scored_on_test_images_of_classes_that_training_has(odd) -> None:
    found = measured(odd, groups=("basic", "few_labels", "robustness"))
    known = dataclasses.replace(odd, test=odd.test.rows(odd.test.labels < 7), novel=0)
    same = ("latent_accuracy", "latent_knn_accuracy", "latent_nmi", "latent_few_label_accuracy_40")
    expected = measured(known, groups=("basic", "few_labels")).measures
    for name in same:
        assert found.measures[name] == expected[name] > 0, name
    assert found.measures["latent_accuracy_noise_10"] > found.measures["latent_accuracy_noise_30"]
    assert list(found.images["class_labels"]) == [*range(10)]
    assert "image_latent_accuracy" not in found.images
    strangers = dataclasses.replace(odd, test=odd.test.rows(odd.test.labels > 6))
    assert measured(strangers, groups=("basic",)).reasons["latent_accuracy"] == classes.NO_KNOWN


def test_networks_of_features_learn_how_images_are_turned_where_there_are_no_classes(bare, network) -> None:
    assert network.accuracy > 0.8
    assert network.second is not None and network.second.accuracy > 0.8
    assert network.weights[-1].shape == (features.TURNS,)
    again = features.train(bare)
    assert (again.fingerprint, again.second.fingerprint) == (network.fingerprint, network.second.fingerprint)


def test_features_of_classes_are_of_those_that_training_has(odd) -> None:
    found = features.trained(odd, features.classifier, 0)
    assert found.weights[-1].shape == (7,)
    assert found.accuracy > 0.9


@pytest.mark.parametrize("width", [4, 3])
def test_images_are_turned_in_four_ways(width: int) -> None:
    image = np.arange(4 * width * 2, dtype=np.float32).reshape(4, width, 2)
    found = features.turned(np.stack([image] * 4), np.arange(4))
    assert len(np.unique(found.reshape(4, -1), axis=0)) == 4
    np.testing.assert_array_equal(found[0], image)
    half = found[2 if width == 4 else 3]
    np.testing.assert_array_equal(half, image[::-1, ::-1])


def test_a_model_that_needs_labels_is_refused_before_anything_runs(forgotten, tmp_path) -> None:
    plugins.load([str(REPOSITORY / "tests" / "plugins" / "cvae.py")])
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(256, size=(20, 8, 8), dtype=np.uint8))
    block = {"model": ["cvae"], "dataset": [str(tmp_path / "images.npy")]}
    (trial,) = blocks.expand(blocks.checked(block), BACKEND)
    with pytest.raises(errors.GridError, match="expected images with labels, which a model cvae is trained"):
        contradictions.check(trial)
    contradictions.check(dataclasses.replace(trial, dataset="digits"))
