"""Independent component analysis: the space of PCA, in axes of another kind."""

import warnings

import numpy as np
from sklearn.decomposition import FastICA
from sklearn.exceptions import ConvergenceWarning

from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.machine import threads
from bench.models.coder import Absent
from bench.tasks.baselines import components
from bench.tasks.baselines.coders import PrincipalComponents
from bench.tasks.baselines.linear_code import LinearCode

MOST_ITERATIONS = 200


def ica(baseline: Baseline, dataset: Dataset) -> LinearCode | Absent:
    """FastICA on the codes of PCA, 200 iterations at most: as many components, turned and scaled.

    Reconstructions are those of PCA; what can be read from single numbers of a code need not be.

    References
    ----------
    Hyvärinen and Oja, "Independent component analysis: algorithms and applications", Neural Networks 13,
    2000.
    """
    count = baseline.latent_dim or 0
    if (absent := components.too_many(dataset, count)) is not None:
        return absent
    pca = PrincipalComponents(dataset=dataset, code_size=count)
    codes = pca.encode(dataset.train.images).astype(np.float64)
    fitted = FastICA(whiten="unit-variance", whiten_solver="eigh", max_iter=MOST_ITERATIONS, random_state=0)
    with threads.as_worth(codes), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # then it is what 200 iterations give
        fitted.fit(codes)
    unmixing = fitted.components_.T.astype(np.float32)  # (k, k): codes of PCA to codes
    centre = fitted.mean_.astype(np.float32)
    mixing = fitted.mixing_.T.astype(np.float32)  # (k, k), its inverse

    def to_codes(flat: np.ndarray) -> np.ndarray:
        found: np.ndarray = ((flat - pca.mean) @ pca.axes.T - centre) @ unmixing
        return found

    return LinearCode(
        dataset=dataset,
        name=baseline.card.label,
        offset=pca.mean + centre @ pca.axes,
        weights=mixing @ pca.axes,
        to_codes=to_codes,
    )
