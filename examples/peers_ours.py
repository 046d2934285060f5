"""Ours, trained beside the others for the seconds alone: see examples/peers.py."""

import dataclasses
import pathlib
from collections.abc import Callable

from bench.ask import grid
from bench.ask.trial import Trial
from bench.datasets import Dataset
from bench.training.fit import fit

MODELS = {
    "vae": "vae",
    "wae_mmd": "wae_mmd",
    "beta_tc_vae": "beta_tc_vae",
    "rae_l2": "rae",
}
GRID = pathlib.Path(__file__).with_name("peers_seconds.toml")


def trial(name: str, seed: int) -> Trial:
    """What a model of theirs is held against: ours, of the grid."""
    trials = grid.load(str(GRID)).trials("torch")
    return next(one for one in trials if (one.model, one.seed) == (MODELS[name], seed))


def fitting(name: str, seed: int, dataset: Dataset, epochs: int | None = None) -> Callable[[], object]:
    """What trains it when called."""
    asked = trial(name, seed)
    if epochs is not None:
        asked = dataclasses.replace(asked, epochs=epochs)
    return lambda: fit(asked, dataset)
