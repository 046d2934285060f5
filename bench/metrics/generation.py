"""How near generated images are to real ones, in the features of a classifier.

Every measure compares a real set with a generated one; none says anything alone, so a report puts the same
measure between two real sets beside it: the floor.
"""

import dataclasses
import functools
import math

import numpy as np

from bench.machine import threads
from bench.metrics.neighbours import nearest

NEIGHBOURS = 5
"""Of precision, recall, density and coverage: what Naeem et al. 2020 recommend."""

_BLOCK = 1000  # images whose moments are formed at a time
_ROWS = 100  # of a matrix of pairs: those of 10,000 images stay in the cache
_ROUNDING = 4e-6  # of a squared distance in float32, over the two squares that it is computed from


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """Features of a set of images, with what every comparison needs of them, computed once.

    Attributes
    ----------
    values
        Shape `(n, d)`, finite floats, one row an image; `n` at least 2. Memory and time of the kernel
        distance grow with `d ** 3`: a few hundred at most.
    neighbours
        A ball reaches from each image to this neighbour in its own set, the image itself not counted.

    Raises
    ------
    ValueError
        For another shape, fewer than two rows, or a value that is not finite.
    """

    values: np.ndarray
    neighbours: int = NEIGHBOURS

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or len(self.values) < 2:
            raise ValueError(f"expected features (n, d) of 2 images or more, received {self.values.shape}")
        if not np.isfinite(self.values).all():
            raise ValueError("expected finite features, received others")

    @functools.cached_property
    def mean(self) -> np.ndarray:
        """Shape `(d,)`, float64."""
        return self.values.mean(axis=0, dtype=np.float64)

    @functools.cached_property
    def covariance(self) -> np.ndarray:
        """Shape `(d, d)`, float64, with `n - 1`."""
        centred = self.values - self.mean
        return centred.T @ centred / (len(centred) - 1)

    @functools.cached_property
    def moments(self) -> tuple[np.ndarray, ...]:
        """Sums over images of `x`, `x x` and `x x x` (outer products) with `x = values / sqrt(d)`."""
        dimensions = self.values.shape[1]
        first, second = np.zeros(dimensions), np.zeros((dimensions, dimensions))
        third = np.zeros((dimensions, dimensions**2))
        for start in range(0, len(self.values), _BLOCK):
            x = self.values[start : start + _BLOCK] / math.sqrt(dimensions)
            x = x.astype(np.float64)
            first += x.sum(axis=0)
            second += x.T @ x
            third += x.T @ (x[:, :, np.newaxis] * x[:, np.newaxis, :]).reshape(len(x), -1)
        return first, second, third

    @functools.cached_property
    def radii(self) -> np.ndarray:
        """Squared distance from each image to its k-th neighbour, `(n,)`; infinite if there are too few."""
        if len(self.values) <= self.neighbours:
            return np.full(len(self.values), np.inf)
        return nearest(self.values, self.values, self.neighbours + 1)[1][:, -1] ** 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Neighbourhoods:
    """Four measures from the balls that reach from each image to its k-th neighbour in its own set.

    Kynkäänniemi et al. 2019 for the first two, Naeem et al. 2020 for the others.

    Attributes
    ----------
    precision
        Share of generated images in the ball of some real one, in [0, 1]: are they realistic?
    recall
        Share of real images in the ball of some generated one, in [0, 1]: is there all that is real?
    density
        Real balls that a generated image lies in, over k, a mean; about 1 for real images, unbounded.
        One odd real image with a large ball does not raise it as it raises precision.
    coverage
        Share of real images whose ball holds a generated one, in [0, 1].
    """

    precision: float
    recall: float
    density: float
    coverage: float


def frechet_distance(real: Features, generated: Features) -> float:
    """Frechet distance between Gaussians fitted to two sets of features (Heusel et al. 2017).

    `|m_r - m_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^(1/2))`, covariances with `n - 1`.

    Returns
    -------
    float
        0 or more, in squared units of the features. Biased upwards for few images, so that only
        distances from as many images can be compared.
    """
    _require_one_space(real, generated)
    # The trace of the root of a product is that of a symmetric matrix: no complex roots.
    with threads.as_worth(real.covariance, generated.covariance):
        values, vectors = np.linalg.eigh(real.covariance)
        root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
        crossed = np.linalg.eigvalsh(root @ generated.covariance @ root)
    trace = np.trace(real.covariance) + np.trace(generated.covariance)
    trace -= 2 * np.sqrt(np.clip(crossed, 0, None)).sum()
    return max(0.0, float(((real.mean - generated.mean) ** 2).sum() + trace))


