"""Frechet distances taken apart: what reconstructions have, and what drawing codes adds to it."""

import dataclasses
from collections.abc import Sequence

import matplotlib.ticker

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import chart, finding, isolation, theme
from bench.report.blocks.chart import Chart, canvas
from bench.report.blocks.table import NAME, Cell, Column, Table, row
from bench.report.evidence import Configuration, Evidence, floors
from bench.report.evidence.floors import MIXTURE, PRIOR, RECONSTRUCTED, SECOND
from bench.report.sections import galleries
from bench.statistics import Interval

ADDED = {
    MIXTURE: Column(
        label="Mixture adds",
        hint="FD (mixture) less FD (rec.): what drawing codes from a mixture of training codes adds.",
    ),
    PRIOR: Column(
        label="Prior adds",
        hint="FD (prior) less FD (rec.): what drawing codes from the prior adds.",
    ),
}
NOTE = (
    "Both additions are counted from the reconstructions, whose codes are those of real images: prior and "
    "mixture are two ways to draw codes in their place, and neither is a step to the other. Differences are "
    "taken seed by seed; below 0, samples come nearer than reconstructions."
)
_FLOOR = "Multiples are of the floor, {}: the distance of training images from test images."
RULE = (
    "Of each configuration three bars from the floor (where it is known) to the Frechet distance of its "
    "reconstructions, of samples from the mixture and of samples from its prior. The axis is logarithmic: "
    "equal lengths are equal factors."
)
_BARS = ((PRIOR, "prior", 0.8), (MIXTURE, "mixture", 0.5), (RECONSTRUCTED, "reconstructions", 0.22))
ROW, REST = 0.3, 1.15  # inches: a configuration, and what is above and below all


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decomposition:
    """The table of all, and the chart of those whose pictures are shown, with what it shows."""

    table: Table
    chart: Chart | None
    rule: str = RULE


def added(one: Configuration, name: str, base: str = RECONSTRUCTED) -> Interval:
    """How much farther samples are than reconstructions: mean over the seeds that have both."""
    pairs = ((result.measures.get(name), result.measures.get(base)) for result in one.results)
    return statistics.mean_interval([a - b for a, b in pairs if a is not None and b is not None])


def decompositions(evidence: Evidence) -> tuple[Decomposition, ...]:
    """One for each data set of which reconstructions and samples were measured."""
    found = (_decomposition(evidence, dataset) for dataset in evidence.datasets)
    return tuple(one for one in found if one is not None)


def _lost(why: str) -> Decomposition:
    return Decomposition(table=Table(id="", caption="", columns=(), rows=(), lost=why), chart=None, rule="")


@isolation.isolated("table", _lost)
def _decomposition(evidence: Evidence, dataset: str) -> Decomposition | None:
    everything = (one for one in evidence.everything if one.settings["dataset"] == dataset)
    ones = [one for one in everything if any(added(one, name).n for name in ADDED)]
    if not ones:
        return None
    ones.sort(key=lambda one: one.mean(MIXTURE) or float("inf"))
    shown = {*_names(galleries.representatives(evidence)), *_names(galleries.baselines(evidence))}
    pictured = [one for one in ones if one.name in shown]
    suffix, where = evidence.suffix(dataset), finding.on(evidence, dataset)
    level = floors.floor(evidence, dataset, MIXTURE)
    return Decomposition(
        table=_table(evidence, dataset, ones, f"table-decomposition{suffix}"),
        chart=_draw(pictured, level, f"decomposition{suffix}", where) if pictured else None,
    )


def _names(ones: Sequence[Configuration]) -> set[str]:
    return {one.name for one in ones}


