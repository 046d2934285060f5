"""How long a run may take: rough, from figures measured once.

Training and what is measured by default were taken from the published runs, which ran two at a time on two
cores: `fit_seconds`, and `measure_seconds` for the sum of `basic` and `generation`. The others are rougher:
single calls of `measurement.GROUPS`, `features.train`, `timing.network` and `worker.prepare` on a busy
machine, brought to the scale of that sum. What jax and TensorFlow take to start, another data set and the
report are guesses.
"""

import math
from collections.abc import Iterable, Sequence

from bench import datasets
from bench.ask import grouping
from bench.ask.axes import Value
from bench.ask.bound_size import USUAL
from bench.ask.trial import Baseline, External, Trial, Unit
from bench.ask.views import TRAIN_IMAGES
from bench.models import ARCHITECTURES, MODELS, Card

# Seconds to train on a million pixels once (28x28 grey images in batches of 128), measured.
TRAINING = {
    ("torch", "dense"): 0.08,
    ("torch", "conv"): 0.25,
    ("jax", "dense"): 0.07,
    ("jax", "conv"): 0.25,
    ("tensorflow", "dense"): 0.06,
    ("tensorflow", "conv"): 0.16,
}
UNMEASURED = 0.3  # for an architecture that goes by none of these
STEP_SECONDS = 0.004  # what a step costs beyond its arithmetic
TRIAL_SECONDS = 2.0  # compiling and what else a trial costs whatever its size

# Seconds a million pixels of the training images, once a trial.
MEASURING = {"basic": 0.12, "generation": 0.16, "few_labels": 0.08, "robustness": 0.05, "outside": 0.02}
# Seconds a million pixels that are decoded for the importance-weighted bound, as ever and of other sizes.
LIKELIHOOD = {"dense": 0.02, "conv": 0.09}
COMPILED = {"dense": 0.02, "conv": 0.08}
MOST_TEST = 10_000  # test images of a published set
ALL_IMAGES = 1.25  # images for training and validation, for each for training
TEST_SHARE = 1 / 3  # test images for each training image, at most
BASELINE_SECONDS = 0.5  # what a baseline costs whatever its size
PIXELS = 2.8  # a million pixels, for the baseline of raw pixels, whose linear classifier is large

CLASSIFIER = 0.25  # seconds a million pixels that both classifiers of features are trained on
CLASSIFIER_IMAGES, CLASSIFIER_EPOCHS = 256_000, 15  # as `bench.tasks.features`: which of both is less

NETWORK = {"dense": 0.5, "conv": 1.3}  # seconds to time a network of 28x28 grey images
NETWORK_SHAPE = (28, 28, 1)
NETWORK_PIXELS = math.prod(NETWORK_SHAPE)
STARTING = {"torch": 6.0, "jax": 6.0, "tensorflow": 9.0}  # until workers have a backend and the data
REPORT = 4.0  # and for each trial:
REPORT_TRIAL = 0.1


def seconds(unit: Unit, groups: Iterable[str] = grouping.DEFAULT) -> float:
    """The estimate for one trial or baseline that is measured in `groups`, as `grouping.parse` gives them."""
    images, *shape = datasets.train_shape(unit.dataset)
    images, pixels = int(unit.views.get(TRAIN_IMAGES, 0)) or images, math.prod(shape)
    megapixels = images * pixels / 1e6
    if isinstance(unit, External):
        return (
            TRIAL_SECONDS + _measuring(groups) * megapixels + _likelihood_of_another(groups, images, pixels)
        )
    if isinstance(unit, Baseline):
        a_megapixel = PIXELS if unit.model == "pixels" else unit.card.seconds + _measuring(groups)
        return BASELINE_SECONDS + a_megapixel * megapixels
    steps = math.ceil(images / unit.batch_size)
    a_megapixel = TRAINING.get((unit.backend, ARCHITECTURES[unit.architecture].kind), UNMEASURED)
    arithmetic = a_megapixel * _work(unit) * images * NETWORK_PIXELS / 1e6
    epoch = _passes(unit) * arithmetic + STEP_SECONDS * steps
    if unit.train_on == "all":
        epoch *= ALL_IMAGES
    measuring = _measuring(groups) * megapixels + _likelihood(unit, groups, images)
    measuring *= 1 + len(unit.snapshots)
    return TRIAL_SECONDS + measuring + unit.epochs * epoch  # with patience they are the most


def _work(trial: Trial) -> float:
    """Multiply-adds of an image in a trial's network, in those of a 28x28 grey one in the usual network.

    That is the architecture of its kind at default options.
    """
    card, (_, *shape) = ARCHITECTURES[trial.architecture], datasets.train_shape(trial.dataset)
    usual = ARCHITECTURES.get(card.kind)
    if card.work is None or usual is None or usual.work is None:
        return math.prod(shape) / NETWORK_PIXELS
    height, width, channels = shape
    own = card.work(
        (height, width, channels), trial.latent_dim, {**_defaults(card), **trial.architecture_options}
    )
    return own / usual.work(NETWORK_SHAPE, trial.latent_dim, _defaults(usual))


def _defaults(card: Card) -> dict[str, Value]:
    return {option.name: option.default for option in card.options}


def _passes(trial: Trial) -> float:
    """How often a step of the model runs its networks, in steps of a plain autoencoder."""
    card = MODELS[trial.model]
    return 1.0 if card.work is None else card.work({**_defaults(card), **trial.model_options})


def _measuring(groups: Iterable[str]) -> float:
    """Seconds a million pixels of the training images, but for likelihood."""
    extra = MEASURING["outside"] if grouping.outside(groups) else 0.0
    return extra + sum(MEASURING.get(name, 0.0) for name in groups)


def _likelihood_of_another(groups: Iterable[str], images: int, pixels: int) -> float:
    """As if an external coder had a posterior, and decoded as slowly as our slower networks."""
    if "likelihood" not in groups:
        return 0.0
    decoded = min(USUAL.images, images * TEST_SHARE) * USUAL.samples * pixels / 1e6
    return max(LIKELIHOOD.values()) * decoded


def _likelihood(trial: Trial, groups: Iterable[str], images: int) -> float:
    if "likelihood" not in groups or not MODELS[trial.model].has_posterior:
        return 0.0
    there = images * TEST_SHARE
    if trial.dataset in datasets.published():
        there = min(there, MOST_TEST)
    decoded = min(trial.bound.images, there) * trial.bound.samples * NETWORK_PIXELS / 1e6
    rates = LIKELIHOOD if trial.bound == USUAL else COMPILED
    kind = ARCHITECTURES[trial.architecture].kind
    return rates.get(kind, max(rates.values())) * _work(trial) * decoded


def classifier(dataset: str) -> float:
    """Seconds to train the classifiers in whose features images of a data set are compared."""
    images, pixels = datasets.train_size(dataset)
    return CLASSIFIER * min(CLASSIFIER_IMAGES, CLASSIFIER_EPOCHS * images) * pixels / 1e6


def timing(trial: Trial) -> float:
    """Seconds to time the network of a trial, with nothing else running."""
    kind = ARCHITECTURES[trial.architecture].kind
    return NETWORK.get(kind, max(NETWORK.values())) * _work(trial) * _passes(trial)


def wall(expected: Sequence[float], workers: int) -> float:
    """Seconds until all have ended: no sooner than the longest, nor than their sum over the workers."""
    return max(sum(expected) / workers, max(expected, default=0.0))


def duration(value: float) -> str:
    """Seconds for people: `4.2 s`, `12 min`, `3.5 h`."""
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 3600 else f"{value / 3600:.1f} h"
