"""Time passes over the images: `training_pass.py BACKEND ARCHITECTURE IMAGES NAMES`.

A process of its own for each backend, because a process has one; and for `ours`, because what the program
sets up for a backend is its own. Warms up, and then answers each line of its input with the seconds of one
pass as JSON, of each of the `NAMES`: `ours`, `fit`, `handwritten` and `limit` (those two with one thread and
with all of them). Each goes on training the network of its pass before, as the epochs of a trial do, on
Fashion-MNIST.
"""

import json
import os
import sys
import time
from collections.abc import Callable

BATCH = 128


def passes(architecture: str, count: int) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    import keras
    import numpy as np
    import torch

    from bench import datasets, models
    from bench.training import loops
    from tests.benchmarks import handwritten

    generator = np.random.default_rng(0)
    images = datasets.load("fashion_mnist").train.images[:count]

    def model() -> models.autoencoder.Autoencoder:
        made = models.create(
            "vae", image_shape=(28, 28, 1), architecture=architecture, latent_dim=handwritten.LATENT
        )
        made.compile(optimizer=keras.optimizers.Adam(1e-3))
        return made

    ours, fitted = loops.create(model(), images, images[:1], BATCH), model()

    def with_threads(threads: int, call: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            before = torch.get_num_threads()
            torch.set_num_threads(threads)
            call()
            torch.set_num_threads(before)

        return run

    found: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.train(generator.permutation(count)),
        "fit": lambda: fitted.fit(images, batch_size=BATCH, verbose=0),
    }
    for threads in sorted({1, len(os.sched_getaffinity(0))}):
        plain = handwritten.one_pass(architecture, images, BATCH)
        least = handwritten.limit(architecture, count, BATCH)
        found[f"handwritten {threads}"] = with_threads(threads, plain)
        found[f"limit {threads}"] = with_threads(threads, least)
    return found


def main(architecture: str, count: int, wanted: str) -> None:
    """Warm up each, and answer each line of standard input with a pass of each, in turns."""
    timed = {
        name: call
        for name, call in passes(architecture, count).items()
        if name.split()[0] in wanted.split(",")
    }
    for call in timed.values():
        call()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps({name: _seconds(call) for name, call in timed.items()}), flush=True)


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    os.environ["KERAS_BACKEND"] = sys.argv[1]
    if sys.argv[4] == "ours":
        from bench.machine import backend

        backend.activate(sys.argv[1])  # as a worker does it
    main(sys.argv[2], int(sys.argv[3]), sys.argv[4])
