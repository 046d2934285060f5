"""Random numbers of an image: what a code is worth that nothing was learnt for."""

import numpy as np

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.machine import threads
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.linear_code import LinearCode

SEED = 19_840_601


def random_projection(baseline: Baseline, dataset: Dataset) -> LinearCode | Absent:
    """A projection with entries from `N(0, 1/d)`, and the matrix that decodes it with least squared error.

    Distances between images are kept in the mean (Johnson & Lindenstrauss 1984). The decoder is fitted to the
    training images by linear least squares.
    """
    count, pixels = baseline.latent_dim or 0, int(np.prod(dataset.image_shape))
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    drawn = np.random.default_rng(SEED).standard_normal((pixels, count)) / np.sqrt(pixels)
    projection = drawn.astype(np.float32)  # (d, k)
    offset = dataset.train.images.mean(axis=0, dtype=np.float64).astype(np.float32).ravel()  # (d,)

    def to_codes(flat: np.ndarray) -> np.ndarray:
        found: np.ndarray = (flat - offset) @ projection
        return found

    centred = components.fitted_to(dataset) - offset
    with threads.as_worth(centred):
        weights, *_ = np.linalg.lstsq(centred @ projection, centred)
    return LinearCode(
        dataset=dataset,
        name=baseline.card.label,
        offset=offset,
        weights=weights.astype(np.float32),
        to_codes=to_codes,
    )
