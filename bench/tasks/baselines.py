"""Rows without a neural network, which every model has to be held against."""

import functools
import time
from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import PCA

from bench import tasks
from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.keeping import gallery
from bench.keeping.result import Outcome, Result
from bench.machine import memory, threads
from bench.tasks import generation
from bench.tasks.features import Extractor

MOST_COVARIANCE = 1024  # values in an image, up to which its covariance matrix is cheap


def run(
    baseline: Baseline,
    dataset: Dataset,
    groups: Sequence[str] = ("basic",),
    extractor: Extractor | None = None,
) -> Outcome:
    """Measure a baseline like a trial; its reconstructions are clipped to [0, 1].

    Only in samples and features can a group leave something out; the rest is always measured.
    """
    memory.reset_peak()
    notes = tasks.Notes()
    start = time.perf_counter()
    pictures = _MEASURES[baseline.model](notes, baseline, dataset, extractor)
    notes.add("measure_seconds", time.perf_counter() - start)
    notes.add("peak_memory_mb", memory.peak_mb())
    result = Result(
        unit=baseline,
        status="ok",
        data_sha256=dataset.sha256,
        measures=notes.measures,
        reasons=notes.reasons,
        groups=tuple(groups),
    )
    return Outcome(result=result, images=pictures)


def _mean(
    notes: tasks.Notes, baseline: Baseline, dataset: Dataset, extractor: Extractor | None
) -> gallery.Arrays:
    mean = dataset.train.images.mean(axis=0, dtype=np.float64)
    reconstructed = np.broadcast_to(mean.astype(np.float32), dataset.test.images.shape)
    notes.add("parameters", mean.size)
    arrays = tasks.add_reconstruction(notes, dataset, reconstructed)
    if extractor:
        generation.add_images(notes, dataset, extractor, reconstructed, "reconstructed")
    return gallery.reconstructions(dataset, reconstructed) | arrays


def _pca(
    notes: tasks.Notes, baseline: Baseline, dataset: Dataset, extractor: Extractor | None
) -> gallery.Arrays:
    train, test = flat(dataset.train.images), flat(dataset.test.images)
    components = baseline.latent_dim or 0
    if components > min(train.shape):
        for name in ("mse", "psnr", "ssim", "bce", "bce_excess"):
            notes.add(f"test_{name}", None, f"only {min(train.shape)} components exist for these images")
        return {}
    pca = principal_components(dataset, components)
    axes = pca.components_[:components]  # (k, pixels)
    train_codes, test_codes = (train - pca.mean_) @ axes.T, (test - pca.mean_) @ axes.T

    def decode(codes: np.ndarray) -> np.ndarray:
        return np.clip(codes @ axes + pca.mean_, 0, 1).reshape(-1, *dataset.image_shape)

    reconstructed = decode(test_codes)
    notes.add("parameters", axes.size + pca.mean_.size)
    arrays = tasks.add_reconstruction(notes, dataset, reconstructed)
    tasks.add_codes(notes, train_codes, test_codes, dataset)
    if extractor:
        arrays |= generation.add_mixture(notes, decode, dataset, extractor, train_codes)
        generation.add_images(notes, dataset, extractor, reconstructed, "reconstructed")
    return gallery.reconstructions(dataset, reconstructed) | arrays


def _pixels(
    notes: tasks.Notes, baseline: Baseline, dataset: Dataset, extractor: Extractor | None
) -> gallery.Arrays:
    """Without a network there are no samples: training images stand in for them, as near as can be."""
    tasks.add_codes(notes, flat(dataset.train.images), flat(dataset.test.images), dataset)
    if extractor:
        images = dataset.train.images[: len(dataset.test.images)]
        generation.add_images(notes, dataset, extractor, images, "mixture")
    return {}


_MEASURES = {"mean": _mean, "pca": _pca, "pixels": _pixels}


def flat(images: np.ndarray) -> np.ndarray:
    """`(n, h, w, c)` to `(n, h * w * c)`."""
    return images.reshape(len(images), -1)


def principal_components(dataset: Dataset, count: int) -> PCA:
    """At least the first `count` principal components of the training images.

    Small images have all their components computed, once for each data set. For large ones the matrix of
    pixels by pixels would take minutes and gigabytes: they get as many components as are asked for.
    """
    images, pixels = flat(dataset.train.images).shape
    if pixels <= MOST_COVARIANCE and images > pixels:
        return _components(dataset, pixels, "covariance_eigh")
    return _components(dataset, count, "arpack" if count < min(images, pixels) else "full")


@functools.lru_cache(maxsize=2)
def _components(dataset: Dataset, count: int, solver: str) -> PCA:
    images = flat(dataset.train.images)
    with threads.as_worth(images):
        return PCA(count, svd_solver=solver, random_state=0).fit(images)
