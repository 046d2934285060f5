"""How fast networks train, encode and decode, with the machine to themselves: in turns, in several rounds.

What a machine does beside changes from one minute to the next. So no network is timed in a minute of its
own: each round goes once over all of them (`bench.running.execution.turns`), and how far rounds lie apart
says how well a time repeats.
"""

import time
from collections.abc import Callable

import numpy as np

from bench import models
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.training import fit, loops

STEPS = 4  # of training in one round: what a call costs beyond its steps is shared among them
CALLS = 3  # of encoding and of decoding in one round, of which the median counts
BATCHES = (1, 128)


class Network:
    """The network of a trial, ready to be timed: its first calls, which compile, are over.

    Where a data set has fewer images than a batch, they are repeated.

    Attributes
    ----------
    compile_seconds
        What the first training call took longer than the second.
    """

    def __init__(self, trial: Trial, dataset: Dataset) -> None:
        self._model = fit.build(trial, dataset.image_shape)
        images, needs = dataset.train.images, models.MODELS[trial.model].needs
        train, one = (
            loops.part(part.images, part.labels, needs)
            for part in (dataset.train, dataset.train.rows(slice(1)))
        )
        self._loop = loops.create(self._model, train, one, trial.batch_size, needs)
        self._order = _repeated(len(images), STEPS * trial.batch_size)
        self._images = {size: images[_repeated(len(images), size)] for size in BATCHES}
        codes = np.random.default_rng(trial.seed).standard_normal((max(BATCHES), self._model.code_size))
        self._codes = {size: codes[:size].astype("float32") for size in BATCHES}
        first, again = (_seconds(lambda: self._loop.train(self._order)) for _ in range(2))
        self.compile_seconds = max(0.0, first - again)
        self.once()

    def once(self) -> dict[str, float]:
        """One round, in seconds.

        Returns
        -------
        dict
            `step_seconds`, a training step with the trial's batch size; `encode_1_seconds`,
            `encode_128_seconds`, `decode_1_seconds`, `decode_128_seconds`, a batch of that size, arrays in
            and arrays out.
        """
        found = {"step_seconds": _seconds(lambda: self._loop.train(self._order)) / STEPS}
        for size in BATCHES:
            found[f"encode_{size}_seconds"] = _usual(self._model.encode, self._images[size])
            found[f"decode_{size}_seconds"] = _usual(self._model.decode, self._codes[size])
        return found


def _repeated(count: int, wanted: int) -> np.ndarray:
    """So many indices of images `(wanted,)`, each as often as any other."""
    return np.resize(np.arange(count), wanted)


def _usual(call: Callable[[np.ndarray], object], array: np.ndarray) -> float:
    return float(np.median([_seconds(lambda: call(array)) for _ in range(CALLS)]))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
