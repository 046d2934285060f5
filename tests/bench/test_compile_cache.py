"""jax's compiled code is kept, and loads to the same numbers."""

import os
import pathlib
import subprocess
import sys

import pytest

from tests.conftest import BACKEND, REPOSITORY

SCRIPT = """
from bench.machine import backend
backend.activate("jax")
import jax, jax.monitoring
hits = []
jax.monitoring.register_event_listener(lambda name, **_: hits.append(name))
from bench import datasets
from bench.ask import grid
from bench.training import fit, loops
digits = datasets.load_once("digits")
trial = grid.load("quick").trials("jax")[0]
model = fit.build(trial, digits.image_shape)
loop = loops.create(model, digits.train.images, digits.validation.images, 64)
found = [loop.train(__import__("numpy").arange(128)), loop.evaluate()]
print(sum(name.endswith("/cache_hits") for name in hits), found)
"""


def ran(home: pathlib.Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
    variables = {**kept, "PYTHONPATH": str(REPOSITORY), "XDG_CACHE_HOME": str(home), **environment}
    command = [sys.executable, "-c", SCRIPT]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(BACKEND != "jax", reason="jax alone compiles every function anew")
def test_a_second_process_loads_what_the_first_compiled_and_gets_the_same_numbers(tmp_path):
    hits, _, numbers = ran(tmp_path).partition(" ")
    more, _, again = ran(tmp_path).partition(" ")
    assert int(more) > int(hits)
    assert again == numbers


@pytest.mark.skipif(BACKEND != "jax", reason="jax alone compiles every function anew")
def test_where_nothing_can_be_written_it_compiles_as_before(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert ran(tmp_path / "file")


def test_a_folder_of_the_user_s_own_is_left_alone(monkeypatch):
    from bench.machine import compile_cache

    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", "mine")
    compile_cache.use()
    assert os.environ["JAX_COMPILATION_CACHE_DIR"] == "mine"
