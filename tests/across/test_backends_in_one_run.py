"""Several backends in one command: one run folder, one table, one report, and one experiment."""

import csv
import json
import os
import pathlib

import numpy as np
import pytest

from bench.machine.backend import BACKENDS
from tests.conftest import REPOSITORY

from .conftest import ABSENT, needs_all

COMMAND = ("run", "--backend", ",".join(BACKENDS), "--epochs", "2", "--output", "out")
COMMAND += ("--only", "model=ae", "--only", "latent_dim=8")


@pytest.fixture(scope="module")
def run(bench, tmp_path_factory) -> pathlib.Path:
    """The folder of two trials on each backend, and the baselines."""
    folder = tmp_path_factory.mktemp("three")
    process = bench(*COMMAND, cwd=folder)
    assert process.returncode == 0, process.stderr
    return folder / "out"


@needs_all
def test_the_table_has_a_row_for_each_backend_and_the_baselines_once(run):
    with (run / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["backend"] for row in rows if row["seed"]] == [*np.repeat(BACKENDS, 2)]
    assert [row["model"] for row in rows if not row["seed"]] == ["mean", "pca", "pixels"]
    assert {row["status"] for row in rows} == {"ok"}


@needs_all
def test_the_record_names_the_backends_and_the_machine_of_each(run):
    record = json.loads((run / "run.json").read_text())
    assert record["backend"] == ",".join(BACKENDS)
    assert list(record["machines"]) == list(BACKENDS)


@needs_all
def test_each_backend_keeps_its_models_and_each_network_is_timed(run):
    assert len(list(run.glob("trials/*/model.keras"))) == 2 * len(BACKENDS)
    assert len(list(run.glob("timings/*.json"))) == 2 * len(BACKENDS)


@needs_all
def test_the_same_command_again_runs_nothing(run, bench):
    before = {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")}
    again = bench(*COMMAND, cwd=run.parent)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")} == before


@pytest.fixture
def measured(run) -> dict[str, dict[str, dict[str, float]]]:
    """Backend -> architecture -> measures, after two epochs."""
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in BACKENDS}
    for path in run.glob("trials/*/result.json"):
        result = json.loads(path.read_text())
        if "backend" in result["settings"]:
            found[result["settings"]["backend"]][result["settings"]["architecture"]] = result["measures"]
    return found


@needs_all
@pytest.mark.parametrize("name", ["jax", "tensorflow"])
@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_a_plain_autoencoder_is_the_same_experiment_on_every_backend(measured, architecture, name):
    """Same weights, same order of images: only rounding differs, and two epochs let it grow little."""
    ours, theirs = (measured[backend][architecture] for backend in (name, "torch"))
    for measure in ("validation_loss", "test_mse", "test_ssim"):
        assert ours[measure] == pytest.approx(theirs[measure], rel=0.02)


@pytest.mark.skipif(not ABSENT, reason="all backends are installed here")
def test_a_backend_that_is_not_installed_ends_the_run_before_anything_is_written(bench, tmp_path):
    there = next(name for name in BACKENDS if name not in ABSENT)
    process = bench("run", "--backend", f"{there},{ABSENT[0]}", "--output", "out", cwd=tmp_path)
    assert process.returncode == 3
    assert process.stderr.count("\n") == 1
    assert f"backend {ABSENT[0]!r} is not installed" in process.stderr
    assert list(tmp_path.iterdir()) == []


@needs_all  # once is enough: three runs, and each environment of one backend would take them again
def test_a_backend_that_does_not_work_costs_no_other_its_results_nor_on_the_second_day(bench, tmp_path):
    broken = tmp_path / "packages" / "jax" / "__init__.py"
    broken.parent.mkdir(parents=True)
    broken.write_text("raise ImportError('made for another processor')\n")
    small = ("--epochs", "1", "--only", "model=ae", "--only", "latent_dim=2", "--only", "architecture=dense")
    command = ("run", "--backend", "jax,torch", "--measures", "basic", "--output", "out", *small)
    paths = os.pathsep.join([str(tmp_path / "packages"), str(REPOSITORY)])
    for _ in range(2):
        process = bench(*command, cwd=tmp_path, PYTHONPATH=paths)
        assert process.returncode == 1, process.stderr
        assert "1 trials of jax were not run; the same command runs them" in process.stderr
        assert "Traceback" not in process.stderr
        with (tmp_path / "out" / "results.csv").open(newline="") as file:
            statuses = {(row["model"], row["backend"]): row["status"] for row in csv.DictReader(file)}
        assert statuses.pop(("ae", "torch")) == "ok"
        assert [statuses.pop((name, "")) for name in ("mean", "pca", "pixels")] == ["ok"] * 3
    alone = bench(*command, "--backend", "jax", "--output", "alone", cwd=tmp_path, PYTHONPATH=paths)
    assert alone.returncode == 3
    assert alone.stderr.splitlines()[-1].startswith("bench: error: backend 'jax' is installed but cannot")
    assert not (tmp_path / "alone").exists()
