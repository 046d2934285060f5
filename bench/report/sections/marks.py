"""A measure of every row of a table, and the marks on it: the best, the floor, and what did not converge."""

import dataclasses
from collections.abc import Callable, Sequence

from bench import measures
from bench.report import words
from bench.report.blocks.table import Cell, interval_cell
from bench.report.evidence import Configuration, floors, likelihoods

DAGGER = "\N{DAGGER}"
WITHIN_ONE_LOSS = ("test_elbo", "test_iw_bound")


def marked(rows: Sequence[Configuration], name: str, *, from_floor: bool = False) -> list[Cell]:
    """A measure of every row, its best value marked; raw pixels are no code, so they cannot be best.

    Likelihoods of several losses do not compare: none of them is best. Nor is any by a measure by which some
    lie beyond the floor, since it does not order them by merit. With `from_floor`, how far a value lies from
    it stands in brackets.
    """
    better = measures.named(name).better
    level = floors.among(rows, name)
    means = [one.mean(name) for one in rows]
    texts = [words.number(name, mean) for mean in means]
    rivals = [m for m, one in zip(means, rows, strict=True) if m is not None and not _is_pixels(one)]
    choose: Callable[[Sequence[float]], float] = min if better == "lower" else max
    scales = {_scale(one) for one in rows if one.values(name)}
    is_mixed = name in WITHIN_ONE_LOSS and len(scales) > 1
    is_beyond = any(floors.is_beyond(name, mean, level) for mean in rivals)
    is_told = bool(better) and len(rivals) > 1 and not (is_mixed or is_beyond)
    best = words.number(name, choose(rivals)) if is_told else ""
    cells = [
        dataclasses.replace(
            _marked_cell(name, one),
            is_best=bool(best) and text == best and not _is_pixels(one),
        )
        for one, text in zip(rows, texts, strict=True)
    ]
    return cells if level is None or not from_floor else [_beside(cell, name, level) for cell in cells]


def _beside(cell: Cell, name: str, level: float) -> Cell:
    """A cell, and how far its value lies from the floor; the floor itself stays as it is."""
    if cell.order is None or cell.order == level:
        return cell
    return dataclasses.replace(cell, text=f"{cell.text} {floors.apart(name, cell.order, level)}")


def _scale(one: Configuration) -> str:
    """What a likelihood compares within: a loss, or densities whose variances are fitted."""
    if likelihoods.own(one):
        return "fitted"
    return one.loss or one.name  # of an external coder that names no loss


def _marked_cell(name: str, one: Configuration) -> Cell:
    """A measure, with a dagger before the accuracy of a linear classifier that did not converge."""
    cell = interval_cell(name, one.measure(name))
    is_marked = name == "latent_accuracy" and is_unconverged(one)
    return dataclasses.replace(cell, text=f"{DAGGER}{words.NBSP}{cell.text}") if is_marked else cell


def is_unconverged(one: Configuration) -> bool:
    """Whether the linear classifier of its codes had not converged."""
    return one.has_unconverged_probe and bool(one.values("latent_accuracy"))


def _is_pixels(one: Configuration) -> bool:
    return one.settings["model"] == "pixels"
