"""Synthetic blobs of three classes: a data set of one's own, in one file."""

import numpy as np

from bench import SourceCard, add

add(
    SourceCard(
        name="blobs",
        title="spots and rings, grey",
        code="load",
        train_images=300,
        image_shape=(12, 12, 1),
    )
)

SIDE = 12
CLASSES = ("spot", "ring", "pair")


def blob(kind, centre, width):
    """An image `(12, 12)` in [0, 1] with one spot, one ring or two spots around a centre."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    apart = np.hypot(rows - centre[0], columns - centre[1])
    if kind == 0:
        return np.exp(-((apart / width) ** 2))
    if kind == 1:
        return np.exp(-(((apart - 3) / width) ** 2))
    twin = np.hypot(rows - SIDE + centre[0], columns - SIDE + centre[1])
    return np.maximum(np.exp(-((apart / width) ** 2)), np.exp(-((twin / width) ** 2)))


def draw(count, generator):
    """So many images `(n, 12, 12)`, uint8, and their classes `(n,)`, as many of each."""
    labels = np.arange(count) % len(CLASSES)
    images = [blob(kind, generator.uniform(3, 8, 2), generator.uniform(1, 2)) for kind in labels]
    return np.round(255 * np.stack(images)).astype(np.uint8), labels


def load():
    """Training images and labels, those for test, and the names of the classes."""
    generator = np.random.default_rng(0)
    return *draw(300, generator), *draw(90, generator), CLASSES
