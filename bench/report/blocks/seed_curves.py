"""The training curves of the seeds of one configuration, over each other, as lines that a template draws."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

from bench.keeping.result import History
from bench.report.blocks import curves
from bench.report.blocks.chart import is_wide

WIDTH, HEIGHT = 340, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 22, 24
MOST_POINTS = 60
"""Epochs of a line: no more can be told apart at this size, and a page has a line for each trial."""
MOST_TOLD = 12
"""Epochs whose numbers stand in the page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeedLine:
    """The losses of one seed: points of polylines. `training` is empty where it alone is drawn."""

    label: str
    at: int
    points: str
    training: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeedCurves:
    """Losses by epoch, a line a seed.

    Attributes
    ----------
    alt
        What it shows, for those who cannot see it.
    caption
        How to read it.
    across, up
        Numbers at the axes: their places and texts.
    numbers
        The losses of a dozen epochs as lines of text.
    """

    alt: str
    caption: str
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    lines: tuple[SeedLine, ...]
    numbers: str


def seed_curves(histories: Mapping[str, History]) -> SeedCurves | None:
    """The losses of each seed, by its name; None where no epoch of any seed had a finite one."""
    every = {seed: curves.finite(curves.first_stage(history)) for seed, history in histories.items()}
    known = {seed: history for seed, history in every.items() if history}
    if not known:
        return None
    is_watched = all(map(curves.is_watched, known.values()))
    name = "val_loss" if is_watched else "loss"
    shown = ("loss", "val_loss") if is_watched else ("loss",)
    losses = [row[each] for history in known.values() for row in history for each in shown]
    last = max(row["epoch"] for history in known.values() for row in history)
    place, is_log = _places(losses, last)
    return SeedCurves(
        alt=f"{words_of(name)} by epoch, a line a seed. {_told(known, name)}",
        caption=_caption(is_watched, is_log),
        across=tuple(
            (place(epoch, losses[0])[0], ("epoch " if epoch == 1 else "") + f"{epoch:.0f}")
            for epoch in sorted({1.0, last})
        ),
        up=tuple((place(1, value)[1], f"{value:.3g}") for value in _ticks(losses, is_log)),
        lines=tuple(
            _line(seed, index, len(known), history, name, place)
            for index, (seed, history) in enumerate(known.items())
        ),
        numbers=_numbers({seed: curves.first_stage(histories[seed]) for seed in known}, name),
    )


def words_of(name: str) -> str:
    """A column of a history as a reader calls it."""
    return "Validation loss" if name == "val_loss" else "Training loss"


def _told(known: Mapping[str, History], name: str) -> str:
    """From the first epoch to the last, of each seed."""
    ends = (f"{seed}: {history[0][name]:.4g} to {history[-1][name]:.4g}" for seed, history in known.items())
    return f"First to last epoch: {'; '.join(ends)}."


def _caption(is_watched: bool, is_log: bool) -> str:
    told = (
        "Validation loss by epoch, a line a seed; thin lines are the training loss."
        if is_watched
        else "Training loss by epoch, a line a seed; no validation image was unseen."
    )
    return told + (" The axis is logarithmic." if is_log else "")


def _line(
    label: str,
    index: int,
    count: int,
    history: History,
    name: str,
    place: Callable[[float, float], tuple[float, float]],
) -> SeedLine:
    drawn = curves.thinned(history, MOST_POINTS)

    def points(of: str) -> str:
        return " ".join("{:g},{:g}".format(*place(row["epoch"], row[of])) for row in drawn)

    return SeedLine(
        label=label,
        at=LEFT + index * (WIDTH - LEFT - RIGHT) // max(4, count),
        points=points(name),
        training=points("loss") if name == "val_loss" else "",
    )


def _places(
    losses: Sequence[float], last: float
) -> tuple[Callable[[float, float], tuple[float, float]], bool]:
    """From an epoch and a loss to a place; and whether losses are shown by their logarithms."""
    is_log = is_wide(losses)
    scale: Callable[[float], float] = math.log if is_log else float
    low, high = scale(min(losses)), scale(max(losses))
    span = high - low or 1.0

    def place(epoch: float, loss: float) -> tuple[float, float]:
        across = (epoch - 1) / (last - 1) if last > 1 else 0.5
        up = (scale(loss) - low) / span
        width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + across * width, 1), round(TOP + (1 - up) * height, 1)

    return place, is_log


def _ticks(losses: Sequence[float], is_log: bool) -> list[float]:
    low, high = min(losses), max(losses)
    if low == high:
        return [low]
    return [low, math.sqrt(low * high) if is_log else low + (high - low) / 2, high]


def _numbers(histories: Mapping[str, History], name: str) -> str:
    """A line an epoch, a column a seed, of a dozen epochs from the first to the last."""
    by_epoch = {seed: {row["epoch"]: row[name] for row in history} for seed, history in histories.items()}
    epochs = sorted({epoch for each in by_epoch.values() for epoch in each})
    step = max(1, (len(epochs) - 1) / (MOST_TOLD - 1))
    kept = sorted({round(i * step) for i in range(MOST_TOLD) if round(i * step) < len(epochs)})
    rows = [["epoch", *histories]]
    for epoch in (epochs[i] for i in kept):
        found = (each.get(epoch) for each in by_epoch.values())
        rows.append([f"{epoch:.0f}", *("" if value is None else f"{value:.6g}" for value in found)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.rjust, row, widths)) for row in rows)
