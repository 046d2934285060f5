"""Numbers of images by class, and how they are spread."""

import numpy as np

QUANTILES = (0.05, 0.5, 0.95)
"""Nine images in ten lie between the outer two."""


def class_means(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of a number over the images of each class.

    Parameters
    ----------
    values
        Shape `(n,)`, any float: a number for each image.
    labels
        Shape `(n,)`, integers.

    Returns
    -------
    The classes that occur, `(c,)`, ascending, and the mean of each, `(c,)`, float64, in the unit of the
    values. A class with a value that is NaN has a mean of NaN, and the others keep theirs.
    """
    if values.shape != labels.shape:
        raise ValueError(
            f"expected a value and a label an image, got shapes {values.shape} and {labels.shape}"
        )
    classes, members = np.unique(labels, return_inverse=True)
    sums = np.bincount(members, weights=values, minlength=len(classes))
    return classes, sums / np.bincount(members, minlength=len(classes))


def quantiles(values: np.ndarray) -> np.ndarray:
    """5 %, 50 % and 95 % quantiles of a number over images, interpolated linearly between neighbours.

    Parameters
    ----------
    values
        Shape `(n,)`, any float.

    Returns
    -------
    Shape `(3,)`, float64, ascending, in the unit of the values; all NaN if there is none, or if one is NaN.
    """
    if len(values) == 0:
        return np.full(len(QUANTILES), np.nan)
    return np.quantile(values.astype(np.float64), QUANTILES)