def _table(evidence: Evidence, dataset: str, ones: Sequence[Configuration], id: str) -> Table:
    spaces = [end for end in ("", SECOND) if any(one.values(RECONSTRUCTED + end) for one in ones)]
    levels = {end: floors.floor(evidence, dataset, MIXTURE + end) for end in spaces}
    multiples = [
        (name + end, level)
        for end, level in levels.items()
        if level
        for name in (RECONSTRUCTED, MIXTURE, PRIOR)
    ]
    columns = (
        NAME,
        *(
            column
            for end in spaces
            for column in (
                Column(
                    label=measures.named(RECONSTRUCTED + end).label,
                    hint=measures.named(RECONSTRUCTED + end).text,
                ),
                *(_in_space(column, end) for column in ADDED.values()),
            )
        ),
        *(_multiple_column(name) for name, _ in multiples),
    )
    known = " and ".join(
        f"{words.number(MIXTURE, level)}{' in the second space' if end else ''}"
        for end, level in levels.items()
        if level
    )
    return Table(
        id=id,
        caption="Frechet distances taken apart: reconstructions, and what drawing codes adds"
        f"{finding.on(evidence, dataset)}: nearest from the mixture first",
        columns=columns,
        rows=tuple(
            row(
                one,
                *(cell for end in spaces for cell in _parts(one, end)),
                *(_multiple(one, name, level) for name, level in multiples),
            )
            for one in ones
        ),
        note=" ".join(filter(None, (NOTE, _FLOOR.format(known) if known else ""))),
    )


def _in_space(column: Column, end: str) -> Column:
    return dataclasses.replace(column, label=column.label + (", 2nd" if end else ""))


def _parts(one: Configuration, end: str) -> list[Cell]:
    base = RECONSTRUCTED + end
    found = [one.measure(base), *(added(one, name + end, base) for name in ADDED)]
    return [Cell(text=words.interval(base, each), order=each.mean) for each in found]


def _multiple_column(name: str) -> Column:
    label = measures.named(name).label
    return Column(label=f"{label} / floor", hint=f"{label} as a multiple of that of training images.")


def _multiple(one: Configuration, name: str, level: float) -> Cell:
    mean = one.mean(name)
    if mean is None:
        return Cell(text=words.NONE)
    return Cell(text=words.two_digits(mean / level), order=mean / level)


@chart.drawn
def _draw(ones: Sequence[Configuration], level: float | None, id: str, where: str) -> Chart:
    known = [value for one in ones for name, _, _ in _BARS for value in one.values(name) if value > 0]
    start = min([*known, *([level] if level and level > 0 else [])]) * 0.8
    height = ROW * len(ones) + REST
    with canvas(height) as (figure, axes):
        for index, (name, label, thickness) in enumerate(_BARS):
            places = [i for i, one in enumerate(ones) if one.mean(name)]
            means = [one.mean(name) or 0.0 for one in ones if one.mean(name)]
            begin = level if level and level > 0 else start
            axes.barh(
                places,
                [mean - begin for mean in means],
                left=begin,
                height=thickness,
                color=theme.SERIES[index],
                label=label,
                xerr=[one.measure(name).half_width or 0.0 for one in ones if one.mean(name)],
                error_kw={"ecolor": theme.INK, "elinewidth": 0.8},
            )
        if level and level > 0:
            axes.axvline(level, color=theme.INK, linewidth=1.4, linestyle=(0, (4, 2)), label="floor")
        axes.set_xscale("log")
        axes.set_xlim(left=start)
        axes.xaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1,), numticks=8))
        axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
        axes.set_yticks(range(len(ones)), [one.name for one in ones])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.set_title(f"Frechet distance to test images (lower is better){where}", x=-0.62)
        figure.subplots_adjust(left=0.40, right=0.98, top=1 - 0.3 / height, bottom=0.6 / height)
        figure.legend(loc="lower left", ncols=4, bbox_to_anchor=(0.01, 0), columnspacing=1.2)
        svg = theme.to_svg(figure, id)
    return Chart(id=id, alt=_told(ones, level, where), svg=svg)


def _told(ones: Sequence[Configuration], level: float | None, where: str) -> str:
    """What the chart shows, for those who cannot see it."""
    told = []
    for one in ones:
        parts = [
            f"{label} {words.number(name, one.mean(name))}"
            for name, label, _ in reversed(_BARS)
            if one.values(name)
        ]
        told.append(f"{one.name}: {', '.join(parts)}")
    end = "" if level is None else f"; training images {words.number(MIXTURE, level)}"
    return f"Frechet distance to test images{where}: {'; '.join(told)}{end}."
