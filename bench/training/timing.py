"""How fast a network trains, encodes and decodes, with the machine to itself."""

import time
from collections.abc import Callable

import numpy as np

from bench import models
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.models.autoencoder import Autoencoder
from bench.training import fit, loops

STEPS = 4  # of training in one measurement: what a call costs beyond its steps is shared among them
REPEATS = 5
BATCHES = (1, 128)


def network(trial: Trial, dataset: Dataset) -> dict[str, float]:
    """Times of a trial's network in seconds: median and quartiles after a first call that warms up.

    Where a data set has fewer images than a batch, they are repeated.

    Returns
    -------
    dict
        `step_seconds`, a training step with the trial's batch size; `encode_1_seconds`,
        `encode_128_seconds`, `decode_1_seconds`, `decode_128_seconds`, a batch of that size, arrays in and
        arrays out; each with `_q1` and `_q3`; `compile_seconds`, what the first training call took longer
        than the median one.
    """
    model = fit.build(trial, dataset.image_shape)
    images, needs = dataset.train.images, models.MODELS[trial.model].needs
    labels = dataset.train.labels
    train, one = loops.part(images, labels, needs), loops.part(images[:1], labels[:1], needs)
    loop = loops.create(model, train, one, trial.batch_size, needs)
    order = _repeated(len(images), STEPS * trial.batch_size)
    codes = np.random.default_rng(trial.seed).standard_normal((max(BATCHES), model.code_size), "float32")

    first, seconds = _measure(lambda: loop.train(order))
    found = {"compile_seconds": max(0.0, first - float(np.median(seconds)))}
    found |= _quartiles("step", [each / STEPS for each in seconds])
    for size in BATCHES:
        found |= _inference(model, images[_repeated(len(images), size)], codes[:size], size)
    return found


def _repeated(count: int, wanted: int) -> np.ndarray:
    """So many indices of images `(wanted,)`, each as often as any other."""
    return np.resize(np.arange(count), wanted)


def _inference(model: Autoencoder, images: np.ndarray, codes: np.ndarray, size: int) -> dict[str, float]:
    _, encoding = _measure(lambda: model.encode(images))
    _, decoding = _measure(lambda: model.decode(codes))
    return {**_quartiles(f"encode_{size}", encoding), **_quartiles(f"decode_{size}", decoding)}


def _measure(call: Callable[[], object]) -> tuple[float, list[float]]:
    """Seconds of the first call, and of those after it."""
    seconds = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds[0], seconds[1:]


def _quartiles(name: str, seconds: list[float]) -> dict[str, float]:
    low, middle, high = np.percentile(seconds, (25, 50, 75))
    return {
        f"{name}_seconds": float(middle),
        f"{name}_seconds_q1": float(low),
        f"{name}_seconds_q3": float(high),
    }
