"""Distributions of codes: `Density` and `Densities` of `models.coder`, in NumPy and float64."""

import dataclasses
import math

import numpy as np
import scipy.special

from .coder import Density

LOG_TAU = math.log(2 * math.pi)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class StandardNormal:
    """`N(0, I)` over codes of `size` numbers."""

    size: int
    text: str = "N(0, I)"

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """Codes `(count, size)`, float32."""
        return generator.standard_normal((count, self.size), dtype=np.float32)

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """Of codes `(n, size)`: `(n,)`, float64, in nats."""
        return -0.5 * (_squares(codes).sum(axis=1) + self.size * LOG_TAU)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Gaussians:
    """A Gaussian with a diagonal covariance for each image.

    Attributes
    ----------
    mean, log_variance
        `(n, k)`, float32.
    """

    mean: np.ndarray
    log_variance: np.ndarray

    def __getitem__(self, rows: np.ndarray | slice) -> "Gaussians":
        """Those of some of the images."""
        return Gaussians(mean=self.mean[rows], log_variance=self.log_variance[rows])

    def sample(self, generator: np.random.Generator) -> np.ndarray:
        """A code of each, `(n, k)`, float32."""
        noise = generator.standard_normal(self.mean.shape, dtype=np.float32)
        codes: np.ndarray = self.mean + np.exp(self.log_variance / 2) * noise
        return codes.astype(np.float32, copy=False)

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """Of a code `(n, k)` of each, under its own: `(n,)`, float64, in nats."""
        log_variance = self.log_variance.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            # As in a mixture of one, to the last bit: what one image has in common with itself is all.
            scaled = (self.mean - codes.astype(np.float64)) * np.exp(-log_variance / 2)
            return -(log_variance + LOG_TAU).sum(axis=1) / 2 - np.square(scaled.T).sum(axis=0) / 2

    def kl(self, prior: Density) -> np.ndarray | None:
        """From `N(0, I)`, as `kl_to_prior`; None for another prior."""
        is_standard = isinstance(prior, StandardNormal)
        return kl_to_prior(self.mean, self.log_variance) if is_standard else None

    def log_mixture(self, codes: np.ndarray) -> np.ndarray:
        """Of codes `(n, k)`, under the mixture of all: `(n,)`, float64, in nats."""
        return mixture_log_density(codes, self.mean, self.log_variance)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Mixture:
    """A mixture of Gaussians with diagonal covariances.

    Attributes
    ----------
    mean, log_variance
        `(components, k)`, any float.
    log_weights
        `(components,)`, float64, of which the exponentials sum to 1; None where all weigh alike.
    """

    mean: np.ndarray
    log_variance: np.ndarray
    text: str
    log_weights: np.ndarray | None = None

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """Codes `(count, k)`, float32."""
        if self.log_weights is None:
            rows = generator.integers(len(self.mean), size=count)
        else:
            weights = np.exp(self.log_weights - scipy.special.logsumexp(self.log_weights))
            rows = generator.choice(len(self.mean), size=count, p=weights)
        noise = generator.standard_normal((count, self.mean.shape[1]))
        return (self.mean[rows] + np.exp(self.log_variance[rows] / 2) * noise).astype(np.float32)

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """Of codes `(n, k)`: `(n,)`, float64, in nats."""
        return mixture_log_density(codes, self.mean, self.log_variance, self.log_weights)


def kl_to_prior(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    """KL divergence of a diagonal Gaussian posterior from the standard normal prior, for each dimension.

    `KL(N(mean, exp(log_variance)) || N(0, 1)) = (mean^2 + exp(log_variance) - 1 - log_variance) / 2`

    Parameters
    ----------
    mean, log_variance
        Shape `(n, k)`, any float: the posterior's parameters.

    Returns
    -------
    Shape `(n, k)`, float64, at least 0, in nats; the sum over `k` is the rate of an image. NaN stays NaN.

    References
    ----------
    Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014, appendix B.
    """
    mean, log_variance = mean.astype(np.float64), log_variance.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        # expm1, because exp(v) - 1 - v cancels to noise, even below 0, for a posterior close to the prior.
        return 0.5 * (mean**2 + (np.expm1(log_variance) - log_variance))


def mixture_log_density(
    codes: np.ndarray, mean: np.ndarray, log_variance: np.ndarray, log_weights: np.ndarray | None = None
) -> np.ndarray:
    """`log sum_c w_c N(code; mean_c, exp(log_variance_c))` of each code: `(n,)`, float64, in nats.

    A code at a time, in memory that is used again: four times as fast as blocks of codes in new memory. The
    squares are not multiplied out for a matrix product, which cancels where components are narrow.

    Parameters
    ----------
    codes
        `(n, k)`, any float.
    mean, log_variance
        `(c, k)`, any float.
    log_weights
        `(c,)`; None for `1/c` each.
    """
    codes, mean, log_variance = (each.astype(np.float64) for each in (codes, mean, log_variance))
    found = np.empty(len(codes))
    with np.errstate(over="ignore", invalid="ignore"):
        means, roots = (
            np.ascontiguousarray(mean.T),
            np.exp(-np.ascontiguousarray(log_variance.T) / 2),
        )  # (k, c)
        weights = -math.log(len(mean)) if log_weights is None else log_weights
        constants = -(log_variance + LOG_TAU).sum(axis=1) / 2 + weights
        scaled = np.empty_like(means)
        for row, code in enumerate(codes):
            np.subtract(means, code[:, np.newaxis], out=scaled)
            scaled *= roots
            scaled *= scaled
            found[row] = scipy.special.logsumexp(constants - scaled.sum(axis=0) / 2)
    return found


def _squares(values: np.ndarray) -> np.ndarray:
    return np.square(values.astype(np.float64))
