"""What codes cost, in nats, and what they hold: classes, clusters, dimensions."""

from collections.abc import Sequence

from bench.report.blocks.section import Blocks, Figure, Fold, Tabs, folded, some, text
from bench.report.evidence import Evidence
from bench.report.sections import chart_front, chart_labels, chart_likelihoods, measured, sheets
from bench.report.sections.chart_labels import FewLabels

_TEXT = (
    "A variational model pays for what its code says about an image: KL, in nats (1 nat is 1.44 bits). A "
    "dimension that says nothing costs nothing and is not active. PCA and a plain AE pay nothing."
)
_NO_RATE = "No model with a posterior has ended well, so there is no KL and no active unit to report."


def section(evidence: Evidence, shown: str) -> Blocks | None:
    """What is paid for codes first, and then what they hold; `shown` says of which backend."""
    return some([*_rate(evidence, shown), *_held(evidence)])


def _rate(evidence: Evidence, shown: str) -> Blocks:
    found = sheets.rate(evidence)
    if found is None:
        return (text(_NO_RATE),)
    drawn = chart_front.fronts(evidence)
    worth = filter(None, (chart_likelihoods.draw(evidence, dataset) for dataset in evidence.datasets))
    return (
        *_fronts([(one.name, (Figure(charts=(one.chart,), caption=one.front),)) for one in (*worth, *drawn)]),
        text(_TEXT, chart_front.left_out(evidence) if drawn else "", shown),
        folded(found),
    )


def _fronts(drawn: Sequence[tuple[str, Blocks]]) -> Blocks:
    """What likelihoods are worth, and then one at a time, where there are several."""
    if len(drawn) > 1:
        return (Tabs(id="rate", title="Likelihood", tabs=tuple(drawn)),)
    return tuple(block for _, shown in drawn for block in shown)


def _held(evidence: Evidence) -> Blocks:
    tables = (*measured.tables(evidence, measured.HELD), *measured.tables(evidence, measured.SCALING))
    few = (block for one in chart_labels.curves(evidence) for block in _few_labels(one))
    return (*few, *map(folded, tables))


def _few_labels(one: FewLabels) -> Blocks:
    drawn = Figure(charts=(one.chart,), caption=one.rule)
    return (Fold(title="What few labels are worth", blocks=(drawn, *((one.table,) if one.table else ()))),)
