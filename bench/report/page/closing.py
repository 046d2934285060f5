"""A report in a few lines, for a terminal: what was found first, and what a reader has to know before it."""

from bench.report.blocks.alert import Alert
from bench.report.page.content import Report

FINDINGS = 3


def lines(report: Report) -> list[str]:
    """The first three findings, then every alert."""
    found = [one for one in report.findings if not one.lost][:FINDINGS]
    told = [f"{place}. {one.title} {one.body}".strip() for place, one in enumerate(found, start=1)]
    alerts = [f"! {one.line()}" for one in report.blocks.get("alerts", ()) if isinstance(one, Alert)]
    return [*told, *alerts]
