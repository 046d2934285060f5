"""`bench measure`: a coder that was made elsewhere becomes rows of a run."""

import csv
import json
import pathlib
import re

import numpy as np
import pytest

from bench import cli, datasets
from bench.keeping.store import RunFolder
from bench.models.plugins import Plugin
from bench.running import measuring

GOOD = """
import numpy as np
from bench import Given

axes = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)

def coder(seed):
    return Given(
        encode=lambda images: images.reshape(-1, 64) @ (axes + seed),
        decode=lambda codes: 1 / (1 + np.exp(-(codes @ axes.T / 64).reshape(-1, 8, 8, 1))),
        title="a random projection",
    )

one = coder(0)
broken = Given(encode=one.encode, decode=lambda codes: 255 * one.decode(codes))
"""
MEASURE = ["--workers", "0", "--measures", "basic", "--quiet"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a file of coders and a small data set, as a user is in it."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    labels = np.arange(150) % 3
    images = generator.uniform(size=(150, 8, 8)) * (1 + labels[:, np.newaxis, np.newaxis]) / 3
    np.savez("data.npz", x=(255 * images).astype(np.uint8), y=labels)
    pathlib.Path("mine.py").write_text(GOOD)
    return tmp_path


def measure(*arguments: str) -> int:
    return cli.main(["measure", *arguments, *MEASURE])


def rows(folder: str) -> list[dict[str, str]]:
    with open(f"{folder}/results.csv", newline="") as file:
        return list(csv.DictReader(file))


def refused(capsys, *arguments: str) -> str:
    """The one line that a mistake ends in."""
    assert measure(*arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def test_seeds_of_a_function_become_one_configuration_of_a_run_of_its_own(place):
    arguments = [
        "mine.py:coder",
        "--name",
        "my_VAE 2",
        "--dataset",
        "data.npz",
        "--seeds",
        "0,1",
        "--output",
        "out",
    ]
    assert measure(*arguments) == 0
    found = rows("out")
    assert [(row["model"], row["seed"], row["status"], row["latent_dim"]) for row in found] == [
        ("my_VAE 2", "0", "ok", "3"),
        ("my_VAE 2", "1", "ok", "3"),
    ]
    with open("out/summary.csv", newline="") as file:
        assert [row["n"] for row in csv.DictReader(file)] == ["2"]
    about = json.loads(pathlib.Path("out/run.json").read_text())["coders"]["my_VAE 2"]
    assert (about["coder"], about["title"]) == ("coder", "a random projection")
    assert len(about["sha256"]) == 64
    page = pathlib.Path("out/README.md").read_text()
    assert "my_VAE 2" in page.replace("\\_", "_")
    assert about["sha256"] in page
    assert "could not be made" not in page


def test_a_row_that_joins_a_run_leaves_what_that_run_was_to_reproduce(place):
    arguments = ["mine.py:coder", "--dataset", "data.npz", "--output", "out"]
    assert measure(*arguments) == 0
    record = json.loads(pathlib.Path("out/run.json").read_text())
    row = {
        **dict.fromkeys(("title", "why", "source"), "a paper"),
        "where": {"model": "pca"},
        "quantity": "kl",
        "value": 1.0,
        "confirmed": True,
        **dict.fromkeys(("cpu_minutes", "gpu_minutes"), 1.0),
    }
    pathlib.Path("out/run.json").write_text(json.dumps(record | {"published": [row]}))
    assert measure("mine.py:coder", "--into", "out", "--seeds", "1") == 0
    assert json.loads(pathlib.Path("out/run.json").read_text())["published"] == [row]


def test_published_draws_are_of_published_images(place, capsys):
    told = refused(
        capsys, "mine.py:coder", "--dataset", "data.npz", "--set", "binarize=dynamic-777", "--output", "out"
    )
    assert "expected one of" in told and "give binarize = dynamic" in told


def test_what_was_measured_is_not_measured_again_and_another_seed_joins_it(place):
    arguments = ["mine.py:coder", "--dataset", "data.npz", "--output", "out"]
    assert measure(*arguments) == 0
    (before,) = pathlib.Path("out/trials").glob("*/result.json")
    written = before.stat().st_mtime_ns
    assert measure(*arguments) == 0
    assert measure(*arguments, "--seeds", "0,1") == 0
    assert before.stat().st_mtime_ns == written
    assert [row["seed"] for row in rows("out")] == ["0", "1"]


def test_a_file_that_has_changed_is_refused_and_takes_a_name_of_its_own(place, capsys):
    arguments = ["mine.py:coder", "--dataset", "data.npz", "--output", "out"]
    assert measure(*arguments) == 0
    pathlib.Path("mine.py").write_text(GOOD.replace("default_rng(0)", "default_rng(1)"))
    assert "to add to it give --into out" in refused(capsys, *arguments)
    assert "give it a name of its own with --name" in refused(capsys, "mine.py:coder", "--into", "out")
    assert measure("mine.py:coder", "--into", "out", "--name", "other") == 0
    assert [row["model"] for row in rows("out")] == ["coder", "other"]


def test_a_row_that_failed_says_why_and_makes_way_for_the_mended_file(place, capsys):
    arguments = ["mine.py:broken", "--dataset", "data.npz", "--output", "out"]
    assert measure(*arguments) == 1
    (failed,) = rows("out")
    assert failed["status"] == "failed"
    assert "expected values in [0, 1]" in failed["error"]
    assert "divide them by 255" in failed["error"]
    pathlib.Path("mine.py").write_text(GOOD.replace("255 * one", "one"))
    capsys.readouterr()
    assert cli.main(["measure", "mine.py:broken", "--into", "out", *MEASURE[:-1]]) == 0
    told = capsys.readouterr()
    assert "out keeps 1 failed measurement of an older file of broken" in told.err
    assert "another grid" not in told.err
    assert "0 trials, 0 baselines and 1 measurement of external coders, 0 failed" in told.out
    assert [row["status"] for row in rows("out")] == ["ok"]


@pytest.mark.parametrize(
    ("arguments", "phrases"),
    [
        (["mine.py"], ["expected FILE.py:NAME, as mine.py:coder", "'mine.py'"]),
        (["none.py:coder"], ["none.py: cannot be read: No such file"]),
        (["data.npz:coder"], ["data.npz: expected UTF-8"]),
        (["mine.py:codre"], ["unknown name 'codre' (did you mean 'coder'?)"]),
        (["broken.py:coder"], ["broken.py cannot be run: ModuleNotFoundError: No module named 'no_such'"]),
        (["ended.py:coder"], ["ended.py cannot be run: SystemExit: 3"]),
        (["wrong.py:coder"], ["wrong.py: expected Python, received SyntaxError"]),
        (["flow.py:coder"], ["flow.py imports tensorflow", "--backend tensorflow"]),
        (["mine.py:one", "--seeds", "0,1"], ["--seeds: expected one", "def one(seed)"]),
        (["mine.py:one", "--name", "vae"], ["'vae' is a model or baseline of this program"]),
        (["mine.py:one", "--name", "a, b"], ["--name: expected 1 to 60 letters", "'a, b'"]),
        (["mine.py:one", "--set", "epochs=3"], ["--set: expected binarize", "'epochs'"]),
        (["mine.py:one", "--backend", "torch,jax"], ["--backend: measure takes one"]),
        (["mine.py:one", "--dataset", "none.npz"], ["none.npz", "does not exist"]),
        (["mine.py:one", "--into", "nowhere"], ["no run 'nowhere'"]),
        (["mine.py:one", "--output", "data.npz"], ["data.npz", "--output"]),
    ],
)
def test_a_mistake_ends_in_one_line_and_leaves_nothing(place, capsys, arguments, phrases):
    pathlib.Path("broken.py").write_text("import no_such\n")
    pathlib.Path("ended.py").write_text("raise SystemExit(3)\n")
    pathlib.Path("wrong.py").write_text("def f(:\n")
    pathlib.Path("flow.py").write_text("import tensorflow as tf\n")
    before = sorted(place.iterdir())
    extra = [] if "--dataset" in arguments or "--into" in arguments else ["--dataset", "data.npz"]
    extra += [] if "--output" in arguments or "--into" in arguments else ["--output", "out"]
    line = refused(capsys, *arguments, *extra)
    assert all(phrase in line for phrase in phrases), line
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("from json import *", "loads"),
        ("import broken", "broken"),
        ("try:\n    import no_such\nexcept ImportError: pass", "no_such"),
        ("if True:\n    def coder(seed): pass", "coder"),
    ],
)
def test_what_only_running_a_file_tells_is_not_refused_before(place, text, source):
    pathlib.Path("broken.py").write_text("import no_such\n")
    plugin = Plugin(name=str(place / "mine.py"), text=text)
    measuring._refuse_early(plugin, source, is_here=True)


