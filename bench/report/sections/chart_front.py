"""What quality costs: charts of a cost against the MSE, and which configurations nothing else beats."""

import dataclasses
from collections.abc import Sequence

import matplotlib.axes
import matplotlib.ticker
import numpy as np

from bench.report import words
from bench.report.blocks import chart, finding, isolation, theme
from bench.report.blocks.chart import Chart, canvas, is_wide
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import timings

DISTORTION = "test_mse"
FEWEST = 3
OF_CURVE = (
    "The dashed curve is what linear VAEs reach at any weight of the KL term, in closed form and before "
    "their images are clipped."
)
HEIGHT, LEGEND = 2.9, 0.22  # inches: without the legend, and a row of it
COLUMNS = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Price:
    """A measure of which less is better.

    Attributes
    ----------
    axis
        What stands at its axis.
    less
        Less of it in a sentence: `fewer parameters`.
    doubt
        Why it is too uncertain for a front: a sentence; empty where there is one.
    """

    id: str
    measure: str
    axis: str
    title: str
    less: str
    doubt: str = ""


RATE = Price(
    id="rate",
    measure="test_kl",
    axis="KL, nats per image (rate)",
    title="MSE (distortion), lower left is better",
    less="a lower KL",
)
COSTS = (
    Price(
        id="cost-seconds",
        measure="fit_seconds",
        axis="seconds of training",
        title="MSE by time, lower left is better",
        less="fewer seconds of training",
        doubt="Seconds are those of the trials as they ran, on a machine that may have had other work. "
        f"{timings.NOT_REPEATABLE} So no front is drawn.",
    ),
    Price(
        id="cost-parameters",
        measure="parameters",
        axis="parameters",
        title="MSE by size, lower left is better",
        less="fewer parameters",
    ),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FrontChart:
    """The chart, and its front in a sentence, or why it has none."""

    chart: Chart
    front: str


def fronts(evidence: Evidence, *prices: Price) -> tuple[FrontChart, ...]:
    """Those that can be drawn, for each data set."""
    drawn = (draw(evidence, dataset, price) for dataset in evidence.datasets for price in prices)
    return tuple(one for one in drawn if one is not None)


def _lost(why: str) -> FrontChart:
    return FrontChart(chart=chart.lost(why), front="")


@isolation.isolated("chart", _lost)
def draw(evidence: Evidence, dataset: str, price: Price) -> FrontChart | None:
    """A price against MSE, of the configurations that have it; None for fewer than three: too few."""
    found = [one for one in evidence.about(dataset).configurations if one.values(price.measure)]
    found = [one for one in found if one.values(DISTORTION)]
    if len(found) < FEWEST:
        return None
    best, where = [] if price.doubt else front(found, price), finding.on(evidence, dataset)
    families = list(dict.fromkeys(one.family for one in found))
    id = f"{price.id}{evidence.suffix(dataset)}"
    curve = _linear(evidence, dataset, found) if price is RATE else None
    legend = LEGEND * -(-(len(families) + bool(best) + (curve is not None)) // COLUMNS)
    height = HEIGHT + legend
    with canvas(height) as (figure, axes):
        axes.grid(True, axis="both")
        if best:
            steps = _places(best, price)
            axes.plot(*steps, drawstyle="steps-post", color=theme.MUTED, linewidth=1, label="front")
        for index, family in enumerate(families):
            places = _places([one for one in found if one.family == family], price)
            axes.plot(*places, label=family, **theme.mark(index))
        if curve is not None:
            axes.plot(*curve[1], color=theme.INK, linestyle=(0, (4, 2)), linewidth=1.2, label=curve[0])
        _set_scale(axes, [_mean(one, price.measure) for one in found])
        axes.set_xlabel(price.axis)
        axes.set_title(f"{price.title}{where}")
        figure.subplots_adjust(left=0.13, right=0.98, top=0.91, bottom=(0.55 + legend) / height)
        figure.legend(loc="lower left", ncols=COLUMNS, bbox_to_anchor=(0.01, 0), handlelength=1.4)
        svg = theme.to_svg(figure, id)
    counted = f"{words.count(len(found), 'configuration')}{where}"
    on_front = f", {len(best)} of them on the front" if best else ""
    alt = f"{words.head(price.measure)} against MSE of {counted}{on_front}."
    said = _sentence(best, price, where) if best else price.doubt
    if curve is not None:
        said = f"{said} {OF_CURVE}"
    return FrontChart(chart=Chart(id=id, alt=alt, svg=svg), front=said)


def _linear(
    evidence: Evidence, dataset: str, found: Sequence[Configuration]
) -> tuple[str, tuple[np.ndarray, np.ndarray]] | None:
    """What linear VAEs of the usual latent size reach, as far as configurations go; its name and its places.

    None where the run has none.
    """
    size = evidence.base.get("latent_dim")
    rows = [one for one in evidence.about(dataset).baselines if one.settings["model"] == "linear_vae"]
    for one in (one for one in rows if one.settings["latent_dim"] == size):
        arrays = evidence.folder.images(one.unit)
        if "linear_kl" in arrays and "linear_mse" in arrays:
            rates, errors = arrays["linear_kl"], arrays["linear_mse"]
            known = [_mean(each, RATE.measure) for each in found]
            within = (rates >= 0.5 * min(known)) & (rates <= 1.5 * max(known))
            name = f"linear VAE, {words.setting('latent_dim', size)}"
            return name, (rates[within], errors[within])
    return None


def front(found: Sequence[Configuration], price: Price) -> list[Configuration]:
    """Those to which no other is better in one and at least as good in the other, the cheapest first."""
    ranked = sorted(found, key=lambda one: (_mean(one, price.measure), _mean(one, DISTORTION)))
    kept: list[Configuration] = []
    for one in ranked:
        if not kept or _mean(one, DISTORTION) < _mean(kept[-1], DISTORTION):
            kept.append(one)
    return kept


def _sentence(best: Sequence[Configuration], price: Price, where: str) -> str:
    names = [one.name for one in best]
    lie = "lies" if len(best) == 1 else "lie"
    return (
        f"On the front{where} {lie} {'; '.join(names[: finding.MOST_NAMED])}{finding.and_more(names)} "
        f"No configuration{where} has both {price.less} and a lower MSE than one of these, by means over "
        "seeds."
    )


def _set_scale(axes: matplotlib.axes.Axes, values: Sequence[float]) -> None:
    if is_wide(values, factor=10):
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    else:
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(6))
    axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _places(found: Sequence[Configuration], price: Price) -> tuple[list[float], list[float]]:
    return [_mean(one, price.measure) for one in found], [_mean(one, DISTORTION) for one in found]


def _mean(one: Configuration, name: str) -> float:
    return one.mean(name) or 0.0
