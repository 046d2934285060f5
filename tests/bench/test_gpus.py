"""GPUs, on a machine that has none: which are seen, who gets which, and what is said of those left idle."""

import pytest

from bench.machine import gpus
from bench.running.execution import sizing
from tests.conftest import BACKEND

needs_none = pytest.mark.skipif(bool(gpus.visible()), reason="a GPU is here")


@pytest.mark.parametrize(
    ("named", "found"), [("0,1", ["0", "1"]), ("", []), ("-1", []), ("GPU-5a,", ["GPU-5a"])]
)
def test_those_that_a_process_may_see(monkeypatch, named, found):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", named)
    assert gpus.visible() == found


def test_a_worker_for_each(monkeypatch):
    assert sizing.default_workers(["0", "1", "2"], ["digits"]) == 3
    assert sizing.default_workers([], ["digits"]) >= 1


@needs_none
def test_a_backend_that_computes_on_the_cpu_gets_none_and_that_is_said(monkeypatch, bench, tmp_path):
    """As a build for CPUs does on a machine with two GPUs."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    assert gpus.usable(BACKEND) == []
    process = bench("doctor", cwd=tmp_path)
    line = next(text for text in process.stdout.splitlines() if text.startswith(f"backend {BACKEND}: works"))
    assert f"it does not use the 2 GPUs here; for that install {gpus.REMEDIES[BACKEND]}" in line
