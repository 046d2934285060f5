"""A worker that is bounded to one thread keeps one core busy, and leaves the others to other workers."""

import os
import subprocess
import sys

import pytest

from bench.machine import threads
from bench.running.execution.cluster import Cluster
from bench.running.execution.settings import Settings
from tests.conftest import BACKEND, REPOSITORY

TRAIN = """
import time
from bench import datasets
from bench.ask import grid
from bench.training import fit
import dataclasses
digits = datasets.load_once("digits")
trial = dataclasses.replace(grid.load("quick").trials("BACKEND")[0], batch_size=512, epochs=2)
fit.fit(trial, digits)  # compiles, which XLA does with threads of its own
wall, own = time.perf_counter(), time.process_time()
fit.fit(dataclasses.replace(trial, epochs=60), digits)
print((time.process_time() - own) / (time.perf_counter() - wall))
"""


@pytest.mark.skipif(threads.available() < 2, reason="needs two cores")
def test_training_with_one_thread_uses_one_core():
    process = subprocess.run(
        [sys.executable, "-c", TRAIN.replace("BACKEND", BACKEND)],
        env={**os.environ, **threads.environment(1), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(process.stdout) <= 1.3


def test_the_rest_of_a_run_has_as_many_threads_a_worker_as_its_beginning(monkeypatch):
    """Else what is trained and timed later does not compare, though only one trial is left to run."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with Cluster(BACKEND, Settings(workers=2), ["digits"], most=1, planned=5, say=print) as cluster:
        assert cluster.workers == 1
        assert cluster.facts["threads"] == threads.environment(max(1, threads.available() // 2))
