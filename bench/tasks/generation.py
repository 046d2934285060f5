"""Generated and reconstructed images against real ones."""

import dataclasses
import functools

import numpy as np

from bench.datasets import Dataset, levels
from bench.datasets.views import binarisation
from bench.keeping import gallery
from bench.keeping.gallery import Arrays, Decode
from bench.measures import generation as measures
from bench.metrics import densities, generation
from bench.metrics.generation import Features
from bench.metrics.mixture import mixture_samples
from bench.models.coder import Absent, StandIn
from bench.tasks.features import Extractor
from bench.tasks.notes import NO_CODES, Notes
from bench.tasks.subject import Subject

MOST_IMAGES = 10_000
MOST_MEMORISED = 500  # images whose nearest training image is looked for, pixel by pixel
SAMPLES_SEED = 20_140_611  # the same codes from the prior for every trial

NO_SECOND = "the classifier of this run is from before there was a second one"
STANDS_IN = "training images stand in for samples"
NO_EXTRACTOR = "no network was given to take features from"
DISTANCES = ("frechet", "kernel")
DECIDING = ("prior", "mixture")  # sources whose distance to validation images chooses a configuration
NEIGHBOURHOODS = tuple(field.name for field in dataclasses.fields(generation.Neighbourhoods))


def add(notes: Notes, subject: Subject) -> Arrays | Absent:
    """Samples from the prior, from densities fitted to training codes, and reconstructions."""
    extractor = subject.extractor
    if extractor is None:
        return Absent(NO_EXTRACTOR)
    arrays = _add_prior(notes, subject, extractor) | _add_mixture(notes, subject, extractor)
    _add_fitted(notes, subject, extractor)
    if isinstance(subject.reconstructed, Absent):
        _add_none(notes, "reconstructed", subject.reconstructed.reason)
    else:
        add_images(notes, subject.dataset, extractor, subject.reconstructed, "reconstructed")
    return arrays


def _add_prior(notes: Notes, subject: Subject, extractor: Extractor) -> Arrays:
    density = subject.generating
    if isinstance(density, Absent) or isinstance(subject.reconstructed, Absent):
        absent = density if isinstance(density, Absent) else subject.reconstructed
        _add_no_samples(notes, "prior", getattr(absent, "reason", ""))
        return {}
    count = min(MOST_IMAGES, len(subject.dataset.test.images))
    samples = subject.decode(density.sample(count, np.random.default_rng(SAMPLES_SEED)))
    add_images(notes, subject.dataset, extractor, samples, "prior")
    return _add_nearest(notes, subject.dataset, samples, "prior")


def _add_mixture(notes: Notes, subject: Subject, extractor: Extractor) -> Arrays:
    """Samples of a mixture, or the images that stand in for them."""
    dataset, codes = subject.dataset, subject.train_codes
    if isinstance(subject.coder, StandIn):
        images = subject.coder.stand_in(len(dataset.test.images))
        add_images(notes, dataset, extractor, images, "mixture")
        notes.add("nearest_mixture", None, STANDS_IN)
        return {}
    if isinstance(subject.reconstructed, Absent) or not codes.shape[1]:
        _add_no_samples(notes, "mixture", getattr(subject.reconstructed, "reason", NO_CODES))
        return {}
    return add_mixture(notes, subject.decode, dataset, extractor, codes)


def add_mixture(
    notes: Notes, decode: Decode, dataset: Dataset, extractor: Extractor, train_codes: np.ndarray
) -> Arrays:
    """As many samples from a mixture fitted to training codes as there are test images, 10,000 at most.

    Returns the first of them, and those above their nearest training images; nothing where no mixture can be
    fitted.
    """
    count = min(MOST_IMAGES, len(dataset.test.images))
    try:
        samples = decode(mixture_samples(train_codes, count, SAMPLES_SEED))
    except ValueError as error:
        _add_no_samples(notes, "mixture", f"no mixture of training codes: {error}")
        return {}
    add_images(notes, dataset, extractor, samples, "mixture")
    beside = _add_nearest(notes, dataset, samples, "mixture")
    return {"mixture_samples": gallery.to_bytes(samples[: gallery.SAMPLES]), **beside}


def _add_fitted(notes: Notes, subject: Subject, extractor: Extractor) -> None:
    """Of a Gaussian and of kernels: the Frechet distance, and how near training images are."""
    for source in measures.FITTED:
        samples = _fitted(subject, source)
        if isinstance(samples, Absent):
            for name in (f"frechet_{source}", f"nearest_{source}"):
                notes.add(name, None, samples.reason)
            continue
        _add_frechet(notes, subject.dataset, extractor, samples, source)
        _add_nearest(notes, subject.dataset, samples, source)


