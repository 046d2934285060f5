"""How long trials may take: rough, from figures measured once, two at a time on two cores."""

import math

from bench import datasets
from bench.trial import Baseline, Unit

# Seconds to train on a million pixels once (28x28 grey images in batches of 128), measured.
TRAINING = {
    ("torch", "dense"): 0.08,
    ("torch", "conv"): 0.25,
    ("jax", "dense"): 0.07,
    ("jax", "conv"): 0.25,
    ("tensorflow", "dense"): 0.06,
    ("tensorflow", "conv"): 0.16,
}
UNMEASURED = 0.3  # for an architecture that is not in the table
STEP_SECONDS = 0.004  # what a step costs beyond its arithmetic
MEASURING = 0.28  # seconds a million pixels of the data set, once a trial: basic measures and generation
PIXELS = 2.5  # the same for the baseline of raw pixels, whose linear classifier is large
TRIAL_SECONDS = 2.0  # compiling and what else a trial costs whatever its size


def seconds(unit: Unit) -> float:
    """The estimate for one trial or baseline."""
    images, pixels = datasets.train_size(unit.dataset)
    megapixels = images * pixels / 1e6
    if isinstance(unit, Baseline):
        return (PIXELS if unit.model == "pixels" else MEASURING) * megapixels
    steps = math.ceil(images / unit.batch_size)
    epoch = TRAINING.get((unit.backend, unit.architecture), UNMEASURED) * megapixels + STEP_SECONDS * steps
    return TRIAL_SECONDS + MEASURING * megapixels + unit.epochs * epoch


def duration(value: float) -> str:
    """Seconds for people: `4.2 s`, `12 min`, `3.5 h`."""
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 3600 else f"{value / 3600:.1f} h"
