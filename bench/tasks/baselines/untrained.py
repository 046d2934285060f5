"""The encoder of an architecture before it is trained: what its shape alone makes of images."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from bench.ask import axes
from bench.ask.trial import Baseline
from bench.datasets import Dataset
from bench.models import catalogue
from bench.models.coder import Absent

if TYPE_CHECKING:
    from bench.models.autoencoder import Autoencoder

SEED = 0  # of the initial weights
_NO_IMAGES = "an untrained decoder knows nothing of images"


def untrained(baseline: Baseline, dataset: Dataset) -> "UntrainedEncoder":
    """The encoder of a plain autoencoder with its initial weights."""
    options = dict(baseline.options)
    card = baseline.cards.architecture(str(options["architecture"]))
    model = catalogue.create(
        "ae",
        image_shape=dataset.image_shape,
        architecture=card.name,
        architecture_options={
            name: options.get(name, option.default) for name, option in card.named_options.items()
        },
        latent_dim=baseline.latent_dim,
        activation=card.defaults.get("activation", axes.COMMON["activation"].default),
        seed=SEED,
    )
    return UntrainedEncoder(model=model)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class UntrainedEncoder:
    """Codes alone: they are compared with those of encoders that were trained."""

    model: "Autoencoder"

    @property
    def code_size(self) -> int:
        """Numbers of a code."""
        return self.model.latent_dim

    @property
    def parameter_count(self) -> int:
        """Of the encoder."""
        return int(self.model.encoder.count_params())

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images `(n, h, w, c)` to codes `(n, m)`, float32."""
        return self.model.encode(images)

    def decode(self, codes: np.ndarray) -> Absent:
        """None."""
        return Absent(_NO_IMAGES)

    def prior(self) -> Absent:
        """None."""
        return Absent("an untrained encoder has no prior")

    def posterior(self, images: np.ndarray) -> Absent:
        """None."""
        return Absent("an untrained encoder has no posterior")

    def log_likelihood(self, images: np.ndarray, codes: np.ndarray) -> Absent:
        """None."""
        return Absent(_NO_IMAGES)
