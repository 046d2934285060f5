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
GRID = pathlib.Path(__file__).with_name("peers.toml")


def trial(name: str, seed: int) -> Trial:
    """That of the grid which a model of theirs is held against."""
    found = next(one for one in grid.load(str(GRID)).trials("torch") if one.model == MODELS[name])
    return dataclasses.replace(found, seed=seed)


def fitting(name: str, seed: int, dataset: Dataset, epochs: int | None = None) -> Callable[[], object]:
    """What trains it when called."""
    asked = trial(name, seed)
    if epochs is not None:
        asked = dataclasses.replace(asked, epochs=epochs)
    return lambda: fit(asked, dataset)
