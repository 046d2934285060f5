"""How near generated images are to real ones, in the features of a classifier.

Features are arrays of shape `(n, d)`, one row an image. Every measure compares a real set with a generated
one; none says anything alone, so a report puts the same measure between two real sets beside it: the floor.

scikit-learn is imported where pairs of images are compared: it takes over a second, and whoever wants a
definition alone should not wait for it.
"""

from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 5
"""Of precision, recall, density and coverage: what Naeem et al. 2020 recommend."""

_BLOCK = 2000  # rows of a kernel matrix that are in memory at a time


@dataclass(frozen=True, kw_only=True)
class Neighbourhoods:
    """Four measures from the balls that reach from each image to its k-th neighbour in its own set.

    Kynkaanniemi et al. 2019 for the first two, Naeem et al. 2020 for the others.

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


def frechet_distance(real: np.ndarray, generated: np.ndarray) -> float:
    """Frechet distance between Gaussians fitted to two sets of features (Heusel et al. 2017).

    `|m_r - m_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^(1/2))`, covariances with `n - 1`.

    Parameters
    ----------
    real, generated
        `(n, d)` and `(m, d)`, any float; at least two rows each.

    Returns
    -------
    float
        0 or more, in squared units of the features. Biased upwards for few images, so that only
        distances from as many images can be compared.
    """
    _require_features(real, generated)
    (mean, covariance), (other_mean, other_covariance) = map(_moments, (real, generated))
    # The trace of the root of a product is that of a symmetric matrix: no complex roots.
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    crossed = np.linalg.eigvalsh(root @ other_covariance @ root)
    trace = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(np.clip(crossed, 0, None)).sum()
    return max(0.0, float(((mean - other_mean) ** 2).sum() + trace))


def kernel_distance(real: np.ndarray, generated: np.ndarray) -> float:
    """Squared maximum mean discrepancy with the kernel `(x y / d + 1)^3` (Binkowski et al. 2018).

    The unbiased estimate, over all pairs: 0 on average where both sets come from one distribution, so
    that a figure below 0 is possible, and figures from different numbers of images can be compared.

    Parameters
    ----------
    real, generated
        `(n, d)` and `(m, d)`, any float; at least two rows each.
    """
    _require_features(real, generated)
    x, y = real.astype(np.float64), generated.astype(np.float64)
    within = (_kernel_sum(each, each) - _kernel_diagonal(each) for each in (x, y))
    first, second = (total / (len(e) * (len(e) - 1)) for total, e in zip(within, (x, y), strict=True))
    return float(first + second - 2 * _kernel_sum(x, y) / (len(x) * len(y)))


def neighbourhoods(real: np.ndarray, generated: np.ndarray, k: int = NEIGHBOURS) -> Neighbourhoods:
    """Precision, recall, density and coverage of generated features among real ones.

    Parameters
    ----------
    real, generated
        `(n, d)` and `(m, d)`, any float; more than `k` rows each.
    k
        The neighbour that a ball reaches to, the image itself not counted.
    """
    from sklearn.metrics.pairwise import euclidean_distances

    _require_features(real, generated, at_least=k + 1)
    x, y = real.astype(np.float64), generated.astype(np.float64)
    real_radii, generated_radii = _radii(x, k), _radii(y, k)
    nearest = np.full(len(x), np.inf)  # squared, from each real image to a generated one
    in_real, in_generated = np.zeros(len(y)), np.zeros(len(x), dtype=bool)
    for start in range(0, len(y), _BLOCK):
        block = slice(start, start + _BLOCK)
        distances = euclidean_distances(y[block], x, squared=True)  # (block, n)
        in_real[block] = (distances <= real_radii).sum(axis=1)
        in_generated |= (distances <= generated_radii[block, np.newaxis]).any(axis=0)
        nearest = np.minimum(nearest, distances.min(axis=0))
    return Neighbourhoods(
        precision=float((in_real > 0).mean()),
        recall=float(in_generated.mean()),
        density=float(in_real.mean() / k),
        coverage=float((nearest <= real_radii).mean()),
    )


def _moments(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return features.mean(axis=0, dtype=np.float64), np.atleast_2d(
        np.cov(features.astype(np.float64), rowvar=False)
    )


def _kernel_sum(x: np.ndarray, y: np.ndarray) -> float:
    from sklearn.metrics.pairwise import polynomial_kernel

    blocks = (x[start : start + _BLOCK] for start in range(0, len(x), _BLOCK))
    return float(sum(polynomial_kernel(block, y, degree=3, coef0=1).sum() for block in blocks))


def _kernel_diagonal(x: np.ndarray) -> float:
    return float((((x**2).sum(axis=1) / x.shape[1] + 1) ** 3).sum())


def _radii(features: np.ndarray, k: int) -> np.ndarray:
    """Squared distance from each row to its k-th neighbour."""
    from sklearn.neighbors import NearestNeighbors

    distances, _ = NearestNeighbors(n_neighbors=k).fit(features).kneighbors()
    return distances[:, -1] ** 2


def _require_features(real: np.ndarray, generated: np.ndarray, at_least: int = 2) -> None:
    if real.ndim != 2 or generated.ndim != 2 or real.shape[1] != generated.shape[1]:
        raise ValueError(
            f"expected two arrays (n, d) of the same d, received shapes {real.shape} and {generated.shape}"
        )
    if min(len(real), len(generated)) < at_least:
        received = f"{len(real)} and {len(generated)}"
        raise ValueError(f"expected at least {at_least} images of each kind, received {received}")
