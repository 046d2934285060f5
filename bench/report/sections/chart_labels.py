"""How well the class is told from codes with few labels: a chart and a table of all coders."""

import dataclasses
from collections.abc import Sequence

import matplotlib.ticker

from bench import measures
from bench.measures.latent import FEW_LABELS
from bench.report import words
from bench.report.blocks import chart, finding, isolation, theme
from bench.report.blocks.chart import Chart, canvas
from bench.report.blocks.table import Table
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import measured

RULE = (
    "Of each model and architecture the configuration with the highest accuracy with 10 labels a class on "
    "validation images, PCA with as many components as one of these has dimensions, and raw pixels."
)
MOST_FAMILIES = 6
HEIGHT, LEGEND, COLUMNS = 3.1, 0.22, 2  # inches: without the legend, and a row of it
ALL = "latent_accuracy"
POINTS = (*FEW_LABELS.values(), ALL)
CHOSEN = measures.named(FEW_LABELS[10]).validation
"""The measure of validation images by which one of each family is drawn."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FewLabels:
    """The chart, by which rule its lines were chosen, and the table of all."""

    chart: Chart
    rule: str
    table: Table | None


def curves(evidence: Evidence) -> tuple[FewLabels, ...]:
    """One for each data set of which it was measured."""
    found = (_curve(evidence, dataset) for dataset in evidence.datasets)
    return tuple(one for one in found if one is not None)


def _lost(why: str) -> FewLabels:
    return FewLabels(chart=chart.lost(why), rule="", table=None)


@isolation.isolated("chart", _lost)
def _curve(evidence: Evidence, dataset: str) -> FewLabels | None:
    table = measured.table(evidence, dataset, measured.FEW_LABELS)
    lines = drawn(evidence.about(dataset))
    if table is None or not lines:
        return None
    where = finding.on(evidence, dataset)
    return FewLabels(
        chart=_draw(lines, f"few-labels{evidence.suffix(dataset)}", where),
        rule=RULE,
        table=table,
    )


def drawn(evidence: Evidence) -> list[Configuration]:
    """The best of each family by validation images, of at most six, then PCA of their sizes, then pixels."""
    best: dict[str, Configuration] = {}
    for one in evidence.configurations:
        if len(_points(one)) < 2 or not one.values(CHOSEN):
            continue
        other = best.get(one.family)
        if other is None or (one.mean(CHOSEN) or 0.0) > (other.mean(CHOSEN) or 0.0):
            best[one.family] = one
    found = list(best.values())[:MOST_FAMILIES]
    sizes = {one.settings["latent_dim"] for one in found}
    beside = [
        one
        for one in evidence.baselines
        if len(_points(one)) > 1
        and (one.settings["model"] == "pixels" or one.settings.get("latent_dim") in sizes)
    ]
    known = [one for one in evidence.externals if len(_points(one)) > 1]
    return [*found, *known, *beside] if found or known else []


def _points(one: Configuration) -> list[tuple[int, str]]:
    """Places along the axis, and the measures there that it has."""
    return [(place, name) for place, name in enumerate(POINTS) if one.values(name)]


def _draw(lines: Sequence[Configuration], id: str, where: str) -> Chart:
    legend = LEGEND * -(-len(lines) // COLUMNS)
    height = HEIGHT + legend
    with canvas(height) as (figure, axes):
        for index, one in enumerate(lines):
            places, names = zip(*_points(one), strict=True)
            intervals = [one.measure(name) for name in names]
            color, marker, dashes = theme.look(index)
            color = theme.MUTED if one.is_baseline else color
            axes.errorbar(
                places,
                [100 * (each.mean or 0.0) for each in intervals],
                yerr=[100 * (each.half_width or 0.0) for each in intervals],
                color=color,
                marker=marker,
                markersize=5.5,
                markeredgecolor=theme.PAPER,
                linestyle=(0, dashes) if dashes else "-",
                linewidth=1.6,
                elinewidth=1,
                label=one.name + (one.mark if one.is_external else ""),
            )
        axes.set_xticks(range(len(POINTS)), [*map(str, FEW_LABELS), "all"])
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, 0), min(high, 100.5))  # an interval knows no bounds, a share has some
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(6))
        axes.set_xlabel("labelled images of each class")
        axes.set_title(f"Accuracy with few labels, % (higher is better){where}")
        figure.subplots_adjust(left=0.13, right=0.98, top=0.91, bottom=(0.55 + legend) / height)
        figure.legend(loc="lower left", ncols=COLUMNS, bbox_to_anchor=(0.01, 0), handlelength=2.6)
        svg = theme.to_svg(figure, id)
    return Chart(id=id, alt=f"Accuracy by labelled images of each class{where}: {_ends(lines)}.", svg=svg)


def _ends(lines: Sequence[Configuration]) -> str:
    """`VAE dense from 40.7 % to 74.3 %; ...`."""
    told = []
    for one in lines:
        first, last = (
            words.number(name, one.mean(name), unit=True) for _, name in (_points(one)[0], _points(one)[-1])
        )
        told.append(f"{one.name} from {first} to {last}")
    return "; ".join(told)