def _fitted(subject: Subject, source: str) -> np.ndarray | Absent:
    """Images of a density that is fitted to one sampled code an image, as many as of the mixture."""
    if isinstance(subject.coder, StandIn):
        return Absent(STANDS_IN)
    if isinstance(subject.reconstructed, Absent):
        return subject.reconstructed
    codes, count = subject.sampled_train_codes, min(MOST_IMAGES, len(subject.dataset.test.images))
    if not codes.shape[1]:
        return Absent(NO_CODES)
    try:
        if source == "gaussian":
            return subject.decode(densities.gaussian_samples(codes, count, SAMPLES_SEED))
        unseen = subject.sampled_validation_codes
        return subject.decode(densities.kernel_samples(codes, unseen, count, SAMPLES_SEED))
    except ValueError as error:
        return Absent(f"no density of training codes: {error}")


def _add_frechet(
    notes: Notes, dataset: Dataset, extractor: Extractor, images: np.ndarray, source: str
) -> None:
    try:
        features = extractor.features(binarisation.like(dataset, images))
        notes.add(f"frechet_{source}", generation.frechet_distance(extractor.test(dataset), features))
    except ValueError as error:
        notes.add(f"frechet_{source}", None, str(error))


def add_images(notes: Notes, dataset: Dataset, extractor: Extractor, images: np.ndarray, source: str) -> None:
    """Every distance between the features of test images and those of other images, 10,000 at most.

    The Frechet distance in the second space, too, and of samples that to validation images.
    """
    images = binarisation.like(dataset, levels.rows(images, slice(MOST_IMAGES)))
    try:
        real, features = extractor.test(dataset), extractor.features(images)
    except ValueError as error:
        _add_none(notes, source, str(error))
        return
    if source in DECIDING:
        decisive = generation.frechet_distance(extractor.validation(dataset), features)
        notes.add(f"validation_frechet_{source}", decisive)
    notes.add(f"frechet_{source}", generation.frechet_distance(real, features))
    _add_second(notes, dataset, extractor.second, images, source)
    notes.add(f"kernel_{source}", generation.kernel_distance(real, features))
    _add_neighbourhoods(notes, real, features, source)


def _add_second(
    notes: Notes, dataset: Dataset, second: Extractor | None, images: np.ndarray, source: str
) -> None:
    """The Frechet distance in the features of the second network."""
    name = f"frechet_{source}_second"
    if second is None:
        notes.add(name, None, NO_SECOND)
        return
    try:
        found = generation.frechet_distance(second.test(dataset), second.features(images))
    except ValueError as error:
        notes.add(name, None, str(error))
        return
    notes.add(name, found)


def _add_none(notes: Notes, source: str, reason: str) -> None:
    decisive = [f"validation_frechet_{source}"] if source in DECIDING else []
    own = (*(f"{each}_{source}" for each in (*DISTANCES, *NEIGHBOURHOODS)), f"frechet_{source}_second")
    for name in (*own, *decisive):
        notes.add(name, None, reason)


def _add_no_samples(notes: Notes, source: str, reason: str) -> None:
    _add_none(notes, source, reason)
    notes.add(f"nearest_{source}", None, reason)


def _add_neighbourhoods(notes: Notes, real: Features, features: Features, source: str) -> None:
    try:
        found = dataclasses.asdict(generation.neighbourhoods(real, features))
        reason = ""
    except ValueError as error:  # fewer images than neighbours
        found, reason = dict.fromkeys(NEIGHBOURHOODS), str(error)
    for name, value in found.items():
        notes.add(f"{name}_{source}", value, reason)


def _add_nearest(notes: Notes, dataset: Dataset, samples: np.ndarray, source: str) -> Arrays:
    """How near samples are to training images, against how near unseen images are: medians.

    Returns the first samples above the training images that are nearest to them: `(2, n, h, w, c)`.
    """
    samples = binarisation.like(dataset, samples[:MOST_MEMORISED])
    if not np.isfinite(samples).all():
        notes.add(f"nearest_{source}", None, "samples that are not finite")
        return {}
    indices, distances = generation.nearest_known(dataset.train.images, samples)
    far, usual = float(np.median(distances)), _usual_distance(dataset)
    notes.add(f"nearest_{source}", far / usual if usual else None, "test images are training images")
    shown = slice(gallery.MOST_NEAREST)
    pairs = np.stack([samples[shown], dataset.train.images[indices[shown]]])
    return {f"near_{source}": gallery.to_bytes(pairs)}


@functools.lru_cache(maxsize=2)
def _usual_distance(dataset: Dataset) -> float:
    """From test images to the nearest training image: the same for every trial."""
    test = dataset.test.images[:MOST_MEMORISED]
    return float(np.median(generation.distance_to_nearest(dataset.train.images, test)))
