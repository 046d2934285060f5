"""One model, one trial, three backends: each in a process of its own."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from bench import axes, backend
from tests.conftest import REPOSITORY

ABSENT = [name for name in axes.BACKENDS if not backend.installed(name)]
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"needs all three backends, absent: {', '.join(ABSENT)}")

SAVE = """
import dataclasses, sys
from bench import datasets, grid, training
digits = datasets.load_once("digits")
for trial in grid.load("quick").trials(sys.argv[1]):
    if trial.latent_dim == 8 and dict(trial.options).get("beta", 1.0) == 1.0:
        model = training.fit(dataclasses.replace(trial, epochs=1, activation="gelu"), digits).model
        model.save(f"{sys.argv[1]} {trial.model} {trial.architecture}.keras")
"""
LOAD = """
import pathlib, sys
from bench import datasets
import models, numpy
images = datasets.load_once("digits").test.images[:100]
arrays = {}
for path in sorted(pathlib.Path().glob("*.keras")):
    model = models.load(path)
    arrays[path.stem + ": codes"] = model.encode(images)
    arrays[path.stem + ": reconstructions"] = model.reconstruct(images)
    arrays[path.stem + ": samples"] = model.sample(5)
numpy.savez(sys.argv[1] + ".npz", **arrays)
"""


def run(script: str, name: str, folder: pathlib.Path) -> None:
    subprocess.run(
        [sys.executable, "-c", script, name],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": name},
        check=True,
        capture_output=True,
        text=True,
    )


def test_a_saved_model_gives_the_same_reconstructions_under_every_backend(tmp_path):
    for name in axes.BACKENDS:
        run(SAVE, name, tmp_path)
    for name in axes.BACKENDS:
        run(LOAD, name, tmp_path)
    loaded = {name: dict(np.load(tmp_path / f"{name}.npz")) for name in axes.BACKENDS}
    assert len(loaded["torch"]) == 3 * 4 * 3  # savers, models, arrays
    for what, expected in loaded["torch"].items():
        # Codes are not bounded; the largest of them sets the scale of their rounding.
        bound = 1e-5 * max(1.0, float(np.abs(expected).max()))
        for name in ("jax", "tensorflow"):
            np.testing.assert_allclose(loaded[name][what], expected, atol=bound, rtol=0, err_msg=what)


@pytest.fixture(scope="module")
def measured(bench, tmp_path_factory) -> dict[str, dict[str, dict[str, float]]]:
    """Backend -> model and architecture -> measures, after two epochs."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name in axes.BACKENDS:
        folder = tmp_path_factory.mktemp(name)
        process = bench(
            *("run", "--only", "latent_dim=8", "--only", "model=ae", "--epochs", "2", "--output", "out"),
            cwd=folder,
            backend=name,
        )
        assert process.returncode == 0, process.stderr
        results = [json.loads(path.read_text()) for path in folder.glob("out/trials/*/result.json")]
        found[name] = {
            f"{r['settings']['model']} {r['settings'].get('architecture')} {r['settings'].get('options')}": r[
                "measures"
            ]
            for r in results
        }
    return found


@pytest.mark.parametrize("name", ["jax", "tensorflow"])
def test_a_plain_autoencoder_is_the_same_experiment_on_every_backend(measured, name):
    """Same weights, same order of images: only rounding differs, and two epochs let it grow little."""
    for unit in ("ae dense {}", "ae conv {}"):
        for measure in ("validation_loss", "test_mse", "test_ssim"):
            assert measured[name][unit][measure] == pytest.approx(measured["torch"][unit][measure], rel=0.02)


@pytest.mark.parametrize("name", ["jax", "tensorflow"])
def test_baselines_do_not_depend_on_the_backend(measured, name):
    for unit, measures in measured["torch"].items():
        if "None" in unit:
            for measure in ("test_mse", "latent_accuracy", "latent_knn_accuracy"):
                assert measured[name][unit].get(measure) == measures.get(measure)
