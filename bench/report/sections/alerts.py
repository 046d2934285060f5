"""What a reader has to know before any answer; nothing where there is nothing to warn of."""

from bench.report.blocks import isolation
from bench.report.blocks.section import Blocks, Text
from bench.report.evidence import Evidence
from bench.report.findings import alerts


def section(evidence: Evidence) -> Blocks | None:
    """One block an alert, the worst first."""
    found = isolation.attempt("list of warnings", lambda: alerts.alerts(evidence), _lost)
    return tuple(found) or None


def _lost(why: str) -> list[Text]:
    return [Text(text=why, is_notice=True)]
