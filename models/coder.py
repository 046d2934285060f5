"""What can be measured: whoever encodes and decodes, and says what else it has.

A trained model, PCA, raw pixels and a network that was trained elsewhere are coders. What one has beyond
its two functions (a prior, a posterior, a likelihood) it says; what it has not, it says why: `Absent`.
Arrays of NumPy go in and come out, and nothing here needs Keras.
"""

import dataclasses
from typing import Any, Protocol, runtime_checkable

import numpy as np


@dataclasses.dataclass(frozen=True)
class Absent:
    """What a coder does not have, and why: `Absent("trained with none")`. It counts as false.

    Attributes
    ----------
    reason
        A few words, as they stand in the place of a number.
    instead
        What is used all the same where something has to be, such as a prior to draw codes from.
    """

    reason: str
    instead: "Sampler | None" = None

    def __bool__(self) -> bool:
        return False


class Sampler(Protocol):
    """Whoever draws codes, whether or not their density has a closed form."""

    @property
    def text(self) -> str:
        """What it is, for people: `N(0, I)`, `a mixture of 500 posteriors`. The one place that says it."""

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """Codes `(count, m)`, float32."""


class Density(Sampler, Protocol):
    """A distribution of codes, such as a prior, or what is fitted to codes afterwards."""

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """Of codes `(n, m)`, any float: `(n,)`, float64, in nats."""


class Densities(Protocol):
    """A distribution of codes for each of `n` images: posteriors."""

    @property
    def mean(self) -> np.ndarray:
        """`(n, m)`, float32: what `encode` gives."""

    def sample(self, generator: np.random.Generator) -> np.ndarray:
        """A code of each, `(n, m)`, float32."""

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """Of a code `(n, m)` of each, under its own: `(n,)`, float64, in nats."""

    def kl(self, prior: Density) -> np.ndarray | None:
        """From a prior, `(n, k)` by dimension, float64, in nats; None where no closed form is known."""

    def __getitem__(self, rows: np.ndarray | slice) -> "Densities":
        """Those of some of the images."""


@runtime_checkable
class Paired(Protocol):
    """Densities that can be asked about codes of other images, as an aggregate of them needs."""

    def log_mixture(self, codes: np.ndarray) -> np.ndarray:
        """Of codes `(n, m)`, under the mixture of all: `(n,)`, float64, in nats."""


class Coder(Protocol):
    """Whoever encodes, and mostly decodes."""

    @property
    def code_size(self) -> int:
        """`m`, the numbers of a code; 0 where all images have the same."""

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` in [0, 1] to codes `(n, m)`, float32; the same each time."""

    def decode(self, codes: np.ndarray) -> np.ndarray | Absent:
        """Any real codes `(n, m)`, brought to the coder's space of codes, to MEAN images `(n, h, w, c)`.

        Absent, whatever the codes, where nothing is worth decoding.
        """

    def prior(self) -> Density | Absent:
        """What its codes are drawn from, to generate."""

    def posterior(self, images: np.ndarray) -> Densities | Absent:
        """Where the codes of images `(n, h, w, c)` may lie."""

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> np.ndarray | Absent:
        """Of images `(n, h, w, c)` given codes `(n, m)`: `(n,)`, float64, in nats, constants included."""


@runtime_checkable
class Exact(Protocol):
    """A coder under which the density of an image is known whatever its code: no bound on it is needed."""

    def log_evidence(self, images: np.ndarray, variance: Any) -> np.ndarray | Absent:
        """Of images `(n, h, w, c)` if pixels have this variance given a code: `(n,)`, float64, in nats.

        One variance for all, or one for each value of an image, `(d,)`, as `fitted_variance` gives it. Absent
        where pixels cannot have the same.
        """

    def fitted_variance(self) -> float | np.ndarray | Absent:
        """The variance of a pixel given a code under which the training images are most likely."""


@runtime_checkable
class Unclipped(Protocol):
    """A coder whose images may leave [0, 1] before they are clipped to it."""

    def decode_unclipped(self, codes: np.ndarray) -> np.ndarray:
        """As `decode`, but not clipped."""


@runtime_checkable
class StandIn(Protocol):
    """A coder that cannot generate, and names images that are looked at in the place of samples."""

    def stand_in(self, count: int) -> np.ndarray:
        """Images `(count, h, w, c)` in [0, 1], or as many as there are."""
