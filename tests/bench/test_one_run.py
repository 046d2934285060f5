"""One small run on the backend of these tests, from the command line to the report."""

import csv
import json

from tests.conftest import BACKEND

SMALL = ("--epochs", "4", "--batch-size", "64", "--only", "latent_dim=2", "--output", "out")


def test_a_run_on_this_backend_ends_with_its_report_and_its_times(bench, tmp_path):
    process = bench("run", *SMALL, cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    with (tmp_path / "out" / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    trials = [row for row in rows if row["backend"]]
    assert [(row["model"], row["architecture"]) for row in trials] == [
        *(("ae", "dense"), ("ae", "conv"), ("vae", "dense"), ("vae", "conv"))
    ]
    mean = next(float(row["test_mse"]) for row in rows if row["model"] == "mean")
    for row in trials:
        assert (row["backend"], row["status"]) == (BACKEND, "ok")
        assert 0.0 < float(row["test_mse"]) < 1.1 * mean
    assert (tmp_path / "out" / "index.html").read_text().startswith("<!DOCTYPE html>")
    times = [json.loads(path.read_text()) for path in (tmp_path / "out" / "timings").iterdir()]
    assert len(times) == 4
    for found in times:
        assert 0 < found["step_seconds_q1"] <= found["step_seconds"] <= found["step_seconds_q3"]
