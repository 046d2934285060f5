"""The two spaces in which generated images are held against real ones: classifiers of the data set.

They are trained once for each data set and run, and their weights go to every worker, so that all trials of
a run, on whichever backend, are measured in the same spaces. The second is built and seeded differently, to
show what hangs on the first. Where training images have no two classes, both learn to tell how an image was
turned (Gidaris et al. 2018): `docs/features.md` says how near that comes.
"""

import dataclasses
import functools
import math
from collections.abc import Callable

import keras
import numpy as np

from bench.datasets import Dataset, Split, levels
from bench.keeping.feature_network import FeatureNetwork
from bench.metrics.generation import Features
from bench.models.inference import INFERENCE_BATCH, in_batches
from bench.models.networks.classifier import classifier, dense_classifier
from bench.tasks import classes

BATCH = 128
STEPS = 2000  # about 5 epochs of Fashion-MNIST
MOST_EPOCHS = 15
MOST_SCALED = 10_000
SEED = 20_170_626  # of weights and order of images: the same in every run
SECOND_SEED = 20_190_905  # of the second network
TURNS = 4
_MIRRORED = ((), (1,), (2,), (1, 2))  # axes

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
        images = dataset.validation.images
        return self._once(dataset, "validation", levels.rows(images, slice(len(dataset.test.images))))

    def _once(self, dataset: Dataset, part: str, images: np.ndarray) -> Features:
        if (dataset, part) not in self._known:
            self._known[dataset, part] = self.features(images)
        return self._known[dataset, part]


@functools.lru_cache(maxsize=2)
def extractor(content: bytes, image_shape: tuple[int, int, int]) -> Extractor:
    """The extractor of a network in the form of `to_bytes`; made once in a process."""
    return Extractor(content, image_shape)


def train(dataset: Dataset) -> FeatureNetwork:
    """Train both classifiers of a data set on its training images; without two classes, of turned images.

    About 2,000 steps of Adam each, 15 epochs at most; no choice is made on validation or test images.
    Features are scaled so that the mean of their squares is 1 over the first training images.
    """
    first = trained(dataset, classifier, SEED)
    return dataclasses.replace(first, second=trained(dataset, dense_classifier, SECOND_SEED))


def outputs(dataset: Dataset) -> int:
    """What a network of features tells apart: as many classes, or turns where there are no two classes."""
    return found if (found := classes.trained(dataset)) > 1 else TURNS


def trained(dataset: Dataset, build: Build, seed: int) -> FeatureNetwork:
    """Train one of them from the weights and in the order that a seed gives."""
    generator = np.random.default_rng(seed)
    images, labels = _examples(dataset, dataset.train)
    network = build(dataset.image_shape, outputs(dataset), generator)
    whole = keras.Model(network.input, network.output[1])
    whole.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(min(MOST_EPOCHS, math.ceil(STEPS / math.ceil(len(images) / BATCH)))):
        order = generator.permutation(len(images))
        # Not by `fit`: on TensorFlow it keeps a copy of all images, 200 MB of the worker to its end.
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            whole.train_on_batch(*_shown(images, labels, chosen, generator))
    unseen = _shown(*_examples(dataset, dataset.test), slice(None), generator)
    return FeatureNetwork(weights=scaled(network, images), accuracy=_accuracy(whole, *unseen))


def _accuracy(network: keras.Model, images: np.ndarray, labels: np.ndarray) -> float | None:
    if not len(images):
        return None
    predicted = in_batches(network, images, INFERENCE_BATCH).argmax(axis=1)
    return float((predicted == labels).mean())


def _examples(dataset: Dataset, part: Split) -> tuple[np.ndarray, np.ndarray | None]:
    """Images to learn from, and their classes; None where there are no two."""
    if classes.trained(dataset) < 2:
        return part.images, None
    return classes.known(dataset, part, part.images)


def _shown(
    images: np.ndarray, labels: np.ndarray | None, chosen: np.ndarray | slice, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Some images with what is to be told of them: their classes, or how each is turned, drawn anew."""
    if labels is not None:
        return images[chosen], labels[chosen]
    turns = generator.integers(TURNS, size=len(images[chosen]))
    return turned(images[chosen], turns), turns


def turned(images: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Images `(n, h, w, c)`, each by `turns` quarters of a circle; mirrored where they are no squares."""
    found = images.copy()
    for turn in range(1, TURNS):
        chosen = turns == turn
        if images.shape[1] == images.shape[2]:
            found[chosen] = np.rot90(images[chosen], turn, (1, 2))
        else:
            found[chosen] = np.flip(images[chosen], _MIRRORED[turn])
    return found


def scaled(network: keras.Model, images: np.ndarray) -> tuple[np.ndarray, ...]:
    """The weights with features of unit mean square, and the same logits."""
    *before, kernel, bias, logits_kernel, logits_bias = network.get_weights()
    features = in_batches(
        keras.Model(network.input, network.output[0]), images[:MOST_SCALED], INFERENCE_BATCH
    )
    scale = np.float32(np.sqrt(np.mean(features**2, dtype=np.float64))) or np.float32(1)
    return (*before, kernel / scale, bias / scale, logits_kernel * scale, logits_bias)
