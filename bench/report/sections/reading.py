"""How the page is to be read, in five lines, or six."""

from bench.report.blocks.section import Blocks, Fold, Items
from bench.report.evidence import Evidence

EXTERNAL = (
    "What is marked (external) was made elsewhere and measured by bench measure: it is ranked in the "
    "leaderboard beside the configurations, never counted as one or recommended."
)


def blocks(evidence: Evidence) -> Blocks:
    """One fold."""
    items = (
        "Start with the findings; each leads to the table or figure that it rests on.",
        "A number is a mean over seeds on test images, and ± is half the width of its 95 % interval.",
        "Rows in grey italics are baselines, as PCA and the mean image: a model should beat them.",
        *([EXTERNAL] if evidence.externals else []),
        "Two are told apart where a test over seeds says so; else chance may explain what they differ by.",
        "A word over a dotted line leads to what it means; every measure and setting is defined under "
        "Protocol.",
    )
    return (Fold(title="How to read this page", blocks=(Items(items=items),)),)
