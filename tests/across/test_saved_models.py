"""A model that one backend has saved, under the others: each in a process of its own."""

import os
import pathlib
import subprocess
import sys

import numpy as np

from bench.machine.backend import BACKENDS
from tests.conftest import REPOSITORY

from .conftest import needs_all

pytestmark = needs_all

SAVE = """
import dataclasses, sys
from bench import datasets
from bench.ask import grid
from bench.training import fit
digits = datasets.load_once("digits")
for trial in grid.load("quick").trials(sys.argv[1]):
    is_chosen = (trial.model, trial.architecture) in (("ae", "dense"), ("vae", "conv"))
    if is_chosen and trial.latent_dim == 8 and dict(trial.options).get("beta", 1.0) == 1.0:
        model = fit.fit(dataclasses.replace(trial, epochs=1, activation="gelu"), digits).model
        model.save(f"{sys.argv[1]} {trial.model} {trial.architecture}.keras")
"""
LOAD = """
import pathlib, sys
from bench import datasets
import numpy
from bench import models
images = datasets.load_once("digits").test.images[:100]
arrays = {}
for path in sorted(pathlib.Path().glob("*.keras")):
    model = models.load(path)
    arrays[path.stem + ": codes"] = model.encode(images)
    arrays[path.stem + ": reconstructions"] = model.reconstruct(images)
    arrays[path.stem + ": samples"] = model.sample(5)
numpy.savez(sys.argv[1] + ".npz", **arrays)
"""


def run_on_each(script: str, folder: pathlib.Path) -> None:
    """Run a script on the three backends at once."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, name],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": name},
        )
        for name in BACKENDS
    ]
    assert [process.wait() for process in processes] == [0] * len(processes)


def test_a_saved_model_gives_the_same_reconstructions_under_every_backend(tmp_path):
    run_on_each(SAVE, tmp_path)
    run_on_each(LOAD, tmp_path)
    loaded = {name: dict(np.load(tmp_path / f"{name}.npz")) for name in BACKENDS}
    assert len(loaded["torch"]) == 3 * 2 * 3  # savers, models, arrays
    for what, expected in loaded["torch"].items():
        # Codes are not bounded; the largest of them sets the scale of their rounding.
        bound = 1e-5 * max(1.0, float(np.abs(expected).max()))
        for name in ("jax", "tensorflow"):
            np.testing.assert_allclose(loaded[name][what], expected, atol=bound, rtol=0, err_msg=what)
