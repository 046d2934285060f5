"""Training as `model.fit` does it: on any backend, and the measure of every other loop."""

import numpy as np

from bench.models.autoencoder import INFERENCE_BATCH, Autoencoder


class KerasLoop:
    """`model.fit` an epoch at a time, and `model.evaluate`."""

    def __init__(
        self, model: Autoencoder, train: np.ndarray, validation: np.ndarray, batch_size: int
    ) -> None:
        self._model, self._train, self._validation = model, train, validation
        self._batch_size = batch_size

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        fitted = self._model.fit(
            self._train[order], batch_size=self._batch_size, epochs=1, shuffle=False, verbose=0
        )
        return {name: float(values[0]) for name, values in fitted.history.items()}

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = train

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        found = self._model.evaluate(
            self._validation, batch_size=INFERENCE_BATCH, verbose=0, return_dict=True
        )
        return {name: float(value) for name, value in found.items()}
