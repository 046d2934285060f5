"""How many workers this machine carries."""

import os
import shutil
import subprocess

import distributed.system
import psutil

from bench import threads

MEMORY_OF_A_WORKER = 2 * 2**30  # bytes; on Fashion-MNIST the largest was TensorFlow with 1.8 GiB


def gpus() -> list[str]:
    """Identifiers of the NVIDIA GPUs that this process may use, as `CUDA_VISIBLE_DEVICES` takes them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name for name in visible.split(",") if name.strip() not in ("", "-1")]
    if not shutil.which("nvidia-smi"):
        return []
    done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    count = sum(line.startswith("GPU ") for line in done.stdout.splitlines())
    return [str(index) for index in range(count)] if done.returncode == 0 else []


def default_workers(devices: list[str]) -> int:
    """One a GPU where there are any, else one a core, as far as the free memory goes."""
    if devices:
        return len(devices)
    free = min(psutil.virtual_memory().available, distributed.system.MEMORY_LIMIT)
    return max(1, min(threads.available(), int(free // MEMORY_OF_A_WORKER)))
