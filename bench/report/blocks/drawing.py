"""A chart as SVG that is written by hand: where rows are many, a tenth of what matplotlib writes.

Colours are those of the light theme, and texts are escaped here; `theme` makes the rest fit for a page.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence

import markupsafe
import matplotlib.ticker

from bench import foreign
from bench.report.blocks import theme

SIZE = 9.6
"""Of letters, in the units of a paper."""
LETTER = 0.51
"""Mean width of a letter as a part of its size, guessed: fonts are the reader's."""

_GAP = 30
"""Between ticks, so that labels beside each other stand apart."""
LINES = 14
"""The same of labels that stand above each other."""
_MANTISSAS = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 5, 7), tuple(range(1, 10)))
_CROSS = ((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4))
# Corners of marks in their radius; none for a disc.
_SHAPES: tuple[tuple[tuple[float, float], ...], ...] = (
    (),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
    ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    ((0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
    (*_CROSS, *((-x, -y) for x, y in _CROSS)),
    ((-1.1, -1.1), (0, -0.5), (1.1, -1.1), (0.5, 0), (1.1, 1.1), (0, 0.5), (-1.1, 1.1), (-0.5, 0)),
    ((-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1), (-1.2, 0)),
)

Point = tuple[float, float]


def width_of(text: str, size: float = SIZE) -> float:
    """How wide a text is, about."""
    return LETTER * size * len(text)


def shortened(text: str, room: float, size: float = SIZE) -> str:
    """A text that fits into so much room, its end cut off where it has to be."""
    most = max(int(room / (LETTER * size)), 2)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places of labels near those of what they name, no two nearer than `gap` while there is room."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = [min(max(place, low), high) for place in places]
    for _ in range(50):
        for first, second in itertools.pairwise(order):
            lack = gap - (found[second] - found[first])
            if lack > 1e-9:
                found[first], found[second] = found[first] - lack / 2, found[second] + lack / 2
        found = [min(max(place, low), high) for place in found]
    return found


def clear(
    places: Sequence[float], spans: Sequence[tuple[float, float]], gap: float, low: float, high: float
) -> list[float]:
    """The same of labels from `left` to `right`: those alone move that would lie on one another."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = [min(max(place, low), high) for place in places]
    for _ in range(50):
        for first, second in itertools.combinations(order, 2):
            lack = gap - (found[second] - found[first])
            beside = spans[first][1] <= spans[second][0] or spans[second][1] <= spans[first][0]
            if lack > 1e-9 and not beside:
                found[first], found[second] = found[first] - lack / 2, found[second] + lack / 2
        found = [min(max(place, low), high) for place in found]
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scale:
    """From values, `low` to `high`, to places, `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value; of one beyond the ends, the end."""
        within = (self.low, self.high, min(max(value, self.low), self.high))
        low, high, value = (math.log(each) if self.is_log else each for each in within)
        share = (value - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.end - self.start)

    def ticks(self, gap: float = _GAP) -> list[float]:
        """Round values between the ends, three or more where there is room for labels `gap` apart."""
        rounds = [self._round(mantissas) for mantissas in _MANTISSAS] if self.is_log else []
        found = next((each for each in rounds if len(each) >= 3), None)
        if found is None:
            every = matplotlib.ticker.MaxNLocator(5).tick_values(self.low, self.high)
            found = [float(f"{value:.6g}") for value in every if self.low <= value <= self.high]
        kept: list[float] = []
        for value in found:
            if not kept or abs(self(value) - self(kept[-1])) >= gap:
                kept.append(value)
        return kept

    def _round(self, mantissas: Sequence[float]) -> list[float]:
        powers = range(math.floor(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        values = (float(f"{m * 10.0**power:.3g}") for power in powers for m in mantissas)
        return [value for value in values if self.low <= value <= self.high]


def scale(values: Iterable[float], start: float, end: float, *, is_log: bool, pad: float = 0.04) -> Scale:
    """A scale with room for all values, and a little beyond; `is_log` where all are above 0."""
    known = list(values)
    low, high = min(known), max(known)
    is_log = is_log and low > 0
    if is_log:
        factor = (high / low) ** pad if high > low else 1.1
        return Scale(low=low / factor, high=high * factor, start=start, end=end, is_log=True)
    margin = (high - low) * pad or abs(high) * pad or 1.0
    return Scale(low=low - margin, high=high + margin, start=start, end=end)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paper:
    """What a chart is drawn on, piece by piece; the first lies below."""

    width: float
    height: float
    pieces: list[str] = dataclasses.field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        color: str = theme.INK,
        anchor: str = "",
        size: float = 0,
        is_bold: bool = False,
        title: str = "",
        has_halo: bool = False,
    ) -> None:
        """A text on its base line; `title` is shown to a pointer that rests on it, a halo keeps marks off."""
        style = f"font-size:{_n(size)}px;" if size else ""
        style += "font-weight:600;" if is_bold else ""
        style += f"paint-order:stroke;stroke:{theme.PAPER};stroke-width:3px" if has_halo else ""
        self.pieces.append(
            f'<text x="{_n(x)}" y="{_n(y)}"'
            + _attribute("text-anchor", anchor)
            + _attribute("fill", "" if color == theme.INK else color)
            + _attribute("style", style)
            + f">{_title(title)}{_text(text)}</text>"
        )

    def line(
        self, *points: Point, color: str, width: float = 1, dashes: str = "", opacity: float = 1
    ) -> None:
        """A line through points."""
        self.path(_through(points), color=color, width=width, dashes=dashes, opacity=opacity)

    def path(self, d: str, *, color: str, width: float = 1, dashes: str = "", opacity: float = 1) -> None:
        """Lines as a path."""
        self.pieces.append(
            f'<path d="{d}" fill="none" stroke="{color}"'
            + _attribute("stroke-width", "" if width == 1 else _n(width))
            + _attribute("stroke-dasharray", dashes)
            + _attribute("opacity", "" if opacity == 1 else _n(opacity))
            + "/>"
        )

    def area(self, points: Sequence[Point], *, color: str, opacity: float = 0.18) -> None:
        """What lies within points."""
        self.pieces.append(f'<path d="{_through(points)}z" fill="{color}" opacity="{_n(opacity)}"/>')

    def bar(self, x: float, y: float, width: float, height: float, *, color: str, opacity: float = 1) -> None:
        """A rectangle."""
        faint = _attribute("opacity", "" if opacity == 1 else _n(opacity))
        size = f'width="{_n(width)}" height="{_n(height)}"'
        self.pieces.append(f'<rect x="{_n(x)}" y="{_n(y)}" {size} fill="{color}"{faint}/>')

    def mark(
        self,
        x: float,
        y: float,
        *,
        color: str,
        shape: int = 0,
        radius: float = 3.4,
        title: str = "",
        is_hollow: bool = False,
    ) -> None:
        """A mark of one of eight shapes."""
        look = f'fill="{theme.PAPER if is_hollow else color}" stroke="{color if is_hollow else theme.PAPER}"'
        corners = _SHAPES[shape % len(_SHAPES)]
        name, place = "circle", f'cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"'
        if corners:
            name = "path"
            place = f'd="{_through([(x + radius * across, y + radius * down) for across, down in corners])}z"'
        end = f">{_title(title)}</{name}>" if title else "/>"
        self.pieces.append(f"<{name} {place} {look}{end}")

    def svg(self) -> str:
        """The whole as an `<svg>` element."""
        style = f"font:{SIZE:g}px {theme.FONT}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}" height="{_n(self.height)}" '
            f'viewBox="0 0 {_n(self.width)} {_n(self.height)}">\n<g style="{style}" fill="{theme.INK}">\n'
            + "\n".join(self.pieces)
            + "\n</g>\n</svg>"
        )


def _n(value: float) -> str:
    """A coordinate, to a tenth."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _through(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _attribute(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def _text(text: str) -> str:
    return str(markupsafe.escape(foreign.visible(text)))


def _title(text: str) -> str:
    return f"<title>{_text(text)}</title>" if text else ""
