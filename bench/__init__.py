"""A benchmark suite for autoencoders: grid file -> trials -> run folder -> statistics -> report."""

from bench.cards import SourceCard, ViewCard
from bench.measures import Measure, TaskCard
from bench.models import ArchitectureCard, ModelCard, Option, add

__all__ = ["ArchitectureCard", "Measure", "ModelCard", "Option", "SourceCard", "TaskCard", "ViewCard", "add"]

__version__ = "0.1.0"
