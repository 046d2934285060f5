"""Real runs with plug-ins, on workers and without, and with models that break the contract beside them."""

import csv
import json
import os
import subprocess
import sys
import textwrap

import pytest

from tests.conftest import BACKEND, REPOSITORY

from .conftest import HERE

BAD = """
    import keras
    from keras import ops
    from bench import ModelCard, add
    from bench.models.autoencoder import Autoencoder

    add(ModelCard(name="shapeless", title="terms of a wrong shape", code="Shapeless"))
    add(ModelCard(name="endless", title="gives NaN", code="Endless"))
    add(ModelCard(name="missing", title="has no class", code="Nowhere"))

    class Shapeless(Autoencoder):
        def terms(self, batch, outputs):
            return {"reconstruction": ops.ones((3, 2, 1))}

    class Endless(Autoencoder):
        def objective(self, terms, training):
            return super().objective(terms, training) * float("nan")
"""


def run(folder, *arguments):
    usual = [] if "--measures" in arguments else ["--measures", "basic"]
    return bench(folder, "run", "--quiet", "--output", "out", *usual, *arguments)


def bench(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": BACKEND},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def grid(folder, models, plugins):
    text = f"plugins = {json.dumps(plugins)}\n[defaults]\nepochs = 1\nlatent_dim = 4\nbatch_size = 256\n"
    path = folder / "mine.toml"
    path.write_text(text + f"[[block]]\nmodel = {json.dumps(models)}\n")
    return str(path)


def rows(folder):
    with open(folder / "out" / "results.csv", newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file) if row["seed"]}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_trains_measures_times_and_tells_models_of_plug_ins(tmp_path, workers):
    names = ["wae", "cvae"]
    path = grid(tmp_path, ["ae", *names], [str(HERE / f"{name}.py") for name in names])
    process = run(tmp_path, "--grid", path, "--workers", workers, "--baselines", "mean,pca")
    assert process.returncode == 0, process.stderr
    assert {name: row["status"] for name, row in rows(tmp_path).items()} == dict.fromkeys(
        ["ae", *names], "ok"
    )
    with open(tmp_path / "out" / "timings.csv", newline="") as file:
        assert [row["model"] for row in csv.DictReader(file)] == ["ae", *names]
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert [os.path.basename(path) for path in record["plugins"]] == ["wae.py", "cvae.py"]
    page = (tmp_path / "out" / "index.html").read_text()
    assert "WAE" in page and "A model of a plug-in needs its file, too" in page


def test_a_run_does_not_die_of_models_that_do_not_keep_to_the_contract(tmp_path):
    (tmp_path / "bad.py").write_text(textwrap.dedent(BAD))
    path = grid(tmp_path, ["ae", "shapeless", "endless", "missing"], ["bad.py"])
    process = run(tmp_path, "--grid", path, "--workers", "1")
    assert process.returncode == 1, process.stderr
    found = rows(tmp_path)
    assert {name: row["status"] for name, row in found.items()} == {
        "ae": "ok",
        "shapeless": "failed",
        "endless": "diverged",
        "missing": "failed",
    }
    assert "has no 'Nowhere', which its card names as code" in found["missing"]["error"]
    assert found["shapeless"]["error"]