def kernel_distance(real: Features, generated: Features) -> float:
    """Squared maximum mean discrepancy with the kernel `(x y / d + 1)^3` (Bińkowski et al. 2018).

    The unbiased estimate, over all pairs: 0 on average where both sets come from one distribution, so
    that a figure below 0 is possible, and figures from different numbers of images can be compared.
    Pairs are summed without being formed: a kernel that is a polynomial is a product of moments.
    """
    _require_one_space(real, generated)
    within = [(_kernel_sum(each, each) - _kernel_diagonal(each)) for each in (real, generated)]
    n, m = len(real.values), len(generated.values)
    across = _kernel_sum(real, generated) / (n * m)
    return within[0] / (n * (n - 1)) + within[1] / (m * (m - 1)) - 2 * across


def neighbourhoods(real: Features, generated: Features) -> Neighbourhoods:
    """Precision, recall, density and coverage of generated features among real ones.

    Raises
    ------
    ValueError
        If a set has not more images than `neighbours`.
    """
    _require_one_space(real, generated)
    k = real.neighbours
    if min(len(real.values), len(generated.values)) <= k:
        received = f"{len(real.values)} and {len(generated.values)}"
        raise ValueError(f"expected at least {k + 1} images of each kind, received {received}")
    x = (real.values - real.mean).astype(np.float32)
    y = (generated.values - real.mean).astype(np.float32)
    real_radii, generated_radii = (each.radii.astype(np.float32) for each in (real, generated))
    # `(y, 1)` times this is the squared distance, less the square of y. Squares count a little less, so that
    # the neighbour on the rim of a ball lies in it, and equal images lie in balls without extent.
    kept = np.float32(1 - _ROUNDING)
    compared = np.vstack([-2 * x.T, kept * np.einsum("ij,ij->i", x, x)])
    in_real, covered, recalled = np.zeros(len(y)), np.zeros(len(x), dtype=bool), np.zeros(len(x), dtype=bool)
    for start in range(0, len(y), _ROWS):
        block = y[start : start + _ROWS]
        distances = np.column_stack([block, np.ones(len(block), np.float32)]) @ compared  # (rows, n)
        distances += kept * np.einsum("ij,ij->i", block, block)[:, np.newaxis]
        reached = distances <= real_radii
        in_real[start : start + _ROWS] = np.count_nonzero(reached, axis=1)
        covered |= reached.any(axis=0)
        recalled |= (distances <= generated_radii[start : start + _ROWS, np.newaxis]).any(axis=0)
    return Neighbourhoods(
        precision=float((in_real > 0).mean()),
        recall=float(recalled.mean()),
        density=float(in_real.mean() / k),
        coverage=float(covered.mean()),
    )


def nearest_known(known: np.ndarray, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The known image that is nearest to each image by pixels: what a model has learnt by heart is near.

    Parameters
    ----------
    known, images
        Shapes `(n, ...)` and `(m, ...)`, finite floats.

    Returns
    -------
    Indices of known images, and Euclidean distances in float64, in units of the pixels: `(m,)` each.
    """
    found = nearest(known.reshape(len(known), -1), images.reshape(len(images), -1), 1)
    return found[0][:, 0], found[1][:, 0]


def distance_to_nearest(known: np.ndarray, images: np.ndarray) -> np.ndarray:
    """The distances of `nearest_known` alone."""
    return nearest_known(known, images)[1]


def _kernel_sum(x: Features, y: Features) -> float:
    """Over all pairs `(s + 1)^3 = 1 + 3 s + 3 s^2 + s^3`, where `s` is the scaled product of a pair."""
    pairs = len(x.values) * len(y.values)
    products = [float(np.vdot(a, b)) for a, b in zip(x.moments, y.moments, strict=True)]
    return pairs + 3 * products[0] + 3 * products[1] + products[2]


def _kernel_diagonal(x: Features) -> float:
    values = x.values.astype(np.float64)
    return float((((values**2).mean(axis=1) + 1) ** 3).sum())


def _require_one_space(real: Features, generated: Features) -> None:
    if real.values.shape[1] != generated.values.shape[1]:
        raise ValueError(
            "expected features (n, d) of the same d, "
            f"received shapes {real.values.shape} and {generated.values.shape}"
        )
