"""A benchmark suite for autoencoders: grid file -> trials -> run folder -> statistics -> report."""

from typing import TYPE_CHECKING, Any

from bench.cards import SourceCard, ViewCard
from bench.measures import Measure, TaskCard
from bench.models import ArchitectureCard, ModelCard, Option, add

if TYPE_CHECKING:
    from bench.models.given import Given

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
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`Given`, which needs NumPy: only once it is asked for."""
    if name == "Given":
        from bench.models.given import Given

        return Given
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
