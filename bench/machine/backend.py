"""Choosing the Keras backend: once, before Keras is first imported."""

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator

from bench import errors
from bench.machine import compile_cache, gpus

BACKENDS = ("torch", "jax", "tensorflow")


def choose(requested: str | None) -> tuple[str, ...]:
    """`--backend`, as `torch` or `torch,jax`; else `KERAS_BACKEND`, else torch; not Keras's `keras.json`.

    Raises
    ------
    UsageError
        If a name is not one of a backend.
    """
    text = requested or os.environ.get("KERAS_BACKEND") or BACKENDS[0]
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in BACKENDS:
            raise errors.UsageError(errors.unknown("backend", name, BACKENDS))
    return names


def installed(name: str) -> bool:
    """Whether the backend's package can be found, without importing it."""
    return importlib.util.find_spec(name) is not None


def check_installed(name: str) -> None:
    """Make sure that the backend's package is there.

    Raises
    ------
    BackendError
        If it is not.
    """
    if not installed(name):
        raise errors.BackendError(
            f"backend {name!r} is not installed; install it with: pip install {name}, "
            "or choose another with --backend"
        )


def activate(name: str) -> None:
    """Import Keras on the backend `name`, for this process and for good.

    Raises
    ------
    BackendError
        If the backend is not installed, or if Keras was imported on another one before.
    """
    check_installed(name)
    os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow greets on standard error
    keras_was_there = "keras" in sys.modules
    if name == "jax":
        compile_cache.use()
        if gpus.visible():
            os.environ.setdefault("JAX_DEFAULT_MATMUL_PRECISION", "highest")
    try:
        with contextlib.nullcontext() if name == "jax" else _out_of_sight("jax"):
            import keras
    except Exception as error:  # a package that is there and broken may raise anything
        raise errors.BackendError(
            f"backend {name!r} is installed but cannot be imported ({errors.one_line(error)}); "
            "install it again with: "
            f"pip install --force-reinstall {name}, or choose another with --backend"
        ) from error

    if keras.backend.backend() != name:
        raise errors.BackendError(
            f"Keras already runs on {keras.backend.backend()!r} in this process, {name!r} was asked for; "
            "start a new process for another backend"
        )
    if name == "torch":
        _start_threads_of_torch()
    if name == "tensorflow":
        _leave_constants_of_tensorflow()
    _compute_in_full_precision(name)
    if not keras_was_there:
        keras.config.set_floatx("float32")  # a user's keras.json may say otherwise


def _compute_in_full_precision(name: str) -> None:
    """Keep GPUs from rounding float32 to ten bits (TF32), which backends let them do to various degrees."""
    if name == "torch":
        import torch

        torch.backends.cudnn.allow_tf32 = False  # of products it is off already
    if name == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_tensor_float_32_execution(False)


@contextlib.contextmanager
def _out_of_sight(package: str) -> Iterator[None]:
    """Let imports not find a package that they can do without, unless it has been imported before.

    Keras and TensorFlow import jax wherever it is installed, for checkpoints and a converter that nothing
    here uses: 100 MB a worker.
    """
    hidden = sys.modules.setdefault(package, None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[package]  # libraries ask here whether an array may be one of jax


def _start_threads_of_torch() -> None:
    """Have them flush denormal numbers to zero, as the loop does: they keep what holds when they start."""
    import torch

    torch.set_flush_denormal(True)
    torch.ones(2**20).add_(1)  # enough for all of them
    torch.set_flush_denormal(False)


def _leave_constants_of_tensorflow() -> None:
    """Have TensorFlow fold no constants: training is as fast, and its numbers come back to the last digit.

    Folding a constant into sums of gradients leaves the order of the others to chance; after one epoch,
    losses of one VAE differed in the fourth digit. See `bench.training.loops.tensorflow_loop` on such sums.
    """
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options({"constant_folding": False})
