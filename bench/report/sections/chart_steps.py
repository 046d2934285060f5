"""The chart of training steps: a row a network, a mark a backend."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib.axes
import matplotlib.ticker

from bench.report import words
from bench.report.blocks import theme
from bench.report.blocks.chart import WIDTH, Chart, canvas, drawn, is_wide
from bench.report.blocks.drawing import scale
from bench.report.evidence import Evidence
from bench.report.sections.timings import Network

MOST_ROWS = 12
ROW, TOP, BOTTOM, LEGEND = 0.27, 0.4, 0.35, 0.27  # inches
LETTER, MOST_LEFT = 0.08, 2.6  # of the names, which stand at the left

Rows = dict[str, dict[str, Network]]


@drawn
def draw(evidence: Evidence, networks: Sequence[Network]) -> Chart | None:
    """Time of a training step, with its quartiles; nothing where there is nothing to hold against it."""
    if len(networks) < 2:
        return None
    rows = _rows(evidence, networks)
    backends = [name for name in evidence.backends if any(name in row for row in rows.values())]
    bottom = BOTTOM + (LEGEND if len(backends) > 1 else 0)
    height = TOP + bottom + ROW * len(rows)
    left = min(MOST_LEFT, 0.25 + LETTER * max(map(len, rows)))
    with canvas(height) as (figure, axes):
        for index, backend in enumerate(backends):
            _draw_backend(axes, rows, backend, index, (index - (len(backends) - 1) / 2) * 0.2)
        log = ", log axis" if _set_scales(axes, rows) else ""
        axes.set_title(f"Training step, ms (lower is better{log})", x=-left / (0.98 * WIDTH - left))
        figure.subplots_adjust(left=left / WIDTH, right=0.98, top=1 - TOP / height, bottom=bottom / height)
        if len(backends) > 1:
            figure.legend(loc="lower left", ncols=3, bbox_to_anchor=(0.01, 0), handlelength=1)
        svg = theme.to_svg(figure, "steps")
    on = f" on {words.count(len(backends), 'backend')}" if len(backends) > 1 else ""
    alt = f"Time of a training step of {words.count(len(rows), 'network')}{on}: {_extremes(rows)}."
    return Chart(id="steps", alt=alt, svg=svg)


def left_out(evidence: Evidence, networks: Sequence[Network]) -> str:
    """The rule by which networks were left out of the chart; empty if all are there."""
    total = len({name for name, _ in _named(evidence, networks)})
    if total <= MOST_ROWS:
        return ""
    return f"{MOST_ROWS} of {total} networks are drawn, those nearest to the base."


def _rows(evidence: Evidence, networks: Sequence[Network]) -> Rows:
    """The networks by name and backend, those nearest to the base, in the order of the grid."""
    rows: Rows = {}
    for name, network in _named(evidence, networks):
        rows.setdefault(name, {})[network.settings["backend"]] = network
    nearest = sorted(
        rows, key=lambda name: _distance(next(iter(rows[name].values())).settings, evidence.base)
    )
    kept = set(nearest[:MOST_ROWS])
    return {name: row for name, row in rows.items() if name in kept}


def _named(evidence: Evidence, networks: Iterable[Network]) -> list[tuple[str, Network]]:
    """Each with the name that it has on every backend."""
    return [(evidence.name_without_backend(network.settings), network) for network in networks]


def _distance(settings: Mapping[str, Any], base: Mapping[str, Any]) -> int:
    ignored = ("model", "architecture", "backend")
    return sum(value != base.get(name) for name, value in settings.items() if name not in ignored)


def _draw_backend(axes: matplotlib.axes.Axes, rows: Rows, backend: str, style: int, beside: float) -> None:
    found = [(i + beside, row[backend].times) for i, row in enumerate(rows.values()) if backend in row]
    at = [place for place, _ in found]
    medians = [1000 * times["step_seconds"] for _, times in found]
    mark = theme.mark(style)
    low = [1000 * times.get("step_seconds_q1", times["step_seconds"]) for _, times in found]
    high = [1000 * times.get("step_seconds_q3", times["step_seconds"]) for _, times in found]
    axes.hlines(at, low, high, color=mark["color"], linewidth=2.4)
    axes.plot(medians, at, label=backend, **mark)


def _set_scales(axes: matplotlib.axes.Axes, rows: Rows) -> bool:
    """Logarithmic where times span a factor of three or more, which is given, else from 0."""
    values = [1000 * network.times["step_seconds"] for row in rows.values() for network in row.values()]
    axes.grid(True, axis="both")
    is_log = is_wide(values)
    if is_log:
        axes.set_xscale("log")
        ticks = scale(values, 0, 200, is_log=True).ticks()
        axes.xaxis.set_major_locator(matplotlib.ticker.FixedLocator(ticks))
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.xaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    else:
        ends = (
            network.times.get("step_seconds_q3", 0.0) for row in rows.values() for network in row.values()
        )
        axes.set_xlim(0, 1.08 * max(*values, *(1000 * end for end in ends)))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    return is_log


def _extremes(rows: Rows) -> str:
    networks = sorted(
        (network for row in rows.values() for network in row.values()),
        key=lambda network: network.times["step_seconds"],
    )
    texts = (
        f"{words.number('step_seconds', one.times['step_seconds'], unit=True)} for {one.name}"
        for one in (networks[0], networks[-1])
    )
    return " to ".join(texts)
