"""The aggregate posterior, what the codes of all images are together, against the prior.

`q(z) = mean_n q(z|x_n)` over `n` images. Cost grows with the square of `n`: give 2,000 images or so, chosen
at random, not all.
"""

from dataclasses import dataclass

import numpy as np
import scipy.spatial.distance

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


def split_rate(own: np.ndarray, mixture: np.ndarray, rate: np.ndarray) -> RateSplit:
    """Split the mean KL of the posteriors from the prior into mutual information and marginal KL.

    `E KL(q(z|x) || p(z)) = I(x; z) + KL(q(z) || p(z))`, where `q(z)` is the mixture of all `n` posteriors.
    The mutual information is estimated with a code an image, `mean_n log(q(z_n|x_n) / q(z_n))`, and the
    marginal KL is what remains of the mean KL. So the two add up to that exactly, and both are unbiased for
    these `n` images.

    As statements about more images than these, mutual information is too low, and marginal KL too high by
    as much: with `n` posteriors in the mixture the former cannot exceed `log n`. Where it comes near that,
    the images' codes do not overlap, and the two numbers are bounds alone.

    Parameters
    ----------
    own
        Shape `(n,)`, nats: `log q(z_n|x_n)` of a code sampled from each posterior, under its own.
    mixture
        Shape `(n,)`, nats: `log q(z_n)` of the same codes, under the mixture of all posteriors.
    rate
        Shape `(n,)`, nats: the KL of each posterior from the prior.

    Returns
    -------
    Both NaN where a number is not finite, or where there is none.

    References
    ----------
    Hoffman and Johnson, "ELBO surgery: yet another way to carve up the variational evidence lower bound",
    NIPS workshop on advances in approximate Bayesian inference, 2016.
    """
    if own.ndim != 1 or not own.shape == mixture.shape == rate.shape:
        raise ValueError(
            f"expected numbers of one shape (n,), got {own.shape}, {mixture.shape} and {rate.shape}"
        )
    if own.size == 0 or not all(np.isfinite(each).all() for each in (own, mixture, rate)):
        return RateSplit(mutual_information=float("nan"), marginal_kl=float("nan"))
    information = float((own - mixture).mean(dtype=np.float64))
    return RateSplit(
        mutual_information=information, marginal_kl=float(rate.mean(dtype=np.float64)) - information
    )


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


def mmd(codes: np.ndarray, others: np.ndarray) -> float:
    """Squared maximum mean discrepancy between codes and draws of another density, as `mmd_to_prior`.

    Parameters
    ----------
    codes, others
        Shapes `(n, k)` and `(m, k)`, any float: sampled from the posteriors, and from the prior.

    Returns
    -------
    Unbiased, so 0 on average for codes that follow the density, and then below 0 about as often as above;
    less than 2. No unit. Lower is better. NaN for fewer than two of either, or one that is not finite.
    """
    both = [each.astype(np.float64) for each in (codes, others)]
    if any(len(each) < 2 or each.size == 0 or not np.isfinite(each).all() for each in both):
        return float("nan")
    scale = 2.0 * codes.shape[1]
    within = [scipy.spatial.distance.pdist(each, "sqeuclidean") for each in both]
    across = scipy.spatial.distance.cdist(*both, "sqeuclidean")
    return float(
        sum((scale / (scale + each)).mean() for each in within) - 2 * (scale / (scale + across)).mean()
    )


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
