"""The density that principal components stand for: probabilistic PCA, whose likelihood has a closed form.

`x = W z + mean + s e` with `z` and `e` standard normal, so that `x` is `N(mean, W W' + s^2 I)`. With the
eigenvalues `l_i` of the covariance of the training images and its eigenvectors `u_i`, the likeliest `W` for a
given `s^2` has the columns `u_i sqrt(l_i - s^2)`; those of eigenvalues below `s^2` are 0, for they would make
the images vary less than the noise alone. With no component at all it is a Gaussian about the mean image.

Tipping and Bishop, "Probabilistic principal component analysis", Journal of the Royal Statistical Society B
61(3), 1999.
"""

import math

import numpy as np

from bench.models.distributions import LOG_TAU
from bench.models.likelihoods import for_each_image

LEAST_LEFT = 1e-5
"""Share of the variance of images below which nothing is left to noise: eigenvalues are no more exact."""


def log_evidence(
    images: np.ndarray, mean: np.ndarray, axes: np.ndarray, variances: np.ndarray, noise: float
) -> np.ndarray:
    """Log-likelihood of each image, whatever its code, normalising constants included.

    In the basis of the eigenvectors the covariance is diagonal: `l_i` along the components that are on and
    `s^2` along all other directions, so that no matrix of pixels by pixels is made. Images are worked through
    in blocks of bounded size.

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1], of `d` pixels and channels each.
    mean
        Shape `(d,)`, any float.
    axes
        Shape `(k, d)`, any float: orthonormal eigenvectors of the covariance, `k` from 0 to `d`.
    variances
        Shape `(k,)`, any float: their eigenvalues.
    noise
        `s^2`, above 0: the variance of a pixel given a code.

    Returns
    -------
    Shape `(n,)`, float64, in nats per image; NaN for an image with a value that is not finite. Higher is
    better.
    """
    is_on = variances > noise
    kept = variances[is_on].astype(np.float64)  # (on,)
    mean, axes = mean.astype(np.float64), axes[is_on].astype(np.float64)
    constant = mean.size * LOG_TAU + np.log(kept).sum() + (mean.size - len(kept)) * math.log(noise)

    def of_block(block: np.ndarray) -> np.ndarray:
        centred = block.reshape(len(block), -1) - mean  # (block, d)
        inside = np.square(centred @ axes.T)  # (block, on)
        outside = np.maximum(np.square(centred).sum(axis=1) - inside.sum(axis=1), 0.0)
        return -0.5 * (constant + (inside / kept).sum(axis=1) + outside / noise)

    return for_each_image(of_block, images)


def fitted_variance(variances: np.ndarray, total: float, size: int, beta: float = 1.0) -> float:
    """The `s^2` of least loss on the training images, where the KL of codes weighs `beta`.

    With `beta = 1` that under which they are most likely, the mean of the discarded eigenvalues. Else, with
    `a` components on, those of eigenvalues above `beta s^2`, each of these has a distortion of `beta s^2` and
    each other one its whole eigenvalue: `d s^2` is the sum of all. Of the numbers `a` that agree with this,
    the one of least loss is taken.

    Parameters
    ----------
    variances
        Shape `(k,)`, any float: the eigenvalues that may be kept, the largest first.
    total
        The sum of all eigenvalues, the trace of the covariance; over all images, not all but one.
    size
        `d`, how many eigenvalues there are, those that are 0 for want of images among them.
    beta
        Above 0.

    Returns
    -------
    Above 0; NaN where next to nothing is discarded, so that no variance is left to noise.
    """
    kept = variances.astype(np.float64)
    left = total - np.concatenate([[0.0], np.cumsum(kept)])  # by how many are on, 0 to k
    if len(kept) >= size or not left[-1] > LEAST_LEFT * total:
        return math.nan
    if beta == 1:
        return float(left[-1]) / (size - len(kept))
    best, found = math.inf, math.nan
    for on in range(len(kept) + 1):
        if not (share := size - on * beta) > 0:
            break
        noise = float(left[on]) / share
        if (on and kept[on - 1] <= beta * noise) or (on < len(kept) and kept[on] > beta * noise):
            continue
        loss = size * math.log(noise) + beta * float(np.log(kept[:on] / (beta * noise)).sum())
        best, found = min((best, found), (loss, noise))
    return found