@pytest.fixture
def run(place):
    """A run of one small trial on the same data."""
    pathlib.Path("tiny.toml").write_text(
        'baselines = ["mean"]\n[defaults]\ndataset = "data.npz"\nepochs = 1\nlatent_dim = 2\n'
        '[[block]]\nmodel = "ae"\n'
    )
    assert cli.main(["run", "--grid", "tiny.toml", "--output", "run", *MEASURE]) == 0
    return RunFolder("run")


def test_a_coder_stands_beside_the_trials_of_a_run_and_stays_when_that_goes_on(run, capsys):
    before = json.loads(pathlib.Path("run/run.json").read_text())
    assert measure("mine.py:coder", "--into", "run") == 0
    assert {row["model"] for row in rows("run")} == {"ae", "mean", "coder"}
    after = json.loads(pathlib.Path("run/run.json").read_text())
    for name in ("grid", "command", "backend", "cards", "machines", "finished"):
        assert after[name] == before[name]
    page = pathlib.Path("run/README.md").read_text().replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"^\| \[?coder, latent 3", page, re.MULTILINE)
    again = ["run", "--grid", "tiny.toml", "--output", "run", "--seeds", "0,1", *MEASURE]
    assert cli.main(again) == 0
    assert [row["model"] for row in rows("run")] == ["ae", "ae", "mean", "coder"]
    capsys.readouterr()
    assert cli.main(["compare", "run", "run"]) == 0
    assert cli.main(["table", "run", "leaderboard", "--format", "csv"]) == 0
    assert "coder" in capsys.readouterr().out


