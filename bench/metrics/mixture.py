"""A density of codes that were not asked to follow a prior, to sample from."""

import warnings

import numpy as np

from bench.machine import threads

COMPONENTS = 10
MOST_CODES = 10_000
"""Codes that the mixture is fitted to, the first: with more, a fit takes minutes and says the same."""


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

    codes = train_codes[:MOST_CODES].astype(np.float64)
    if len(codes) < 2:
        raise ValueError(f"expected 2 codes or more, received {len(codes)}")
    if not np.isfinite(codes).all():
        raise ValueError("expected finite codes, received others")
    mean, scale = codes.mean(axis=0), codes.std(axis=0)
    scale[scale == 0] = 1.0  # what is added to the covariances to make them regular must mean the same
    mixture = sklearn.mixture.GaussianMixture(min(COMPONENTS, len(codes)), random_state=seed)
    with threads.as_worth(codes), warnings.catch_warnings():
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)  # of fewer distinct codes
        mixture.fit((codes - mean) / scale)
    drawn, _ = mixture.sample(count)
    drawn = np.random.default_rng(seed).permutation(drawn)  # they come one component after the other
    return (drawn * scale + mean).astype(np.float32)
