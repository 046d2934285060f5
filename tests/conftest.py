"""What all tests share: the backend they run on, the embedded digits, and the command line as a process."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import filelock
import hypothesis
import pytest

from bench.ask.views import VIEWS
from bench.datasets import SOURCES
from bench.machine import compile_cache
from bench.measures import TASKS
from bench.models import catalogue, plugins, shelves

# A test that takes longer on a busy machine is not wrong.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
BACKEND = os.environ.setdefault("KERAS_BACKEND", "torch")
if BACKEND == "jax":
    compile_cache.use()

BASELINES = 'baselines = ["mean", "pca"]\n'
TINY = (
    BASELINES
    + """
[defaults]
epochs = 2
latent_dim = 2
batch_size = 128
[[block]]
model = ["ae", "vae"]
"""
)
"""A grid of two trials and two baselines, which takes seconds."""

Process = subprocess.CompletedProcess[str]
RunBench = Callable[..., Process]


def pytest_report_header() -> str:
    """Say which backend these tests run on."""
    return f"keras backend: {BACKEND}"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """A folder that one of the test processes fills and the others wait for; to be read only."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with filelock.FileLock(shared / f"{name}.lock"):
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def digits():
    """The embedded data set: 1,077 training, 360 validation and 360 test images."""
    from bench import datasets

    return datasets.load_once("digits")


@pytest.fixture(scope="session")
def bench() -> RunBench:
    """Run `python -m bench ARGUMENTS` in a folder of its own, as a user does."""

    def run(*arguments: object, cwd: pathlib.Path, backend: str = BACKEND, **environment: str) -> Process:
        variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": backend, **environment}
        return subprocess.run(
            [sys.executable, "-m", "bench", *map(str, arguments)],
            cwd=cwd,
            env=variables,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return run


def every_card() -> list[Any]:
    """All cards."""
    kinds = (catalogue.MODELS, catalogue.ARCHITECTURES, TASKS, SOURCES, VIEWS)
    return [card for known in kinds for card in known.values()]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What a test adds to the catalogue is taken back."""
    before = {card.plugin for card in every_card()}
    known = dict(plugins.known)
    yield
    for card in every_card():
        if card.plugin not in before:
            shelves.forget(card)
    plugins.known.clear()
    plugins.known.update(known)
