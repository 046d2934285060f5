"""What ran where: enough to repeat a run, and nothing about whose machine it was."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from bench import __version__, datasets, paths
from bench.datasets import census, contact_sheet
from bench.machine import threads

PACKAGES = ("keras", "torch", "jax", "tensorflow", "numpy", "scipy", "scikit-learn", "pillow", "pandas")


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def command(arguments: Sequence[str]) -> str:
    """The command line, with the home folder, which names the user, written `~`."""
    return paths.without_home(shlex.join(["python", "-m", "bench", *arguments]))


def software() -> dict[str, Any]:
    """Versions of the program and of what it stands on, and the commit of its checkout, if it is one."""
    return {"git": _git(), "versions": versions()}


def versions() -> dict[str, str]:
    """Versions of the program and of what it stands on, by package."""
    found = {"python": platform.python_version(), "autoencoder-bench": __version__}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """Packages of which two places have different versions, in words; empty if there are none.

    Only what both have counts: a driver needs no backend.
    """
    names = sorted(name for name in theirs.keys() & ours.keys() if theirs[name] != ours[name])
    return ", ".join(f"{name} {theirs[name]} (here {ours[name]})" for name in names)


def machine(backend: str) -> dict[str, Any]:
    """Processor, cores, memory, threads and device: what a time depends on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": threads.available(),
        "memory_gb": _memory_gb(),
        "threads": _threads(backend),
        "device": _device(backend),
    }


def loaded(names: Sequence[str]) -> dict[str, Any]:
    """The data sets of these names, loaded: which images they are, and pictures of a user's own.

    Returns
    -------
    `datasets` for the record of a run, and `contact_sheets`, PNG files; each by name.
    """
    found: dict[str, Any] = {}
    sheets: dict[str, bytes] = {}
    for name in names:
        dataset = datasets.load_once(name)
        found[name] = data(name, dataset)
        if name not in datasets.published():
            sheets[name] = contact_sheet.png(dataset)
    return {"datasets": found, "contact_sheets": sheets}


def data(name: str, dataset: datasets.Dataset) -> dict[str, Any]:
    """Which images these were; of a user's own, how they were understood, too."""
    found = datasets.outline(dataset)
    about = {
        "sha256": dataset.sha256,
        "image_shape": list(found.image_shape),
        "classes": list(found.class_names),
        "images": dict(found.images),
        **({"novel": found.novel} if found.novel else {}),
    }
    if name in datasets.published():
        return about
    return {**about, "understood": str(found), "checked": census.told(dataset)}


def _git() -> dict[str, Any] | None:
    root = pathlib.Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    try:
        commit = _git_output(root, "rev-parse", "HEAD")
        dirty = bool(_git_output(root, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"commit": commit, "dirty": dirty}


def _git_output(root: pathlib.Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def processor() -> str:
    """What the system calls it; `unknown` where it does not say."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError, AttributeError):
        return None


def _threads(backend: str) -> int | None:
    """Threads of the backend's own pool, where it tells; jax does not."""
    if backend == "torch":
        import torch

        return torch.get_num_threads()
    if backend == "tensorflow":
        import tensorflow

        return tensorflow.config.threading.get_intra_op_parallelism_threads() or threads.available()
    return None


def _device(backend: str) -> str:
    if backend == "torch":
        import keras
        import torch

        kind = keras.ops.ones(()).device.type  # where Keras puts its tensors, which the user may have chosen
        return torch.cuda.get_device_name() if kind == "cuda" else str(kind)
    if backend == "jax":
        import jax

        return jax.devices()[0].device_kind
    import tensorflow

    found = tensorflow.config.list_physical_devices("GPU")
    if not found:
        return "cpu"
    return str(tensorflow.config.experimental.get_device_details(found[0]).get("device_name", "gpu"))
