"""NVIDIA GPUs: those that this process may see, and whether a backend can compute on them."""

import os
import pathlib
import shutil
import subprocess
import sys

REMEDIES = {
    "torch": "a build of torch for CUDA, see https://pytorch.org/get-started",
    "jax": "pip install 'jax[cuda12]'",
    "tensorflow": "pip install 'tensorflow[and-cuda]'",
}
"""What makes a backend use a GPU."""

SHARED = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
"""Environment in which jax and TensorFlow take memory of a GPU as they need it, not nearly all at once."""

# In a process of its own: one that has imported a backend is bound to it.
_PROBE = """
import sys
from bench.machine import backend, provenance
backend.activate(sys.argv[1])
print(provenance.machine(sys.argv[1])["device"])
"""


def visible() -> list[str]:
    """Identifiers of the GPUs that this process may use, as `CUDA_VISIBLE_DEVICES` takes them."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return [name for name in named.split(",") if name.strip() not in ("", "-1")]
    if not shutil.which("nvidia-smi"):
        return []
    done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    count = sum(line.startswith("GPU ") for line in done.stdout.splitlines())
    return [str(index) for index in range(count)] if done.returncode == 0 else []


def usable(backend: str) -> list[str]:
    """Those of `visible` if the backend computes on a GPU, else none: most installations are for CPUs."""
    found = visible()
    if not found:
        return []
    root = pathlib.Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, backend], capture_output=True, text=True, check=False, cwd=root
    )
    said = done.stdout.strip().splitlines()
    return [] if done.returncode or not said or said[-1] == "cpu" else found


def unused(backend: str) -> str:
    """What to say where there are GPUs that a backend cannot use."""
    return f"it does not use the {len(visible())} GPUs here; for that install {REMEDIES[backend]}"
