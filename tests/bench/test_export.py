"""`bench export`: a winner leaves as files that load without this package."""

import hashlib
import importlib.util
import json
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
import yaml

from bench import errors, models
from bench.running import export
from tests.conftest import BACKEND, TINY, once

pytestmark = pytest.mark.skipif(BACKEND != "torch", reason="models are traced on torch")
HAS_ONNX = all(map(importlib.util.find_spec, ("onnx", "onnxscript", "onnxruntime")))
FORMATS = [
    "keras",
    pytest.param("onnx", marks=pytest.mark.skipif(not HAS_ONNX, reason=f"needs {export.INSTALL}")),
    "torch",
]
# What the script of a format must do without, beside this package.
HIDDEN = {"keras": [], "onnx": ["torch", "keras", "onnx"], "torch": ["keras", "onnx"]}
GRID = TINY + 'widths = "16"\n[[block]]\nmodel = "ae"\nwidths = "16"\nseed = 1\n'
ALONE = """
import runpy, sys
for name in ("bench", "models", "tensorflow", *{hidden}):
    sys.modules[name] = None
found = runpy.run_path({script!r})
assert not [name for name in sys.modules if name.startswith("bench.")]
import numpy as np
names = ("images", "codes", "decoded", "noise", "samples")
np.savez({out!r}, **{{name: found[name] for name in names}})
"""


@pytest.fixture(scope="module")
def run(bench, tmp_path_factory) -> pathlib.Path:
    def make(folder: pathlib.Path) -> None:
        (folder / "grid.toml").write_text(GRID)
        asked = ("--measures", "basic", "--workers", 0, "--quiet", "--output", "run", "--grid", "grid.toml")
        assert bench("run", *asked, cwd=folder).returncode == 0

    return once(tmp_path_factory, "exported", make) / "run"


@pytest.fixture(scope="module")
def exported(bench, run, tmp_path_factory) -> pathlib.Path:
    def make(folder: pathlib.Path) -> None:
        done = bench("export", run, "best vae", "--to", folder / "vae", "--license", "mit", cwd=folder)
        assert (done.returncode, done.stdout) == (0, f"{folder / 'vae'}\n"), done.stderr

    return once(tmp_path_factory, "files", make) / "vae"


@pytest.mark.parametrize("form", FORMATS)
def test_the_script_of_a_format_gives_what_the_model_gives_without_this_package(
    form, exported, run, tmp_path
):
    script, out = exported / f"use_{form}.py", tmp_path / "out.npz"
    program = ALONE.format(hidden=HIDDEN[form], script=str(script), out=str(out))
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    model, found = models.load(run, "best vae"), np.load(out)
    np.testing.assert_allclose(found["codes"], model.encode(found["images"]), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found["decoded"], model.decode(found["codes"]), atol=1e-5)
    np.testing.assert_allclose(found["samples"], model.decode(found["noise"]), atol=1e-5)
    assert sum(" = " in line for line in script.read_text().splitlines()) <= 10


@pytest.mark.skipif(not HAS_ONNX, reason=f"needs {export.INSTALL}")
@pytest.mark.parametrize("count", [1, 2, 301])
def test_an_onnx_file_takes_any_batch_and_equals_the_model(count, exported, run):
    import onnxruntime

    model = models.load(run, "best vae")
    images = np.random.default_rng(count).random((count, *model.image_shape), np.float32)
    session = onnxruntime.InferenceSession(exported / "encoder.onnx")
    codes = session.run(["codes"], {"images": images})[0]
    np.testing.assert_allclose(codes, model.encode(images), rtol=1e-5, atol=1e-5)
    session = onnxruntime.InferenceSession(exported / "decoder.onnx")
    np.testing.assert_allclose(session.run(["images"], {"codes": codes})[0], model.decode(codes), atol=1e-5)


def test_the_card_has_the_metadata_of_hubs_and_the_numbers_of_the_trial(exported, run):
    _, block, text = (exported / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    metadata = yaml.safe_load(block)
    assert (metadata["license"], metadata["datasets"]) == ("mit", ["digits"])
    (result,) = metadata["model-index"][0]["results"]
    about = json.loads((exported / "model.json").read_text())
    kept = json.loads((run / "trials" / about["trial"] / "result.json").read_text())["measures"]
    told = {each["type"]: each["value"] for each in result["metrics"]}
    assert told["test_mse"] == kept["test_mse"]
    assert not [name for name in told if name.startswith("validation")]
    assert about["input"] == {"shape": [28, 28, 1], "low": 0, "high": 1, "black": 0, "white": 16}
    assert about["class_names"] == [str(digit) for digit in range(10)]
    for part in ("## Data", "## Measures", "## How it was trained", "## Limits", "One seed was trained"):
        assert part in text


def test_checksums_are_those_of_the_files(exported):
    lines = (exported / "SHA256SUMS").read_text().splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert told.keys() == {path.name for path in exported.iterdir()} - {"SHA256SUMS"}
    for name, digest in told.items():
        assert hashlib.sha256((exported / name).read_bytes()).hexdigest() == digest


def test_a_model_without_a_prior_leaves_without_a_sampler_and_that_is_said(bench, run, tmp_path):
    done = bench("export", run, "best ae", "--to", "ae", "--format", "keras", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no sampler: a model that is trained without a prior" in done.stderr
    assert re.search(r"AE dense, latent \d+.*\(lowest validation loss\): trial [0-9a-f]{12} of ", done.stderr)
    assert not (tmp_path / "ae" / "sampler.keras").exists()
    assert "sampler" not in (tmp_path / "ae" / "use_keras.py").read_text()
    card = (tmp_path / "ae" / "README.md").read_text()
    assert "It has no sampler: a model that is trained without a prior" in card
    assert "Its licence was not said" in card


def test_mistakes_end_in_one_line_before_anything_is_written(run, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    published = str(pathlib.Path(__file__).parents[2] / "reports" / "base-three-backends")
    unsaved = next(
        path.parent.name
        for path in run.glob("trials/*/result.json")
        if not (path.parent / "model.keras").exists() and "seed" in json.loads(path.read_text())["settings"]
    )
    for arguments, line in (
        ((str(run), "best vae", str(tmp_path / "full")), "new or empty, received one that holds something"),
        ((published, "best vae", "new"), "a published run, which has no models: run the command"),
        ((str(run), unsaved, "new"), "model was not saved.*--save-models all --fresh"),
        ((str(run), "pca", "new"), "no trial has 'pca'"),
        ((str(run), "vae", "new", "onxn"), "--format: unknown format 'onxn' \\(did you mean 'onnx'"),
        ((str(run), "vae", "new", None, "MIT License"), "--license takes an identifier"),
        (("nowhere", "vae", "new"), "no run 'nowhere'"),
    ):
        with pytest.raises(errors.BenchError, match=line) as caught:
            export.run(*arguments)
        assert caught.value.exit_code == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


@pytest.mark.skipif(HAS_ONNX, reason="onnx is installed")
def test_a_library_that_is_missing_is_named_with_how_to_get_it(run):
    with pytest.raises(errors.UsageError, match="onnxruntime are not installed; pip install onnx onnxscript"):
        export.run(str(run), "vae", "new", "keras,onnx")
