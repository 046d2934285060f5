"""`run --track`: each trial, once it has ended, as a run of MLflow or TensorBoard.

The driver tells them, so workers need nothing. They stand beside the run: what goes wrong with one is said
once, and it is told nothing more; no trial is lost by it.
"""

import importlib.util

from bench import errors

NEEDS = {"mlflow": "mlflow", "tensorboard": "tensorboardX"}
"""Trackers, and the package that writes for each."""


def parse(text: str | None) -> tuple[str, ...]:
    """The names in `--track A,B`.

    Raises
    ------
    UsageError
        If one is unknown, or its library is not installed.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(","))) if text else ()
    for name in names:
        if name not in NEEDS:
            raise errors.UsageError(f"--track: {errors.unknown('tracker', name, NEEDS)}")
        if importlib.util.find_spec(NEEDS[name]) is None:
            raise errors.UsageError(
                f"--track {name}: {NEEDS[name]} is not installed; pip install {NEEDS[name]}, or leave it out"
            )
    return names
