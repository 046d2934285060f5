"""The training curve of one trial as lines that a template draws; a thousand of them take no time."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

from bench.keeping.result import History
from bench.report.blocks.chart import is_wide

WIDTH, HEIGHT = 240, 80
MOST_DRAWN = 500
"""Epochs that are drawn and told: no more can be told apart, and each takes its place on the page."""
MARGIN = 5
_LOSSES = ("loss", "val_loss")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Curve:
    """Losses by epoch.

    Attributes
    ----------
    alt
        What it shows, for those who cannot see it.
    training, validation
        Points of a polyline in a field of 240 by 80; of validation none where no such image was unseen.
    best
        Place of the epoch with the lowest validation loss, where there is one.
    numbers
        The epochs as lines of text.
    """

    alt: str
    training: str
    validation: str
    best: tuple[float, float] | None
    numbers: str


def curve(history: History) -> Curve | None:
    """The losses of a trial; None for a baseline, or where a loss was not finite in any epoch."""
    epochs = [row for row in first_stage(history) if _is_finite(row)]
    if not epochs:
        return None
    alt, epochs = told(epochs), thinned(epochs)
    place = _places([row[name] for row in epochs for name in _LOSSES if name in row], len(epochs))
    has_validation = is_watched(epochs)
    best = _best(epochs)
    return Curve(
        alt=alt,
        training=_line([place(i, row["loss"]) for i, row in enumerate(epochs)]),
        validation=_line(
            [place(i, row["val_loss"]) for i, row in enumerate(epochs)] if has_validation else []
        ),
        best=place(best, epochs[best]["val_loss"]) if has_validation else None,
        numbers="\n".join(filter(None, [_numbers(thinned(history)), thinning(history)])),
    )


def thinned(history: History) -> History:
    """As many epochs as are drawn, evenly from the first to the last, and the best among them."""
    count = len(history)
    if count <= MOST_DRAWN:
        return history
    even = {round(i * (count - 1) / (MOST_DRAWN - 1)) for i in range(MOST_DRAWN)}
    return [history[i] for i in sorted(even | {_best(history)})]


def thinning(history: History) -> str:
    """Which epochs are shown, in a sentence; empty where all are."""
    if len(history) <= MOST_DRAWN:
        return ""
    shown = f"{len(thinned(history)):,} of {len(history):,} epochs are shown, evenly"
    return f"{shown}{', and the best' if is_watched(history) else ''}; all are in the trial's history.csv."


def _best(history: History) -> int:
    """Where the lowest validation loss is, of those epochs that can be drawn; without any, the last epoch."""
    if not is_watched(history):
        return len(history) - 1
    return min(
        range(len(history)), key=lambda i: history[i]["val_loss"] if _is_finite(history[i]) else math.inf
    )


def is_watched(history: History) -> bool:
    """Whether there is a loss on validation images: not where they were trained on."""
    return "val_loss" in history[0]


def _is_finite(row: Mapping[str, float]) -> bool:
    return all(math.isfinite(row[name]) for name in _LOSSES if name in row)


def told(history: History) -> str:
    """What a curve shows, in a sentence; its losses are finite."""
    first, last = history[0], history[-1]
    if not is_watched(history):
        return (
            f"Training loss from {first['loss']:.4g} in epoch {first['epoch']:.0f} to {last['loss']:.4g} in "
            f"epoch {last['epoch']:.0f}."
        )
    best = min(history, key=lambda row: row["val_loss"])
    return (
        f"Validation loss from {first['val_loss']:.4g} in epoch {first['epoch']:.0f} to "
        f"{last['val_loss']:.4g} in epoch {last['epoch']:.0f}, lowest in epoch {best['epoch']:.0f}."
    )


def _places(values: Sequence[float], count: int) -> Callable[[int, float], tuple[float, float]]:
    """From an epoch and a loss to a place."""
    scale: Callable[[float], float] = math.log if is_wide(values) else float
    low, high = scale(min(values)), scale(max(values))
    span = high - low or 1.0

    def place(index: int, value: float) -> tuple[float, float]:
        across = index / (count - 1) if count > 1 else 0.5
        up = (scale(value) - low) / span
        inner = (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
        return round(MARGIN + across * inner[0], 1), round(MARGIN + (1 - up) * inner[1], 1)

    return place


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _numbers(history: History) -> str:
    """One line an epoch under the names of the columns, which are those of `history.csv`."""
    names = list(history[0])
    rows = [names, *([f"{row[name]:.6g}" for name in names] for row in history)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(names))]
    return "\n".join("  ".join(map(str.rjust, row, widths)) for row in rows)


def first_stage(history: History) -> History:
    """The epochs of the stage that a trial's numbers are of; a model may have trained others after it."""
    return [row for row in history if row.get("stage", 1) == 1]
