"""A trained model and a data set -> how likely the model finds the test images."""

import numpy as np

from bench.datasets import Dataset
from bench.measurement import NOISE_SEED, Notes
from bench.metrics import likelihood
from models.autoencoder import Autoencoder
from models.variational import VariationalAutoencoder

MOST_IMAGES = 1000  # K codes each: a hundred times the work of one pass over them


def add(notes: Notes, model: Autoencoder, dataset: Dataset, loss: str) -> None:
    """The importance-weighted bound on the first test images; the noise is the same for every trial."""
    if not isinstance(model, VariationalAutoencoder):
        notes.add("test_iw_bound", None, "a model without a posterior")
        return
    images = dataset.test.images[:MOST_IMAGES]
    generator = np.random.default_rng(NOISE_SEED)
    bounds = likelihood.importance_weighted_bound(
        loss, images, model.posterior(images), model.decode, generator
    )
    notes.add("test_iw_bound", bounds.mean())
