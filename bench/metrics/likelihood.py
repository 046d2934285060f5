"""Log-likelihoods with their normalising constants, the evidence lower bound, and a tighter one.

The three training losses are negative log-likelihoods short of a constant. With the constants they are in
nats, and a model's likelihood can stand beside the KL divergence that it is traded against. Densities and
probabilities are on different scales all the same: compare an ELBO only with those of the same loss.
"""

import math
from collections.abc import Callable

import numpy as np
import scipy.special

from bench.metrics import reconstruction

LOSSES = ("bce", "mae", "mse")

IMPORTANCE_SAMPLES = 100
"""Codes for each image in the importance-weighted bound, its K."""

BLOCK_CODES = 1000
"""Codes that are decoded at a time, whatever K and the number of images: what a network takes in a batch."""

Decode = Callable[[np.ndarray], np.ndarray]


def log_likelihood(loss: str, images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Log-likelihood of each image under the distribution that a loss stands for.

    With `D` pixels and channels an image:

    - `mse`: Gaussian with variance 1/2, `-squared_error - D/2 log(pi)`
    - `mae`: Laplace with scale 1, `-absolute_error - D log(2)`
    - `bce`: Bernoulli, `-cross_entropy`. Exact for black-and-white images; for grey ones a
      pseudo-likelihood, whose integral over all images is not 1 (Loaiza-Ganem and Cunningham 2019).

    Parameters
    ----------
    loss
        `mse`, `mae` or `bce`.
    images, reconstructions
        Shape `(n, height, width, channels)`, floats in [0, 1]; reconstructions are the distribution's
        location (for `bce` the probabilities).

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite. Higher is
    better.
    """
    dimensions = math.prod(images.shape[1:])
    if loss == "mse":
        return -reconstruction.squared_error(images, reconstructions) - dimensions / 2 * math.log(math.pi)
    if loss == "mae":
        return -reconstruction.absolute_error(images, reconstructions) - dimensions * math.log(2)
    if loss == "bce":
        return -reconstruction.cross_entropy(images, reconstructions)
    raise ValueError(f"unknown loss {loss!r}; known: {', '.join(LOSSES)}")


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


def importance_weighted_bound(
    loss: str,
    images: np.ndarray,
    posterior: tuple[np.ndarray, np.ndarray],
    decode: Decode,
    generator: np.random.Generator,
    samples: int = IMPORTANCE_SAMPLES,
) -> np.ndarray:
    """Lower bound on the log-likelihood of each image from `K` codes of its posterior (Burda et al. 2016).

    `log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x)` with `z_k` drawn from the Gaussian posterior `q(z|x)` and a
    standard normal prior. In expectation it is the ELBO for `K = 1`, grows with `K`, and tends to
    `log p(x)`; how fast depends on how well the posterior fits. Densities come from the loss as in
    `log_likelihood`.

    Parameters
    ----------
    loss
        `mse`, `mae` or `bce`.
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].
    posterior
        Mean and log-variance, `(n, k)` each, any float.
    decode
        Codes `(m, k)`, float32, to the distribution's location `(m, height, width, channels)`.
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
    mean, log_variance = (parameter.astype(np.float64) for parameter in posterior)
    if samples < 1 or mean.shape != log_variance.shape or len(mean) != len(images):
        raise ValueError(
            "expected at least one sample and a mean and a log-variance for each image, got "
            f"{samples} samples, {len(images)} images and shapes {mean.shape} and {log_variance.shape}"
        )
    weights = np.empty(len(images) * samples)  # logarithms, those of one image side by side
    for start in range(0, len(weights), BLOCK_CODES):
        block = slice(start, min(start + BLOCK_CODES, len(weights)))
        rows = np.arange(block.start, block.stop) // samples
        noise = generator.standard_normal((len(rows), mean.shape[1]))
        weights[block] = _log_weights(loss, images[rows], (mean[rows], log_variance[rows]), decode, noise)
    return scipy.special.logsumexp(weights.reshape(len(images), samples), axis=1) - math.log(samples)


def _log_weights(
    loss: str,
    images: np.ndarray,
    posterior: tuple[np.ndarray, np.ndarray],
    decode: Decode,
    noise: np.ndarray,
) -> np.ndarray:
    """`log p(x|z) + log p(z) - log q(z|x)` of each image with the code that its noise makes, `(n,)`."""
    mean, log_variance = posterior
    with np.errstate(over="ignore", invalid="ignore"):
        codes = mean + np.exp(log_variance / 2) * noise
        # The normalising constants of the two Gaussians cancel.
        prior_to_posterior = 0.5 * (noise**2 + log_variance - codes**2).sum(axis=1)
        return log_likelihood(loss, images, decode(codes.astype(np.float32))) + prior_to_posterior
