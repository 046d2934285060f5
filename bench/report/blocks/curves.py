"""Epochs of a trial: which of them are drawn, and what they show."""

import math
from collections.abc import Mapping

from bench.keeping.result import History

MOST_DRAWN = 500
"""Epochs that are drawn and told: no more can be told apart, and each takes its place on the page."""
_LOSSES = ("loss", "val_loss")


def finite(history: History) -> History:
    """The epochs of which every loss is finite."""
    return [row for row in history if _is_finite(row)]


def thinned(history: History, most: int = MOST_DRAWN) -> History:
    """As many epochs as are drawn, evenly from the first to the last, and the best among them."""
    count = len(history)
    if count <= most:
        return history
    even = {round(i * (count - 1) / (most - 1)) for i in range(most)}
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


def first_stage(history: History) -> History:
    """The epochs of the stage that a trial's numbers are of; a model may have trained others after it."""
    return [row for row in history if row.get("stage", 1) == 1]
