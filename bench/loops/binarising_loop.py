"""Training on images that are drawn anew in every epoch."""

from typing import TYPE_CHECKING

import numpy as np

from bench.datasets import binarisation

if TYPE_CHECKING:
    from bench.loops import Loop


class BinarisingLoop:
    """Any loop, its training images drawn anew as black and white before each pass.

    Parameters
    ----------
    loop
        What trains.
    images
        Training images `(n, h, w, c)` in [0, 1], of the dtype that the loop began with.
    generator
        Gives the draws, one after the other.
    """

    def __init__(self, loop: "Loop", images: np.ndarray, generator: np.random.Generator) -> None:
        self._loop, self._images, self._generator = loop, images, generator

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over new draws of the training images in this order."""
        self._loop.replace(binarisation.draw(self._images, self._generator))
        return self._loop.train(order)

    def replace(self, train: np.ndarray) -> None:
        """Draw from other grey images from now on."""
        self._images = train

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        return self._loop.evaluate()
