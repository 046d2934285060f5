"""What jax has compiled is kept on disk: the next trial of a network, or the next run, need not wait."""

import hashlib
import os
import pathlib
import platform

_MOST_BYTES = 2**30
_SWITCHES = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",  # many small functions make up most of the time
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    "JAX_COMPILATION_CACHE_MAX_SIZE": str(_MOST_BYTES),  # what was not used for longest goes first
}


def use() -> None:
    """Let jax keep what it compiles; to be called before jax is imported.

    A user's own `JAX_COMPILATION_CACHE_DIR` is left alone; `JAX_ENABLE_COMPILATION_CACHE=0` turns it off.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # no place to write: compile each time
        return
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(folder)
    for name, value in _SWITCHES.items():
        os.environ.setdefault(name, value)


def _folder() -> pathlib.Path:
    caches = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(caches) / "autoencoder-bench" / f"jax-{_processor()}"


def _processor() -> str:
    """A name for what this machine can execute: homes are shared, and code is compiled for one processor."""
    about = platform.machine() + platform.node()
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        about = platform.machine() + next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        pass
    return hashlib.sha256(about.encode()).hexdigest()[:12]
