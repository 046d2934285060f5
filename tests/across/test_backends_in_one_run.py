"""Several backends in one command: one run folder, one table, one report."""

import csv
import json

import pytest

from bench import axes, backend

BOTH = ("torch", "jax")
ABSENT = [name for name in axes.BACKENDS if not backend.installed(name)]
needs_both = pytest.mark.skipif(
    not all(map(backend.installed, BOTH)), reason=f"needs {' and '.join(BOTH)}, absent: {', '.join(ABSENT)}"
)
SMALL = ("--epochs", "1", "--only", "model=ae", "--only", "architecture=dense", "--only", "latent_dim=2")


@pytest.fixture(scope="module")
def run(bench, tmp_path_factory):
    """A trial on each of two backends, and the baselines."""
    folder = tmp_path_factory.mktemp("two")
    process = bench(
        "run", "--backend", ",".join(BOTH), "--workers", "1", *SMALL, "--output", "out", cwd=folder
    )
    assert process.returncode == 0, process.stderr
    return folder / "out"


@needs_both
def test_the_table_has_a_row_for_each_backend_and_the_baselines_once(run):
    with (run / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["backend"] for row in rows if row["seed"]] == list(BOTH)
    assert [row["model"] for row in rows if not row["seed"]] == ["mean", "pca", "pixels"]
    assert {row["status"] for row in rows} == {"ok"}


@needs_both
def test_the_record_names_the_backends_and_the_machine_of_each(run):
    record = json.loads((run / "run.json").read_text())
    assert record["backend"] == ",".join(BOTH)
    assert list(record["machines"]) == list(BOTH)


@needs_both
def test_each_backend_keeps_a_model_and_each_network_is_timed(run):
    assert len(list(run.glob("trials/*/model.keras"))) == len(BOTH)
    assert len(list(run.glob("timings/*.json"))) == len(BOTH)


@needs_both
def test_the_same_command_again_runs_nothing(run, bench):
    before = {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")}
    names = ",".join(BOTH)
    again = bench("run", "--backend", names, "--workers", "1", *SMALL, "--output", "out", cwd=run.parent)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in run.glob("trials/*/*")} == before


@pytest.mark.skipif(not ABSENT, reason="all backends are installed here")
def test_a_backend_that_is_not_installed_ends_the_run_before_anything_is_written(bench, tmp_path):
    there = next(name for name in axes.BACKENDS if name not in ABSENT)
    process = bench("run", "--backend", f"{there},{ABSENT[0]}", *SMALL, "--output", "out", cwd=tmp_path)
    assert process.returncode == 3
    assert process.stderr.count("\n") == 1
    assert f"backend {ABSENT[0]!r} is not installed" in process.stderr
    assert list(tmp_path.iterdir()) == []
