"""Training as `model.fit` does it: on any backend, and the measure of every other loop."""

from collections.abc import Collection
from typing import Any

import keras
import numpy as np

from bench.models.autoencoder import Autoencoder
from bench.training.loops import state
from bench.training.loops.batches import Companions, Part, Picks, gather
from bench.training.loops.state import State


class KerasLoop:
    """`model.fit` an epoch at a time, and `model.evaluate`."""

    untraced = ""  # there is nothing to record

    def __init__(
        self,
        model: Autoencoder,
        train: np.ndarray | Part,
        validation: np.ndarray | Part,
        batch_size: int,
        needs: Collection[str] = (),
    ) -> None:
        self._model, self._batch_size, self._needs = model, batch_size, needs
        self._train, self._validation = Part.of(train), Part.of(validation)
        self._companions = Companions(model, needs, len(self._train.images))

    def train(self, order: np.ndarray) -> dict[str, float]:
        """One pass over the training images in this order."""
        steps = self._steps(self._train, order, self._batch_size, training=True)
        fitted = self._model.fit(steps, epochs=1, shuffle=False, verbose=0)
        return {name: float(values[0]) for name, values in fitted.history.items()}

    def replace(self, train: np.ndarray) -> None:
        """Train on these images from now on."""
        self._train = self._train._replace(images=train, white=None)

    def evaluate(self) -> dict[str, float]:
        """The loss and its terms on the validation images."""
        order = np.arange(len(self._validation.images))
        steps = self._steps(self._validation, order, self._validation.inference_batch, training=False)
        found = self._model.evaluate(steps, verbose=0, return_dict=True)
        return {name: float(value) for name, value in found.items()}

    def state(self) -> State:
        """The variables of the optimiser, and where draws stand."""
        return State(state.taken(self._model.optimizer.variables, "optimizer"), self._companions.state())

    def put(self, kept: State) -> None:
        """Go on from there."""
        self._model.optimizer.build(self._model.trainable_variables)
        state.put(self._model.optimizer.variables, kept.arrays, "optimizer")
        self._companions.put(kept.generators)

    def _steps(self, part: Part, order: np.ndarray, size: int, *, training: bool) -> "_Steps":
        count = -(-len(order) // size)
        others = self._companions.of(count, training=training)
        batches = []
        for step in range(count):
            beside = None if others is None else others[step]
            picks = Picks(order[step * size : (step + 1) * size], beside)
            batch = gather(lambda array, at: array[at], self._needs, part, self._train, picks)
            batches.append(batch.given())
        return _Steps(batches)


class _Steps(keras.utils.PyDataset):
    """The batches of a pass, as `fit` takes them."""

    def __init__(self, batches: list[dict[str, Any]]) -> None:
        super().__init__()
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> tuple[dict[str, Any]]:
        return (self._batches[index],)
