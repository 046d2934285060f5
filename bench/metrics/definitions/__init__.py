"""What each measure means, in words: the table that the report prints, one module a topic.

Those of trials are in `result.json` and, as mean, low and high over seeds, in `summary.csv`; `results.csv`
has those that its contract names (`bench.keeping.tables.COLUMNS`). Those that are arrays are in `images.npz`.
Those of networks, `TIMES`, are in `timings.csv`, each but the time to compile with its quartiles, `_q1` and
`_q3`.
"""

from bench.metrics.definitions import (
    generation,
    latent,
    likelihood,
    reconstruction,
    robustness,
    timing,
    training,
    validation,
)
from bench.metrics.definitions.definition import Definition
from bench.metrics.definitions.references import REFERENCES

__all__ = ["BY_NAME", "DEFINITIONS", "REFERENCES", "TIMES", "Definition"]

DEFINITIONS: tuple[Definition, ...] = (
    *reconstruction.DEFINITIONS,
    *latent.DEFINITIONS,
    *generation.DEFINITIONS,
    *likelihood.DEFINITIONS,
    *robustness.DEFINITIONS,
    *validation.DEFINITIONS,
    *training.DEFINITIONS,
    *timing.DEFINITIONS,
)
"""Every measure, in the order in which the report prints them."""

TIMES = tuple(definition.name for definition in timing.DEFINITIONS)
"""Those of a network, timed with the machine to itself."""

BY_NAME = {definition.name: definition for definition in DEFINITIONS}
"""The same as `DEFINITIONS`, by name."""
