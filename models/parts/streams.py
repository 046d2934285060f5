"""A seed has a stream of random numbers of its own for each of its uses, and no two seeds share one."""

import keras
import numpy as np

WEIGHTS, SHUFFLING, BINARISING, NOISE, COMPANIONS, VALIDATION_COMPANIONS, STAGE, PRIOR = range(8)


def on_host(seed: int, stream: int) -> np.random.Generator:
    """The stream as NumPy draws it: the same numbers on every backend."""
    return np.random.default_rng([seed, stream])


def on_device(seed: int, stream: int) -> keras.random.SeedGenerator:
    """The stream as a backend draws it, which is not the same on any two of them.

    The generator does not start at `seed` itself: on torch Keras adds the number of draws so far to the
    start, so that seeds 0 and 1 would draw the same numbers, one step apart, and training with several
    seeds would say too little of chance. A start is one of `2**31` numbers, a training takes thousands.
    """
    start = np.random.SeedSequence([seed, stream]).generate_state(1)[0]
    return keras.random.SeedGenerator(int(start >> 1))  # 31 bits: torch keeps it as int32
