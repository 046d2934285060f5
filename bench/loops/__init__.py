"""One epoch of training, as fast as each backend can: the only room that knows a backend.

Every loop computes what `model.fit` and `model.evaluate` compute, to rounding (a test compares them).
"""

from typing import Protocol

import keras
import numpy as np

from models.autoencoder import Autoencoder

__all__ = ["Loop", "create"]


class Loop(Protocol):
    """Trains and evaluates one compiled model on images that stay where the model is."""

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order, the last batch as small as it comes.

        Returns the loss and its terms, means over images while the weights changed.
        """

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images, means over images."""


def create(model: Autoencoder, train: np.ndarray, validation: np.ndarray, batch_size: int) -> Loop:
    """The fastest loop that there is for the backend.

    Parameters
    ----------
    model
        Compiled with the optimiser to use.
    train, validation
        Images `(n, h, w, c)` in [0, 1], float32.
    """
    if keras.backend.backend() == "torch":
        from bench.loops.torch_loop import TorchLoop

        return TorchLoop(model, train, validation, batch_size)
    from bench.loops.keras_loop import KerasLoop

    return KerasLoop(model, train, validation, batch_size)
