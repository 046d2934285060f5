"""Likelihood and robustness: what is left beyond the images that a model was trained to reconstruct."""

from bench.report.blocks.section import Blocks, folded, text
from bench.report.evidence import Evidence
from bench.report.sections import measured

_TEXT = (
    "The bound on the log-likelihood, compared among equal losses only; what is left where test images are "
    "given noise or lose a part; and how well another data set is told apart (0.5 is chance)."
)


def section(evidence: Evidence) -> Blocks | None:
    """None where nothing of it was measured."""
    tables = (
        *measured.tables(evidence, measured.LIKELIHOOD),
        *measured.tables(evidence, measured.OUTSIDE),
        *measured.of_plugins(evidence),
    )
    return (text(_TEXT), *(folded(table) for table in tables)) if tables else None
