"""How an epoch is cut into batches that compiled code can run through."""

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
from keras import ops

from bench.datasets.levels import Levels
from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch
from bench.models.inference import inference_batch
from bench.models.parts import streams
from bench.training.loops import state

Array = Any  # of NumPy, or of a backend where the model computes


class Part(NamedTuple):
    """Training or validation images `(n, h, w, c)`, and their labels `(n,)` where a model needs them.

    Images are floats in [0, 1]; or `uint8` with the level that is `white`, a number of the backend: then each
    batch is divided by it.
    """

    images: Array
    labels: Array | None = None
    white: Array | None = None

    @property
    def dtype(self) -> Any:
        """Of the images of a batch."""
        return self.images.dtype if self.white is None else "float32"

    @property
    def inference_batch(self) -> int:
        """How many of the images are evaluated at once."""
        return inference_batch(math.prod(self.images.shape[1:]))

    def scaled(self) -> "Part":
        """The same with all images as floats."""
        return Part(_scaled(self.images, self.white), self.labels)

    @classmethod
    def of(cls, images: "Array | Part") -> "Part":
        """The part, of which the images alone may be given."""
        return images if isinstance(images, cls) else part(images, None, ())


def part(images: Array, labels: Array | None, needs: Collection[str]) -> Part:
    """Images, with their labels where a model needs them."""
    wanted = labels if "labels" in needs else None
    if isinstance(images, Levels):
        return Part(images.levels(), wanted, np.float32(images.white))
    return Part(images, wanted)


class Picks(NamedTuple):
    """Which images are in a step: positions in its part, and those of companions among training images."""

    chosen: Array
    others: Array | None = None


def gather(
    take: Callable[[Array, Array], Array], needs: Collection[str], part: Part, train: Part, picks: Picks
) -> Batch:
    """What a step sees, of a part of the data.

    Parameters
    ----------
    take
        Rows of an array by their positions, on the backend.
    needs
        As on the model's card.
    """
    return Batch(
        images=_scaled(take(part.images, picks.chosen), part.white),
        labels=take(part.labels, picks.chosen) if "labels" in needs else None,
        rows=picks.chosen if "rows" in needs else None,
        others=None if picks.others is None else _scaled(take(train.images, picks.others), train.white),
    )


def _scaled(images: Array, white: Array | None) -> Array:
    """As `Levels` scale them, to the last bit: no compiler may multiply by the inverse of a variable."""
    if isinstance(images, np.ndarray) or white is None:
        return images if white is None else np.divide(images, white, dtype=np.float32, casting="unsafe")
    return ops.cast(images, "float32") / white


class Companions:
    """Draws which training images a step sees beside its own: by NumPy, the same on every backend.

    In training others in every step; on validation images the same in every epoch, so that epochs compare.
    """

    def __init__(self, model: Autoencoder, needs: Collection[str], images: int) -> None:
        self._each = model.companions if "companions" in needs else 0
        self._seed, self._images = model.seed, images
        self._training = streams.on_host(model.seed, streams.COMPANIONS)

    def state(self) -> dict[str, dict[str, Any]]:
        """Where the draws for training stand."""
        return {"companions": state.of_generator(self._training)} if self._each else {}

    def put(self, kept: Mapping[str, Mapping[str, Any]]) -> None:
        """The inverse of `state`."""
        if self._each:
            state.put_generator(self._training, kept["companions"])

    def of(self, steps: int, *, training: bool) -> np.ndarray | None:
        """Positions of training images, `(steps, m)`; None where the model needs none."""
        if not self._each:
            return None
        stream = streams.VALIDATION_COMPANIONS
        generator = self._training if training else streams.on_host(self._seed, stream)
        return generator.integers(self._images, size=(steps, self._each))


def stacks(order: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Cut indices `(n,)` into batches that lie on one another: `(steps, batch_size)`, then `(1, rest)`.

    Two shapes, so that what is compiled for a shape is compiled twice at most.
    """
    steps = len(order) // batch_size
    full, rest = order[: steps * batch_size], order[steps * batch_size :]
    found = [full.reshape(steps, batch_size), rest[np.newaxis]]
    return [stack for stack in found if stack.size]
