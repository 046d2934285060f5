"""Codes that a matrix decodes, of coders that are no distributions: random projections, ICA and NMF."""

import dataclasses
from collections.abc import Callable

import numpy as np

from bench.datasets import Dataset
from bench.metrics import likelihood
from bench.models.coder import Absent
from bench.tasks.baselines import components


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class LinearCode:
    """A code is a point; images are `offset + codes weights`, clipped to [0, 1].

    Attributes
    ----------
    dataset
        Whose training images it was fitted to, of `d` values each.
    name
        Of the baseline, for people.
    offset, weights
        `(d,)` and `(k, d)`, float32.
    to_codes
        Flat images `(n, d)` to codes `(n, k)`, float32; each image by itself.
    project
        Any codes `(n, k)` to the nearest that an image may have.
    """

    dataset: Dataset
    name: str
    offset: np.ndarray
    weights: np.ndarray
    to_codes: Callable[[np.ndarray], np.ndarray]
    project: Callable[[np.ndarray], np.ndarray] = lambda codes: codes

    @property
    def code_size(self) -> int:
        """`k`."""
        return len(self.weights)

    @property
    def parameter_count(self) -> int:
        """Numbers of the offset and of the weights."""
        return self.weights.size + self.offset.size

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, k)`, float32."""
        return components.coded(self.to_codes, images)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to images `(n, h, w, c)`, clipped to [0, 1]."""
        images = self.decode_unclipped(codes)
        return np.clip(images, 0, 1, out=images)

    def decode_unclipped(self, codes: np.ndarray) -> np.ndarray:
        """Codes `(n, k)` to images `(n, h, w, c)`."""
        images = self.project(codes.astype(np.float32)) @ self.weights
        images += self.offset
        return images.reshape(-1, *self.dataset.image_shape)

    def prior(self) -> Absent:
        """None."""
        return Absent(f"{self.name} has no prior")

    def posterior(self, images: np.ndarray) -> Absent:
        """None."""
        return Absent(f"{self.name} has no posterior")

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Of images `(n, h, w, c)` given codes `(n, k)`, as of the loss `mse`: `(n,)`, float64, in nats."""
        return likelihood.log_likelihood("mse", images, self.decode(codes))
