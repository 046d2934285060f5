"""Log-likelihoods with their normalising constants, and the evidence lower bound.

The three training losses are negative log-likelihoods short of a constant. With the constants they are in
nats, and a model's likelihood can stand beside the KL divergence that it is traded against. Densities and
probabilities are on different scales all the same: compare an ELBO only with those of the same loss.
"""

import math

import numpy as np

from bench.metrics import reconstruction

LOSSES = ("bce", "mae", "mse")


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
