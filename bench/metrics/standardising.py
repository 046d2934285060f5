"""Codes as classifiers and clusters see them: centred by the training codes and scaled, in two ways."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

BLOCK_VALUES = 2**21
"""Values centred at once: 8 MB in float32, where 50,000 images of 784 pixels at once would take 157 MB."""


@dataclass(frozen=True, kw_only=True)
class Standardising:
    """Mean and scale of codes, to be taken from these or from others.

    Attributes
    ----------
    mean, scale
        Shape `(k,)`, float64; the scale of what does not vary is 1, so that it is centred only.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray) -> "Standardising":
        """Each column by its own deviation, of codes `(n, k)`, any float, at least one.

        Deviations are of the population. A dimension that hardly varies weighs as much as any other then.
        """
        mean, variance = _moments(codes)
        scale = np.sqrt(variance)
        scale[variance == 0] = 1.0
        return cls(mean=mean, scale=scale)

    @classmethod
    def whole(cls, codes: np.ndarray) -> "Standardising":
        """All columns by one number, the root of their mean variance: codes as they are, in a unit of theirs.

        What one dimension weighs against another stays, and neither neighbours nor clusters change. The
        number lets one strength of a penalty mean the same for the codes of every model.
        """
        mean, variance = _moments(codes)
        scale = np.full(len(mean), np.sqrt(variance.mean()))
        scale[scale == 0] = 1.0
        return cls(mean=mean, scale=scale)

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(m, k)`, standardised, in float32."""
        with np.errstate(invalid="ignore", over="ignore"):
            standardised = _centred(codes, self.mean)
            standardised /= self.scale
        return standardised


Scaling = Callable[[np.ndarray], Standardising]
"""From training codes: `Standardising.of` or `Standardising.whole`."""


def standardised(
    train_codes: np.ndarray, test_codes: np.ndarray, scaling: Scaling = Standardising.of
) -> tuple[np.ndarray, np.ndarray]:
    """Both sets in float32, centred and scaled by the training codes; without those, as they are."""
    if train_codes.size == 0:
        return train_codes, test_codes
    standardise = scaling(train_codes)
    return standardise(train_codes), standardise(test_codes)


def can_classify(train_codes: np.ndarray, train_labels: np.ndarray, test_codes: np.ndarray) -> bool:
    """Whether there are codes on both sides, all finite, and two classes or more to train on."""
    return bool(
        train_codes.size > 0
        and test_codes.size > 0
        and len(np.unique(train_labels)) > 1
        and np.isfinite(train_codes).all()
        and np.isfinite(test_codes).all()
    )


def _moments(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each column, `(k,)` each; that of a constant is 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        mean = codes.mean(axis=0, dtype=np.float64)
        variance = _squares(codes, mean) / len(codes)
    # The rounded mean of a constant leaves a deviation of about 1e-17: not exactly 0, but not a scale.
    variance[codes.min(axis=0) == codes.max(axis=0)] = 0.0
    return mean, variance


def _squares(codes: np.ndarray, mean: np.ndarray) -> np.ndarray:
    rows = max(1, BLOCK_VALUES // codes.shape[1])
    total = np.zeros(codes.shape[1])
    for start in range(0, len(codes), rows):
        centred = _centred(codes[start : start + rows], mean)
        total += np.einsum("ij,ij->j", centred, centred, dtype=np.float64)
    return total


def _centred(codes: np.ndarray, mean: np.ndarray) -> np.ndarray:
    # Subtracted in float64 and rounded after, without a float64 copy of the whole: 300 MB for pixels.
    return np.subtract(codes, mean, out=np.empty(codes.shape, np.float32), casting="same_kind")
