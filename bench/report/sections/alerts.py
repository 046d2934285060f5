"""What a reader has to know before any answer; nothing where there is nothing to warn of."""

from bench.report.blocks import isolation
from bench.report.blocks.section import Blocks, Text
from bench.report.evidence import Evidence
from bench.report.findings import alerts


def section(evidence: Evidence) -> Blocks | None:
    """One block an alert, the worst first."""
    found: Blocks = isolation.attempt("list of warnings", lambda: _alerts(evidence), _lost)
    return found or None


def _alerts(evidence: Evidence) -> Blocks:
    return tuple(alerts.alerts(evidence))


def _lost(why: str) -> Blocks:
    return (Text(text=why, is_notice=True),)
