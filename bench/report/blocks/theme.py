"""Colours of the charts, and matplotlib's SVG made fit to stand inside a page.

Charts are drawn once, in the colours of the light theme, on white: so they stand in the Markdown twin.
For the page each of these colours becomes a variable of the style sheet, which has a value for either theme.
"""

import functools
import io
import re
import warnings
from typing import Any

import matplotlib.figure
import matplotlib.text
import matplotlib.ticker

from bench import foreign

INK, MUTED, FAINT, PAPER = "#1c2126", "#5b6670", "#d9dee3", "#fefefe"
# Okabe and Ito's hues, told apart by people with any colour vision, dark enough for 3:1 on white.
SERIES = ("#0a66a8", "#c05608", "#08805e", "#a2488a", "#8a6d02", "#3d8fc9", "#6b5bb0", "#7a5038")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[Any, ...] = ("", (4, 1.5), (1.2, 1.2), (6, 1.5, 1.2, 1.5), (8, 2), (2, 1), (3, 1, 1, 1), (5, 3))
# Ten colours cannot be told apart by everybody, so each class is also named in the plot.
CLASSES = (
    *("#3f83c9", "#cf701f", "#3f9e62", "#cf5450", "#8f70c4", "#9a7462", "#d165ab", "#858c95"),
    *("#8f8b22", "#2a95a2"),
)

VARIABLES = {INK: "ink", MUTED: "muted", FAINT: "faint", PAPER: "paper"} | {
    color: f"{kind}-{i}"
    for kind, colors in (("series", SERIES), ("class", CLASSES))
    for i, color in enumerate(colors, start=1)
}

RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "autoencoder-bench",
    "text.parse_math": False,  # a class or a data set may have $ in its name
    "font.family": "sans-serif",
    "font.size": 10.5,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10.5,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def look(index: int) -> tuple[str, str, Any]:
    """Colour, shape and dashes of one of several series; after the eighth colours come with other shapes."""
    turned = index + index // len(SERIES)
    return SERIES[index % len(SERIES)], MARKERS[turned % len(MARKERS)], DASHES[turned % len(DASHES)]


def mark(index: int) -> dict[str, Any]:
    """How matplotlib draws the points of one of several series: a colour and a shape."""
    color, marker, _ = look(index)
    return {
        "marker": marker,
        "color": color,
        "markersize": 7,
        "markeredgecolor": PAPER,
        "linestyle": "none",
    }


def to_svg(figure: matplotlib.figure.Figure, name: str) -> str:
    """A figure as an `<svg>` element whose ids begin with `name`: no prolog, metadata or style sheet."""
    _make_visible(figure)
    buffer = io.StringIO()
    with warnings.catch_warnings():
        # The reader's fonts draw the letters, not those of this machine, which may lack some.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style [^>]*>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"font: ([\d.]+px) [^;\"]*", rf"font: \1 {FONT}", text)
    text = re.sub(r"font: ((?:bold|[67]00) [\d.]+px) [^;\"]*", rf"font: \1 {FONT}", text)
    text = re.sub(r"<[^>]*>", _with_short_numbers, text)
    text = re.sub(r"M (-?[\d.]+) (-?[\d.]+) \nL \1 \2 \n", r"M\1 \2h0", text)  # a dot
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = text.replace("url(#", f"url(#{name}-")
    text = re.sub(r"<!--.*?-->\s*|<defs>\s*</defs>\s*", "", text, flags=re.DOTALL)
    return re.sub(r">\s*\n\s*<", ">\n<", text).strip()


def _make_visible(figure: matplotlib.figure.Figure) -> None:
    """Every text of a figure, also at its ticks: XML has no control characters, and fonts no half ones."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        given = axis.get_major_formatter()
        if isinstance(given, matplotlib.ticker.FuncFormatter):  # as that of labels, which are set when drawn
            axis.set_major_formatter(matplotlib.ticker.FuncFormatter(functools.partial(_tick, given)))
    for text in figure.findobj(matplotlib.text.Text):
        text.set_text(foreign.visible(text.get_text()))


def _tick(given: matplotlib.ticker.FuncFormatter, value: float, place: int | None = None) -> str:
    return foreign.visible(given(value, place))


def _with_short_numbers(tag: re.Match[str]) -> str:
    """Coordinates to a hundredth of a point; texts between tags stay as they are."""
    return re.sub(r"(?<![\w#/+=])(-?\d+\.\d\d)\d+", r"\1", tag.group())


def to_file(svg: str) -> str:
    """The chart as a file of its own, on white."""
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return re.sub(r"(<svg[^>]*>)", rf"\1{background}", svg, count=1) + "\n"


def to_page(svg: str, label: str) -> str:
    """The chart inside a page: colours from the style sheet, and a text for those who cannot see it.

    `label` has to be escaped already.
    """
    for color, variable in VARIABLES.items():
        svg = svg.replace(color, f"var(--{variable})")
    svg = svg.replace(FONT, "var(--sans)")
    opening = re.search(r'viewBox="[^"]*"', svg)
    box = opening.group(0) if opening else ""
    return re.sub(r"<svg[^>]*>", lambda _: f'<svg role="img" aria-label="{label}" {box}>', svg, count=1)
