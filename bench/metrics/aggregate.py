"""The aggregate posterior, what the codes of all images are together, against the prior.

`q(z) = mean_n q(z|x_n)` over `n` images. Cost grows with the square of `n`: give 2,000 images or so, chosen
at random, not all.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy.spatial.distance

from bench.metrics.latent import kl_to_prior

QUADRATURE_STEP = 0.25


@dataclass(frozen=True, kw_only=True)
class RateSplit:
    """The KL of the posteriors from the prior in two parts, in nats per image.

    Attributes
    ----------
    mutual_information
        Between the index of an image and its code, `KL(q(z|x) || q(z))`, mean over images: at most
        `log n`, and 0 where all posteriors are the same (of its estimate, on average).
    marginal_kl
        `KL(q(z) || p(z))`, 0 where the aggregate posterior is the prior (of its estimate, on average).
    """

    mutual_information: float
    marginal_kl: float


def split_rate(mean: np.ndarray, log_variance: np.ndarray, codes: np.ndarray) -> RateSplit:
    """Split the mean KL into mutual information and marginal KL.

    `E KL(q(z|x) || p(z)) = I(x; z) + KL(q(z) || p(z))`, where `q(z)` is the mixture of all `n` posteriors.
    The mutual information is estimated with a code an image, `mean_n log(q(z_n|x_n) / q(z_n))`; the mean KL
    has a closed form, and the marginal KL is what remains. So the two add up to the mean KL exactly, and
    both are unbiased for these `n` images.

    As statements about more images than these, mutual information is too low, and marginal KL too high by
    as much: with `n` posteriors in the mixture the former cannot exceed `log n`. Where it comes near that,
    the images' codes do not overlap, and the two numbers are bounds alone.

    Parameters
    ----------
    mean, log_variance
        Shape `(n, k)`, any float: the posteriors' parameters.
    codes
        Shape `(n, k)`, any float: a code sampled from each posterior.

    Returns
    -------
    Both NaN where a parameter or code is not finite, or where there is none.

    References
    ----------
    Hoffman and Johnson, "ELBO surgery: yet another way to carve up the variational evidence lower bound",
    NIPS workshop on advances in approximate Bayesian inference, 2016.
    """
    _require_same_shape(mean, log_variance, codes)
    if codes.size == 0 or not all(np.isfinite(array).all() for array in (mean, log_variance, codes)):
        return RateSplit(mutual_information=float("nan"), marginal_kl=float("nan"))
    information = float(_log_ratios(*(a.astype(np.float64) for a in (mean, log_variance, codes))).mean())
    total = float(kl_to_prior(mean, log_variance).sum(axis=1).mean())
    return RateSplit(mutual_information=information, marginal_kl=total - information)


def mmd_to_prior(codes: np.ndarray) -> float:
    """Squared maximum mean discrepancy between codes and the standard normal prior.

    `E k(z, z') - 2 E k(z, p) + E k(p, p')` with the inverse multiquadratics kernel
    `k(a, b) = C / (C + |a - b|^2)`, `C = 2 k`: the expected squared distance of two draws from the prior.
    The first term is the mean over pairs of different codes; the prior's expectations are computed, not
    sampled.

    Parameters
    ----------
    codes
        Shape `(n, k)`, any float: sampled from the posteriors, not their means.

    Returns
    -------
    Unbiased, so 0 on average for codes that follow the prior, and then below 0 about as often as above;
    less than 2. No unit. Lower is better. NaN for fewer than two codes, or one that is not finite.

    References
    ----------
    Tolstikhin, Bousquet, Gelly and Schölkopf, "Wasserstein auto-encoders", ICLR 2018; Gretton, Borgwardt,
    Rasch, Schölkopf and Smola, "A kernel two-sample test", JMLR 13, 2012.
    """
    if len(codes) < 2 or codes.size == 0 or not np.isfinite(codes).all():
        return float("nan")
    codes = codes.astype(np.float64)
    scale = 2.0 * codes.shape[1]
    pairs = scipy.spatial.distance.pdist(codes, "sqeuclidean")  # (n (n - 1) / 2,)
    within = (scale / (scale + pairs)).mean()
    across = _kernel_to_normal((codes**2).sum(axis=1), codes.shape[1], variance=1.0).mean()
    prior = _kernel_to_normal(np.zeros(1), codes.shape[1], variance=2.0)[0]  # of a difference of two draws
    return float(within - 2 * across + prior)


def _log_ratios(mean: np.ndarray, log_variance: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`log(q(z_n|x_n) / q(z_n))` of each code: `(n,)`.

    A code at a time, in memory that is used again: four times as fast as blocks of codes in new memory. The
    squares are not multiplied out for a matrix product, which cancels where posteriors are narrow.
    """
    ratios = np.empty(len(codes))
    with np.errstate(over="ignore", invalid="ignore"):
        means, roots = (
            np.ascontiguousarray(mean.T),
            np.exp(-np.ascontiguousarray(log_variance.T) / 2),
        )  # (k, n)
        constants = -log_variance.sum(axis=1) / 2  # 2 pi cancels
        scaled = np.empty_like(means)
        for row, code in enumerate(codes):
            np.subtract(means, code[:, np.newaxis], out=scaled)
            scaled *= roots
            scaled *= scaled
            densities = constants - scaled.sum(axis=0) / 2
            highest = densities.max()
            ratios[row] = densities[row] - highest - np.log(np.exp(densities - highest).sum())
    return ratios + math.log(len(codes))


def _kernel_to_normal(squared_norms: np.ndarray, dimensions: int, variance: float) -> np.ndarray:
    """`E C / (C + |a - e|^2)` for normal `e` with this variance, of each `|a|^2`: `(n,)`.

    `C / (C + d) = integral of exp(-u) exp(-u d / C)` over `u > 0`, and the expectation of the second factor
    has a closed form. What is left is an integral in one dimension. Over `log u` it dies out on both sides
    and is smooth at whatever scale `|a|` sets, so that equal steps give it to rounding.
    """
    u = np.exp(np.arange(-36, 4, QUADRATURE_STEP))
    scale = 2.0 * dimensions
    spread = 1 + 2 * u * variance / scale
    weights = QUADRATURE_STEP * u * np.exp(-u) * spread ** (-dimensions / 2)
    return np.exp(np.multiply.outer(squared_norms, -u / (scale * spread))) @ weights  # (n, steps) @ (steps,)


def _require_same_shape(*arrays: np.ndarray) -> None:
    if len({array.shape for array in arrays}) > 1 or arrays[0].ndim != 2:
        raise ValueError(
            f"expected arrays of one shape (n, k), got {' and '.join(str(array.shape) for array in arrays)}"
        )
