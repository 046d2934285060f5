"""Rate against distortion: what a code costs, what it buys, and which configurations nothing else beats."""

import dataclasses
from collections.abc import Sequence

from bench.report import finding, sheets, theme, words
from bench.report.chart import Chart, canvas
from bench.report.evidence import Configuration, Evidence

RATE, DISTORTION = "test_kl", "test_mse"
FEWEST = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class RateChart:
    """The chart, and its front in a sentence."""

    chart: Chart
    front: str


def draw(evidence: Evidence, dataset: str) -> RateChart | None:
    """KL against MSE of the models with a posterior; None for fewer than three, which show no shape."""
    found = [one for one in evidence.about(dataset).configurations if one.values(RATE)]
    found = [one for one in found if one.values(DISTORTION)]
    if len(found) < FEWEST:
        return None
    best = front(found)
    families = list(dict.fromkeys(one.family for one in found))
    id = f"rate{sheets.suffix(evidence, dataset)}"
    height = 3.4
    with canvas(height) as (figure, axes):
        axes.grid(True, axis="both")
        axes.plot(*_places(best), drawstyle="steps-post", color=theme.MUTED, linewidth=1, label="front")
        for index, family in enumerate(families):
            places = _places([one for one in found if one.family == family])
            axes.plot(*places, label=family, **theme.mark(index))
        axes.set_xlabel("KL, nats per image (rate)")
        axes.set_title("MSE (distortion), lower left is better")
        figure.subplots_adjust(left=0.13, right=0.98, top=0.91, bottom=0.26)
        figure.legend(loc="lower left", ncols=4, bbox_to_anchor=(0.01, 0), handlelength=1.4)
        svg = theme.to_svg(figure, id)
    names = [one.name for one in best]
    text = (
        f"On the front {'lies' if len(best) == 1 else 'lie'} {'; '.join(names[: finding.MOST_NAMED])}"
        f"{finding.and_more(names)} No configuration has both a lower KL and a lower MSE than one of these, "
        "by means over seeds."
    )
    alt = f"KL against MSE of {words.count(len(found), 'configuration')}, {len(best)} of them on the front."
    return RateChart(chart=Chart(id=id, alt=alt, svg=svg), front=text)


def front(found: Sequence[Configuration]) -> list[Configuration]:
    """Those to which no other is better in one and at least as good in the other, by rising rate."""
    ranked = sorted(found, key=lambda one: (_mean(one, RATE), _mean(one, DISTORTION)))
    kept: list[Configuration] = []
    for one in ranked:
        if not kept or _mean(one, DISTORTION) < _mean(kept[-1], DISTORTION):
            kept.append(one)
    return kept


def _places(found: Sequence[Configuration]) -> tuple[list[float], list[float]]:
    return [_mean(one, RATE) for one in found], [_mean(one, DISTORTION) for one in found]


def _mean(one: Configuration, name: str) -> float:
    return one.mean(name) or 0.0
