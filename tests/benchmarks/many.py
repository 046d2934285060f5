"""A run folder with any number of trials, made from the trials of a real one: for timing a report of it."""

import dataclasses
import itertools
import math
from collections.abc import Sequence

import numpy as np

from bench.ask.trial import Baseline, Trial
from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.report import words

AXES = {
    "latent_dim": (2, 4, 8, 16, 32, 64),
    "learning_rate": (3e-4, 1e-3, 3e-3),
    "activation": ("relu", "gelu", "tanh"),
    "optimizer": ("adam", "rmsprop"),
    "loss": ("mse", "bce"),
    "seed": (0, 1, 2),
}
SCATTER = 0.1


def multiply(source: RunFolder, target: RunFolder, count: int) -> None:
    """`count` trials: settings of a grid, numbers of the real trials scattered by a tenth, their pictures."""
    results = [result for result in source.results(source.units()) if result.status == "ok"]
    real = [(result, result.unit) for result in results if isinstance(result.unit, Trial)]
    baselines = [result for result in results if isinstance(result.unit, Baseline)]
    generator = np.random.default_rng(0)
    target.create()
    made = []
    values = itertools.product(*AXES.values())
    for (result, unit), chosen in itertools.islice(_pairs(real, list(values)), count):
        new = dataclasses.replace(unit, **dict(zip(AXES, chosen, strict=True)))
        measures = {
            name: value if value is None or isinstance(value, int) else min(value * scale, _most(name))
            for name, value in result.measures.items()
            for scale in [1 + SCATTER * generator.standard_normal()]
        }
        outcome = Outcome(
            result=dataclasses.replace(result, unit=new, measures=measures),
            history=source.history(unit),
            images=source.images(unit),
        )
        target.write(outcome)
        made.append(new)
    for baseline in baselines:
        target.write(Outcome(result=baseline, images=source.images(baseline.unit)))
    units = [*made, *(baseline.unit for baseline in baselines)]
    target.write_run({**source.read_run(), "units": [unit.settings() for unit in units]})


def _most(name: str) -> float:
    return 1.0 if words.is_share(name) else math.inf


def _pairs(real: Sequence, chosen: Sequence):
    """One real trial of each model and architecture, by turns, with each choice of settings."""
    first = {}
    for result, unit in real:
        first.setdefault((unit.model, unit.architecture), (result, unit))
    return ((one, settings) for settings in chosen for one in first.values())
