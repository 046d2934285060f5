"""One epoch of training, as fast as each backend can: the only room that knows a backend.

Every loop computes what `model.fit` and `model.evaluate` compute, to rounding (a test compares them).
"""

import importlib
from collections.abc import Collection
from typing import Protocol

import keras
import numpy as np

from bench.models.autoencoder import Autoencoder
from bench.training.loops.batches import Part, part
from bench.training.loops.drawing_loop import DrawingLoop
from bench.training.loops.state import State

__all__ = ["DrawingLoop", "Loop", "Part", "State", "create", "part"]

_LOOPS = {"jax": "JaxLoop", "tensorflow": "TensorFlowLoop", "torch": "TorchLoop"}


class Loop(Protocol):
    """Trains and evaluates one compiled model on images that stay where the model is."""

    @property
    def untraced(self) -> str:
        """Why the steps of a model could not be recorded, on torch, and are slower for it; else empty."""

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order, the last batch as small as it comes.

        Returns the loss and its terms, means over images while the weights changed.
        """

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on: of the shape and dtype of those before, so nothing is compiled.

        The array belongs to the loop; on torch the network reads it where it lies.
        """

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images, means over images."""

    def state(self) -> State:
        """All that it changes beside the variables of the model: of its optimiser, and what it draws."""

    def put(self, state: State) -> None:
        """Go on from what `state` gave, in this process or in another one.

        Raises
        ------
        ValueError
            If that was the state of another loop.
        """


def create(
    model: Autoencoder,
    train: np.ndarray | Part,
    validation: np.ndarray | Part,
    batch_size: int,
    needs: Collection[str] = (),
) -> Loop:
    """The fastest loop that there is for the backend.

    Parameters
    ----------
    model
        Compiled with the optimiser to use.
    train, validation
        Images `(n, h, w, c)` in [0, 1], float32; a `Part` where the model needs labels, too.
    needs
        What a step of the model sees beside images, as its card says.
    """
    name = keras.backend.backend()
    module = importlib.import_module(f"bench.training.loops.{name}_loop")
    made: Loop = getattr(module, _LOOPS[name])(model, Part.of(train), Part.of(validation), batch_size, needs)
    return made
