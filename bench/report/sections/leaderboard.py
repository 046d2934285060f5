"""The configurations in the order of their error, with all that tells them apart."""

from bench.report.blocks.section import Blocks, text
from bench.report.evidence import Evidence
from bench.report.sections import sheets

_STAR = (
    "★ marks the best of a column, baselines included, raw pixels (which are no code) apart; it does not say "
    "that the second is worse by more than chance: for that see the groups, where there are any."
)
_NONE = "No trial or baseline has ended well, so there is nothing to rank."


def section(evidence: Evidence) -> Blocks:
    """A table for each data set."""
    made = (sheets.leaderboard(evidence, dataset) for dataset in evidence.datasets)
    tables = [table for table in made if table.rows or table.lost]
    if not tables:
        return (text(_NONE),)
    spread = ", with ± half the width of the 95 % interval" if evidence.has_intervals else ""
    return (text(f"Test images, means over seeds{spread}.", _STAR), *tables)
