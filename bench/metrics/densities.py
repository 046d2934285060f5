"""Two densities that are fitted to codes afterwards, to sample from: a Gaussian, and one about each code."""

import dataclasses

import numpy as np

from bench.machine import threads

MOST_CODES = 10_000
"""Codes that a density is fitted to, the first: with more, a fit takes minutes and says the same."""
MOST_UNSEEN = 500
"""Codes, the first, by which the width of kernels is chosen."""
WIDTHS = np.geomspace(0.01, 1.0, 13)
"""Of kernels, in standard deviations of the codes: those that are tried."""
_ROWS = 100  # unseen codes whose distances to all others are held at a time: 4 MB


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Scaled:
    """Codes of mean 0 and variance 1 in each dimension, `(n, k)` float64, and how they came to be that.

    A dimension in which all codes are alike is 0, and keeps its scale.
    """

    values: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    @property
    def varies(self) -> np.ndarray:
        """Whether codes differ in a dimension, `(k,)`."""
        return np.asarray(self.values.any(axis=0))

    def back(self, values: np.ndarray) -> np.ndarray:
        """Values `(m, k)` in these units to codes, float32."""
        return (values * self.scale + self.mean).astype(np.float32)

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(m, k)` in these units, float64."""
        return (codes - self.mean) / self.scale

    @classmethod
    def of(cls, codes: np.ndarray) -> "Scaled":
        """The first 10,000 codes `(n, k)`; `ValueError` where one is not finite, or there are not two."""
        codes = codes[:MOST_CODES].astype(np.float64)
        if len(codes) < 2:
            raise ValueError(f"expected 2 codes or more, received {len(codes)}")
        if not np.isfinite(codes).all():
            raise ValueError("expected finite codes, received others")
        mean, scale = codes.mean(axis=0), codes.std(axis=0)
        scale[scale == 0] = 1.0
        return cls(values=(codes - mean) / scale, mean=mean, scale=scale)


def gaussian_samples(train_codes: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Codes drawn from the Gaussian with the mean and the covariance of training codes: the likeliest one.

    Parameters
    ----------
    train_codes
        Shape `(n, k)`, finite floats, `n` at least 2; the first 10,000 are used.
    count
        How many codes to draw.
    seed
        Fixes the draws.

    Returns
    -------
    Shape `(count, k)`, float32.

    Raises
    ------
    ValueError
        If a code is not finite, or there are fewer than two.

    References
    ----------
    Ghosh, Sajjadi, Vergari, Black and Schölkopf, "From variational to deterministic autoencoders", ICLR 2020.
    """
    codes = Scaled.of(train_codes)
    with threads.as_worth(codes.values):
        covariance = codes.values.T @ codes.values / len(codes.values)  # with n, of means of 0
        values, vectors = np.linalg.eigh(covariance)
        # The symmetric root, (k, k): it is there for codes in a plane, and hangs on no choice of vectors.
        root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
        noise = np.random.default_rng(seed).standard_normal((count, len(values)))
        return codes.back(noise @ root)


def kernel_samples(train_codes: np.ndarray, unseen_codes: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Codes drawn from a kernel density estimate: a training code, moved by Gaussian noise.

    All kernels have one width in units of the standard deviation of each dimension: that of `WIDTHS` under
    which unseen codes are likeliest. Where all codes are alike nothing is moved.

    Parameters
    ----------
    train_codes
        Shape `(n, k)`, finite floats, `n` at least 2; the first 10,000 are used.
    unseen_codes
        Shape `(m, k)`, floats, of images that are neither trained nor tested on; the first 500 are used.
    count
        How many codes to draw.
    seed
        Fixes the draws.

    Returns
    -------
    Shape `(count, k)`, float32.

    Raises
    ------
    ValueError
        If a code is not finite, or there are too few.

    References
    ----------
    Silverman, "Density estimation for statistics and data analysis", 1986: likelihood cross-validation.
    """
    codes, unseen = Scaled.of(train_codes), unseen_codes[:MOST_UNSEEN]
    if not len(unseen) or not np.isfinite(unseen).all():
        raise ValueError("expected finite codes of unseen images, received none or others")
    varies = codes.varies
    likely = log_densities(codes.values[:, varies], codes(unseen)[:, varies], WIDTHS).mean(axis=1)
    width = WIDTHS[np.argmax(likely)] * varies
    generator = np.random.default_rng(seed)
    chosen = codes.values[generator.integers(len(codes.values), size=count)]
    return codes.back(chosen + width * generator.standard_normal(chosen.shape))


def log_densities(centres: np.ndarray, codes: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Of codes `(m, k)` under Gaussian kernels about centres `(n, k)`, for each width: `(w, m)`, in nats."""
    count, size = centres.shape
    found = np.empty((len(widths), len(codes)))
    squares, compared = (centres**2).sum(axis=1), centres.T
    with threads.as_worth(centres):
        for start in range(0, len(codes), _ROWS):
            block = codes[start : start + _ROWS]
            apart = (block**2).sum(axis=1)[:, np.newaxis] + squares - 2 * block @ compared  # (rows, n)
            least = np.maximum(apart.min(axis=1), 0)
            beyond = (apart - least[:, np.newaxis]).astype(np.float32)
            for i, width in enumerate(widths):
                near = np.exp(beyond * np.float32(-0.5 / width**2)).sum(axis=1, dtype=np.float64)
                found[i, start : start + _ROWS] = np.log(near) - 0.5 * least / width**2
    normal = np.log(count) + size * (np.log(widths) + 0.5 * np.log(2 * np.pi))
    return found - normal[:, np.newaxis]
