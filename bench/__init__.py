"""A benchmark suite for autoencoders: grid file -> trials -> run folder -> statistics -> report."""

import os
import typing

from bench.cards import SourceCard, ViewCard
from bench.measures import Measure, TaskCard
from bench.models import ArchitectureCard, ModelCard, Option, add

if typing.TYPE_CHECKING:
    from bench.models.given import Given
    from bench.opened import Run

__all__ = [
    "ArchitectureCard",
    "Given",
    "Measure",
    "ModelCard",
    "Option",
    "SourceCard",
    "TaskCard",
    "ViewCard",
    "add",
    "open",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> typing.Any:
    """`Given`, which needs NumPy: only once it is asked for."""
    if name == "Given":
        from bench.models.given import Given

        return Given
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def open(path: str | os.PathLike[str]) -> "Run":
    """A run as data: tables as pandas frames, arrays, a model, a figure; see `bench.opened.Run`.

    Parameters
    ----------
    path
        A run folder, or its name in `reports/`.

    Raises
    ------
    bench.errors.RunFolderError
        In one line, if there is no such run, or it cannot be read.
    """
    from bench.opened import Run

    return Run(path)