def test_a_run_of_other_data_or_of_another_protocol_is_refused(run, capsys):
    np.savez("more.npz", x=np.zeros((90, 8, 8), np.uint8))
    line = refused(capsys, "mine.py:coder", "--into", "run", "--dataset", "more.npz")
    assert "expected the images of its trials, data.npz, received more.npz" in line
    assert "received binarize=dynamic" in refused(
        capsys, "mine.py:coder", "--into", "run", "--set", "binarize=dynamic"
    )
    content = np.load("data.npz")
    np.savez("data.npz", x=255 - content["x"], y=content["y"])
    datasets.load_once.cache_clear()  # as another process would see it
    assert "data set data.npz has changed since" in refused(capsys, "mine.py:coder", "--into", "run")
    record = pathlib.Path("run/run.json")
    record.write_text(record.read_text().replace('"protocol": 4', '"protocol": 3'))
    assert "protocol version 3" in refused(capsys, "mine.py:coder", "--into", "run")


def test_a_folder_with_a_run_of_something_else_is_refused(run, capsys):
    line = refused(capsys, "mine.py:coder", "--dataset", "data.npz", "--output", "run")
    assert "to add to it give --into run" in line


def test_on_workers_what_dies_or_is_slow_costs_its_own_row_alone(place, bench):
    pathlib.Path("mine.py").write_text(
        GOOD
        + """
import os, time

def bad(seed):
    if seed == 0:
        os._exit(7)
    if seed == 1:
        time.sleep(600)
    return one
"""
    )
    shared = ["--dataset", "data.npz", "--measures", "basic", "--workers", "1", "--quiet"]
    done = bench(
        "measure", "mine.py:bad", "--seeds", "0,1,2", "--timeout", "20", "--output", "out", *shared, cwd=place
    )
    assert done.returncode == 1, done.stderr
    assert {row["seed"]: row["status"] for row in rows("out")} == {"0": "killed", "1": "timeout", "2": "ok"}
    done = bench("measure", "mine.py:no", "--output", "other", *shared, cwd=place)
    assert done.returncode == 2
    assert "unknown name 'no'" in done.stderr.splitlines()[-1]
    assert done.stderr.count("unknown name 'no'") == 1
    assert not pathlib.Path("other").exists()
