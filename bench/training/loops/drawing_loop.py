"""Training on images that are drawn anew in every epoch."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from bench.training.loops.state import State, of_generator, put_generator

if TYPE_CHECKING:
    from bench.training.loops import Loop


class DrawingLoop:
    """Any loop, its training images drawn anew before each pass: black and white ones, or codes of a model.

    Parameters
    ----------
    loop
        What trains.
    draw
        Gives training images `(n, h, w, c)`, of the shape and dtype that the loop began with.
    generator
        What `draw` draws with, in one pass after the other.
    """

    def __init__(
        self,
        loop: "Loop",
        draw: Callable[[np.random.Generator], np.ndarray],
        generator: np.random.Generator,
    ) -> None:
        self._loop, self._draw, self._generator = loop, draw, generator

    @property
    def untraced(self) -> str:
        """As of the loop that trains."""
        return self._loop.untraced

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over new draws of the training images in this order."""
        self._loop.replace(self._draw(self._generator))
        return self._loop.train(order)

    def replace(self, train: np.ndarray) -> None:
        """Not here: each pass draws its own images."""
        raise TypeError("the images of a pass are drawn; make another loop for others")

    def state(self) -> State:
        """That of the loop that trains, and where draws stand."""
        inner = self._loop.state()
        return inner._replace(generators={**inner.generators, "images": of_generator(self._generator)})

    def put(self, kept: State) -> None:
        """Go on from there."""
        self._loop.put(kept)
        put_generator(self._generator, kept.generators["images"])

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        return self._loop.evaluate()
