"""A density of codes that were not asked to follow a prior, to sample from."""

import warnings

import numpy as np

from bench.machine import threads
from bench.metrics.densities import Scaled

COMPONENTS = 10


def mixture_samples(train_codes: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Codes drawn from a Gaussian mixture with 10 full covariances, fitted to training codes.

    A plain autoencoder leaves holes in its latent space where a prior would have it generate; a density
    fitted afterwards tells whether the decoder is at fault, or the prior.

    Parameters
    ----------
    train_codes
        Shape `(n, k)`, finite floats, `n` at least 2; the first 10,000 are used.
    count
        How many codes to draw.
    seed
        Fixes fit and draws.

    Returns
    -------
    Shape `(count, k)`, float32.

    Raises
    ------
    ValueError
        If a code is not finite, or there are fewer than two.

    References
    ----------
    Ghosh, Sajjadi, Vergari, Black and Schölkopf, "From variational to deterministic autoencoders", ICLR 2020.
    """
    import sklearn.exceptions
    import sklearn.mixture

    codes = Scaled.of(train_codes)  # what is added to the covariances to make them regular means the same
    mixture = sklearn.mixture.GaussianMixture(min(COMPONENTS, len(codes.values)), random_state=seed)
    with threads.as_worth(codes.values), warnings.catch_warnings():
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)  # of fewer distinct codes
        mixture.fit(codes.values)
    drawn, _ = mixture.sample(count)
    return codes.back(np.random.default_rng(seed).permutation(drawn))  # they come component by component
