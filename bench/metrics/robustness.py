"""Corrupted images, and how well a score tells images of another kind from those a model knows.

Images are `(n, height, width, channels)`, floats in [0, 1]. Corruptions are drawn by NumPy: one generator
gives the same ones on every backend and for every model.

scikit-learn is imported where scores are ranked: it takes over a second.
"""

import numpy as np

SIGMAS = (0.1, 0.3)
"""Standard deviations of the noise, in units of the range from black to white."""

_BLOCK = 1000  # images whose noise is in memory at a time


def noisy(images: np.ndarray, sigma: float, generator: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise to every pixel and clip to [0, 1] (Hendrycks and Dietterich 2019).

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].
    sigma
        Standard deviation of the noise before it is clipped, in units of the range; at least 0.

    Returns
    -------
    Of the shape and dtype of `images`, in [0, 1].

    References
    ----------
    Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions and
    perturbations", ICLR 2019.
    """
    corrupted = np.empty(images.shape, images.dtype)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        noise = generator.standard_normal(block.shape, dtype=np.float32)
        corrupted[start : start + _BLOCK] = np.clip(block + sigma * noise, 0, 1)
    return corrupted


def occluded(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Cover a square of each image with black, 0 in all channels.

    Its side is half the shorter side of the image, rounded down, and at least a pixel; all positions within
    the image are equally likely.

    Parameters
    ----------
    images
        Shape `(n, height, width, channels)`, floats in [0, 1].

    Returns
    -------
    Of the shape and dtype of `images`.
    """
    count, height, width, _ = images.shape
    side = max(1, min(height, width) // 2)
    tops = generator.integers(0, height - side + 1, count)
    lefts = generator.integers(0, width - side + 1, count)
    corrupted = np.array(images)
    for image, top, left in zip(corrupted, tops, lefts, strict=True):
        image[top : top + side, left : left + side] = 0
    return corrupted


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Area under the ROC curve of a score that is to be higher out of distribution.

    The probability that an image from outside has a higher score than one from inside, where a tie counts
    as half: 0.5 is a guess, and below it the order is the wrong way round.

    Parameters
    ----------
    inside, outside
        Shapes `(n,)` and `(m,)`: scores of images of the known kind, and of another.

    Returns
    -------
    In [0, 1]; NaN if either is empty, or if a score is not finite.

    References
    ----------
    Hendrycks and Gimpel, "A baseline for detecting misclassified and out-of-distribution examples in neural
    networks", ICLR 2017.
    """
    import sklearn.metrics

    scores = np.concatenate([inside, outside])
    if inside.size == 0 or outside.size == 0 or not np.isfinite(scores).all():
        return float("nan")
    labels = np.repeat([0, 1], [len(inside), len(outside)])
    return float(sklearn.metrics.roc_auc_score(labels, scores))
