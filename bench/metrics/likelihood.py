"""Log-likelihoods with their normalising constants, the evidence lower bound, and a tighter one.

The three training losses are negative log-likelihoods short of a constant. With the constants they are in
nats, and a model's likelihood can stand beside the KL divergence that it is traded against. Densities and
probabilities are on different scales all the same: compare an ELBO only with those of the same loss.
"""

import math
from collections.abc import Callable

import numpy as np
import scipy.special

from bench.models.coder import Densities, Density
from bench.models.likelihoods import gaussian_log_likelihood, log_likelihood

__all__ = [
    "elbo",
    "gaussian_log_likelihood",
    "gaussian_variance",
    "importance_weighted_bound",
    "log_likelihood",
]

IMPORTANCE_SAMPLES = 100
"""Codes for each image in the importance-weighted bound, its K."""

SAME = 1e-4
"""Share, and nats a pixel, within which two log-likelihoods are taken for one: decoders round."""

BLOCK_CODES = 1000
"""Codes that are decoded at a time, whatever K and the number of images: what a network takes in a batch."""

Likelihood = Callable[[np.ndarray, np.ndarray], np.ndarray]  # of images given codes, as a coder has it


def elbo(log_likelihood: np.ndarray, kl: np.ndarray) -> np.ndarray:
    """Evidence lower bound of each image, `log p(x|z) - KL(q(z|x) || p(z))`, estimated with one code.

    Unbiased if the code `z` is sampled from the posterior, as here; with the posterior mean in its place the
    result is mostly too high, and no bound.

    Parameters
    ----------
    log_likelihood
        Shape `(n,)`, nats per image, of the reconstruction from one sampled code.
    kl
        Shape `(n,)`, nats per image: `kl_to_prior` summed over the latent dimensions.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image. Higher is better.

    References
    ----------
    Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014.
    """
    if log_likelihood.shape != kl.shape:
        raise ValueError(
            "expected one log-likelihood and one KL an image, "
            f"got shapes {log_likelihood.shape} and {kl.shape}"
        )
    return log_likelihood.astype(np.float64) - kl.astype(np.float64)


def gaussian_variance(log_likelihood: np.ndarray, squared_error: np.ndarray, size: int) -> float:
    """The variance of a pixel, `s^2`, with which `gaussian_log_likelihood` gives these log-likelihoods.

    It tells whether somebody else's likelihood is such a Gaussian, and which: then it is a straight line in
    the squared error, `-squared_error / (2 s^2) - D/2 log(2 pi s^2)`.

    Parameters
    ----------
    log_likelihood, squared_error
        Shape `(n,)`, of the same images and codes.
    size
        `D`, pixels and channels of an image.

    Returns
    -------
    Above 0; NaN where there is no such variance, where a value is not finite, or where images do not differ.
    """
    errors = squared_error - squared_error.mean()
    if not (np.isfinite(log_likelihood).all() and np.square(errors).sum() > 0):
        return math.nan
    slope = (errors @ log_likelihood) / np.square(errors).sum()
    if not slope < 0:
        return math.nan
    variance = -0.5 / float(slope)
    found = -0.5 * (squared_error / variance + size * math.log(2 * math.pi * variance))
    is_so = np.allclose(found, log_likelihood, rtol=SAME, atol=SAME * size)
    return variance if is_so else math.nan


def importance_weighted_bound(
    likelihood: Likelihood,
    images: np.ndarray,
    posterior: Densities,
    prior: Density,
    generator: np.random.Generator,
    samples: int = IMPORTANCE_SAMPLES,
) -> np.ndarray:
    """Lower bound on the log-likelihood of each image from `K` codes of its posterior (Burda et al. 2016).

    `log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x)` with `z_k` drawn from the posterior `q(z|x)`. In expectation it
    is the ELBO for `K = 1`, grows with `K`, and tends to `log p(x)`; how fast depends on how well the
    posterior fits.

    Parameters
    ----------
    likelihood
        Images and as many codes `(m, k)`, float32, to `log p(x|z)`, `(m,)`, in nats.
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].
    posterior
        Of these images.
    prior
        Of the codes.
    generator
        Draws the codes, image by image: the first images have the same codes however many there are.
    samples
        `K`, at least 1.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite. Higher is
    better.

    References
    ----------
    Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016.
    """
    if samples < 1 or len(posterior.mean) != len(images):
        raise ValueError(
            "expected at least one sample and a posterior for each image, got "
            f"{samples} samples, {len(images)} images and {len(posterior.mean)} posteriors"
        )
    weights = np.empty(len(images) * samples)  # logarithms, those of one image side by side
    for start in range(0, len(weights), BLOCK_CODES):
        block = slice(start, min(start + BLOCK_CODES, len(weights)))
        rows = np.arange(block.start, block.stop) // samples
        theirs = posterior[rows]
        with np.errstate(over="ignore", invalid="ignore"):
            codes = theirs.sample(generator)
            against = prior.log_density(codes) - theirs.log_density(codes)
            weights[block] = likelihood(images[rows], codes) + against
    return scipy.special.logsumexp(weights.reshape(len(images), samples), axis=1) - math.log(samples)
