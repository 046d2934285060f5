"""Time one pass over the images in turns: `training_pass.py BACKEND ARCHITECTURE IMAGES ROUNDS [NAMES]`.

A process of its own for each backend, because a process has one. Prints the median seconds as JSON, of all
or of the `NAMES`: `ours`, `fit`, `handwritten` and `limit` (the better of one thread and all of them).
Each goes on training the network of its round before, as the epochs of a trial do, on Fashion-MNIST.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

BATCH = 128


def passes(architecture: str, count: int) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    import keras
    import numpy as np
    import torch

    import models
    from bench import datasets, loops
    from tests.benchmarks import handwritten

    generator = np.random.default_rng(0)
    images = datasets.load("fashion_mnist").train.images[:count]

    def model() -> models.autoencoder.Autoencoder:
        made = models.create(
            "vae", image_shape=(28, 28, 1), architecture=architecture, latent_dim=handwritten.LATENT
        )
        made.compile(optimizer=keras.optimizers.Adam(1e-3))
        return made

    # A thread has switches of its own for arithmetic, and our loop on torch sets one that is not for others.
    apart = ThreadPoolExecutor(1)
    ours = apart.submit(loops.create, model(), images, images[:1], BATCH).result()
    fitted = model()

    def with_threads(threads: int, call: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            before = torch.get_num_threads()
            torch.set_num_threads(threads)
            call()
            torch.set_num_threads(before)

        return run

    found: dict[str, Callable[[], object]] = {
        "ours": lambda: apart.submit(ours.train, generator.permutation(count)).result(),
        "fit": lambda: fitted.fit(images, batch_size=BATCH, verbose=0),
    }
    for threads in sorted({1, len(os.sched_getaffinity(0))}):
        plain = handwritten.one_pass(architecture, images, BATCH)
        least = handwritten.limit(architecture, count, BATCH)
        found[f"handwritten {threads}"] = with_threads(threads, plain)
        found[f"limit {threads}"] = with_threads(threads, least)
    return found


def main(architecture: str, count: int, rounds: int, wanted: str = "") -> dict[str, float]:
    """Warm up each, time all of them in turns, and return the medians."""
    timed = {
        name: call
        for name, call in passes(architecture, count).items()
        if not wanted or name.split()[0] in wanted.split(",")
    }
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for number in range(rounds + 1):
        for name, call in timed.items():
            start = time.perf_counter()
            call()
            if number:
                seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    names = {name.split()[0] for name in medians}
    return {name: min(value for key, value in medians.items() if key.split()[0] == name) for name in names}


if __name__ == "__main__":
    os.environ["KERAS_BACKEND"] = sys.argv[1]
    print(json.dumps(main(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])))
