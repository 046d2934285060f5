"""Every network is timed, however few images a data set has."""

import dataclasses

import numpy as np
import pytest

from bench import measures
from bench.ask import grid
from bench.datasets import Dataset
from bench.running.execution import turns
from bench.training import timing
from tests.conftest import BACKEND


def few(digits: Dataset, count: int) -> Dataset:
    """The digits with so many training images."""
    train = dataclasses.replace(
        digits.train, images=digits.train.images[:count].copy(), labels=digits.train.labels[:count]
    )
    return dataclasses.replace(digits, train=train)


@pytest.mark.parametrize(("model", "architecture"), [("ae", "dense"), ("vae", "conv")])
@pytest.mark.parametrize("count", [1, 11, 96])
def test_a_network_is_timed_on_fewer_images_than_a_batch(digits, count, model, architecture):
    (trial, *_) = grid.load("quick").trials(BACKEND)
    trial = dataclasses.replace(trial, model=model, architecture=architecture, batch_size=128)
    network = timing.Network(trial, few(digits, count))
    found = turns.summary(network.compile_seconds, [network.once(), network.once()])
    assert {name for name in measures.TIMES} <= found.keys()
    assert all(np.isfinite(value) and value >= 0 for value in found.values())
