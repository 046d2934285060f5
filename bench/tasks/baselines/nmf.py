"""Non-negative matrix factorisation: images as sums of parts, none of which is taken away."""

import numpy as np
from sklearn.decomposition import NMF

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.machine import threads
from bench.metrics import subsets
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.linear_code import LinearCode

MOST_IMAGES = 10_000  # that parts are learnt from, a fixed random choice
ITERATIONS = 200
SWEEPS = 100  # over the numbers of a code
SUBSET_SEED = 19_991_021


def nmf(baseline: Baseline, dataset: Dataset) -> LinearCode | Absent:
    """Parts that sum to the training images with the least squared error, no number of them below 0.

    Parts are learnt by coordinate descent, 200 iterations from singular vectors (NNDSVDa), on 10,000 images
    at most; codes of all images are then non-negative least squares, in 100 sweeps of coordinate descent.

    References
    ----------
    Lee and Seung, "Learning the parts of objects by non-negative matrix factorization", Nature 401, 1999;
    Cichocki and Phan, "Fast local algorithms for large scale nonnegative matrix and tensor factorizations",
    IEICE Transactions E92-A(3), 2009.
    """
    count = baseline.latent_dim or 0
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    images = dataset.train.images
    some = components.flat(images[subsets.chosen(len(images), MOST_IMAGES, SUBSET_SEED)])
    fitted = NMF(count, init="nndsvda", solver="cd", max_iter=ITERATIONS, tol=0.0, random_state=0)
    with threads.as_worth(some):
        fitted.fit(some)
    parts = fitted.components_.astype(np.float32)
    return LinearCode(
        dataset=dataset,
        name=baseline.card.label,
        offset=np.zeros(some.shape[1], np.float32),
        weights=parts,
        to_codes=lambda flat: non_negative_codes(flat, parts),
        project=lambda codes: np.maximum(codes, 0),
    )


def non_negative_codes(flat: np.ndarray, parts: np.ndarray, sweeps: int = SWEEPS) -> np.ndarray:
    """The codes `z`, none below 0, of least `|x - z parts|^2` of each image, by coordinate descent.

    Parameters
    ----------
    flat
        Images `(n, d)`.
    parts
        `(k, d)`, at least 0; one that is all 0 has a code of 0.
    sweeps
        How often all numbers of a code are set, one after the other.

    Returns
    -------
    `(n, k)`, float32.
    """
    gram = parts @ parts.T  # (k, k)
    wanted = np.ascontiguousarray((flat @ parts.T).T)  # (k, n)
    codes = np.zeros_like(wanted)
    used = np.flatnonzero(np.diagonal(gram))
    for _ in range(sweeps):
        for number in used:
            left = wanted[number] - gram[number] @ codes
            codes[number] = np.maximum(codes[number] + left / gram[number, number], 0)
    return np.ascontiguousarray(codes.T)
