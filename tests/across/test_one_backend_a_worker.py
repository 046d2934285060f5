"""A worker carries its own backend and no other, wherever others are installed: each is 100 to 700 MB."""

import subprocess
import sys

import pytest

from bench.machine.backend import BACKENDS

from .conftest import needs_all

PREPARED = """
import os, sys
os.environ.pop("KERAS_BACKEND", None)
from bench.running.execution import worker
worker.prepare("{name}", ["digits"], 1, "", "test-one-backend.log")
import numpy as np, scipy.stats
assert scipy.stats.mode(np.array([[1, 2, 2]]), axis=1).mode.tolist() == [2]  # SciPy looks for jax's arrays
print(*(name for name in ("torch", "jax", "tensorflow") if sys.modules.get(name) is not None))
"""


@needs_all
@pytest.mark.parametrize("name", BACKENDS)
def test_a_worker_imports_its_own_backend_alone(name):
    found = subprocess.run(
        [sys.executable, "-c", PREPARED.format(name=name)], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == [name]
