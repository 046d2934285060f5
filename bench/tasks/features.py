"""The two spaces in which generated images are held against real ones: classifiers of the data set.

They are trained once for each data set and run, and their weights go to every worker, so that all trials of
a run, on whichever backend, are measured in the same spaces. The second is built and seeded differently, to
show what hangs on the first.
"""

import dataclasses
import functools
import math
from collections.abc import Callable

import keras
import numpy as np

from bench.datasets import Dataset
from bench.keeping.feature_network import FeatureNetwork
from bench.metrics.generation import Features
from bench.models.autoencoder import INFERENCE_BATCH, in_batches
from bench.models.networks.classifier import classifier, dense_classifier

BATCH = 128
STEPS = 2000  # about 5 epochs of Fashion-MNIST
MOST_EPOCHS = 15
MOST_SCALED = 10_000
SEED = 20_170_626  # of weights and order of images: the same in every run
SECOND_SEED = 20_190_905  # of the second network

Build = Callable[[tuple[int, int, int], int, np.random.Generator], keras.Model]
"""Of an image shape and a number of classes: a network with the outputs `[features, logits]`."""


class Extractor:
    """Images to features, on the backend of this process; what depends on the data alone is kept.

    `second` is the same of the second network; None where there is none.
    """

    def __init__(self, content: bytes, image_shape: tuple[int, int, int], build: Build = classifier) -> None:
        found = FeatureNetwork.from_bytes(content)
        network = build(image_shape, len(found.weights[-1]), np.random.default_rng(SEED))
        network.set_weights(found.weights)
        self.second: Extractor | None = None
        if found.second is not None:
            self.second = Extractor(found.second.to_bytes(), image_shape, dense_classifier)
        self._network = keras.Model(network.input, network.output[0])
        self._known: dict[tuple[Dataset, str], Features] = {}

    def features(self, images: np.ndarray) -> Features:
        """Features of images `(n, h, w, c)`; raises `ValueError` if some are not finite."""
        return Features(values=in_batches(self._network, images, INFERENCE_BATCH))

    def test(self, dataset: Dataset) -> Features:
        """Features of the test images: what is real."""
        return self._once(dataset, "test", dataset.test.images)

    def validation(self, dataset: Dataset) -> Features:
        """Features of the first validation images, as many as there are test images."""
        return self._once(dataset, "validation", dataset.validation.images[: len(dataset.test.images)])

    def _once(self, dataset: Dataset, part: str, images: np.ndarray) -> Features:
        if (dataset, part) not in self._known:
            self._known[dataset, part] = self.features(images)
        return self._known[dataset, part]


@functools.lru_cache(maxsize=2)
def extractor(content: bytes, image_shape: tuple[int, int, int]) -> Extractor:
    """The extractor of a network in the form of `to_bytes`; made once in a process."""
    return Extractor(content, image_shape)


def train(dataset: Dataset) -> FeatureNetwork:
    """Train both classifiers of a data set on its training images.

    About 2,000 steps of Adam each, 15 epochs at most; no choice is made on validation or test images.
    Features are scaled so that the mean of their squares is 1 over the first training images.
    """
    first = _trained(dataset, classifier, SEED)
    return dataclasses.replace(first, second=_trained(dataset, dense_classifier, SECOND_SEED))


def _trained(dataset: Dataset, build: Build, seed: int) -> FeatureNetwork:
    generator = np.random.default_rng(seed)
    images, labels = dataset.train.images, dataset.train.labels
    network = build(dataset.image_shape, len(dataset.class_names), generator)
    trained = keras.Model(network.input, network.output[1])
    trained.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(min(MOST_EPOCHS, math.ceil(STEPS / math.ceil(len(images) / BATCH)))):
        order = generator.permutation(len(images))
        # Not by `fit`: on TensorFlow it keeps a copy of all images, 200 MB of the worker to its end.
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            trained.train_on_batch(images[chosen], labels[chosen])
    predicted = in_batches(trained, dataset.test.images, INFERENCE_BATCH).argmax(axis=1)
    return FeatureNetwork(
        weights=_scaled(network, images), accuracy=float((predicted == dataset.test.labels).mean())
    )


def _scaled(network: keras.Model, images: np.ndarray) -> tuple[np.ndarray, ...]:
    """The weights with features of unit mean square, and the same logits."""
    *before, kernel, bias, logits_kernel, logits_bias = network.get_weights()
    features = in_batches(
        keras.Model(network.input, network.output[0]), images[:MOST_SCALED], INFERENCE_BATCH
    )
    scale = np.float32(np.sqrt(np.mean(features**2, dtype=np.float64))) or np.float32(1)
    return (*before, kernel / scale, bias / scale, logits_kernel * scale, logits_bias)
