"""What charts of training and of codes draw, as tables that fold under them."""

from collections.abc import Sequence

import numpy as np

from bench.keeping.result import History
from bench.report import words
from bench.report.blocks import curves
from bench.report.blocks.table import Cell, Column, Row, Table


def epochs(id: str, name: str, history: History) -> Table:
    """The losses of each epoch, or of as many as are drawn."""
    return Table(
        id=f"table-{id}",
        caption=f"Loss by epoch: {name}",
        columns=(
            Column(label="Epoch", is_number=False),
            *(Column(label=label) for label in ("Validation", "Training")[not curves.is_watched(history) :]),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=f"{row['epoch']:.0f}", order=row["epoch"]),
                    *(_loss(row[name]) for name in ("val_loss", "loss") if name in row),
                )
            )
            for row in curves.thinned(history)
        ),
        note=curves.thinning(history),
    )


def classes(id: str, name: str, points: np.ndarray, labels: np.ndarray | None, names: Sequence[str]) -> Table:
    """Where the codes `(n, 2)` of each class, or of all images, lie: median and quartiles by coordinate."""
    if labels is None:
        which, rows = "images lie", [_row("all", points)]
    else:
        which = "each class lies"
        rows = [_row(names[label], points[labels == label]) for label in map(int, np.unique(labels))]
    return Table(
        id=f"table-{id}",
        caption=f"Where {which}, median (quartiles): {name}",
        columns=(
            Column(label="Images" if labels is None else "Class", is_number=False),
            *(Column(label=label) for label in ("Test images", "Across", "Up")),
        ),
        rows=tuple(rows),
        note="The points themselves are in the trial's images.npz.",
    )


def _row(name: str, points: np.ndarray) -> Row:
    spans = []
    for quartiles in np.quantile(points, [0.25, 0.5, 0.75], axis=0).T:
        low, middle, high = (words.signed(value, 2) for value in quartiles)
        spans.append(Cell(text=f"{middle}{words.NBSP}({low} to {high})", order=float(quartiles[1])))
    return Row(cells=(Cell(text=name), Cell(text=f"{len(points):,}", order=len(points)), *spans))


def _loss(value: float) -> Cell:
    return Cell(text=words.number("validation_loss", value), order=value)
