"""Likelihood and robustness: what is left beyond the images that a model was trained to reconstruct."""

from bench.report.blocks.section import Blocks, folded, text
from bench.report.evidence import Evidence
from bench.report.sections import measured

_TEXT = (
    "The importance-weighted bound on the log-likelihood, with K = 100 codes an image, or of PCA the "
    "likelihood itself; what is left where test images are given noise or lose a part; and how well images "
    "of another data set are told apart, by their error or by the ELBO (0.5 is chance). Compare the bound "
    "among equal losses only."
)


def section(evidence: Evidence) -> Blocks | None:
    """None where nothing of it was measured."""
    tables = (
        *measured.tables(evidence, measured.LIKELIHOOD),
        *measured.tables(evidence, measured.OUTSIDE),
        *measured.of_plugins(evidence),
    )
    return (text(_TEXT), *(folded(table) for table in tables)) if tables else None
