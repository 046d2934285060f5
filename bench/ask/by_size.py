"""The architecture where nobody has named one: `dense` for small grey images, `resnet` for others.

A residual network halves images until they are small, whatever their size. The layers of the others stay as
they are, so that of a large image they see all or little.
"""

import dataclasses
from collections.abc import Collection, Sequence

from bench import datasets
from bench.ask import axes
from bench.ask.blocks import Choices
from bench.ask.grid import Grid
from bench.ask.trial import Trial
from bench.models import ARCHITECTURES

LARGEST = 28  # pixels of a side that are small; the images of `digits`, Fashion-MNIST and MNIST
SIZED = "resnet"
_OPTIONS = frozenset(name for card in ARCHITECTURES.values() for name in card.named_options)


def is_small(dataset: str) -> bool:
    """Whether its images are grey, and no larger than those that `dense` is the default for."""
    _, height, width, channels = datasets.train_shape(dataset)
    return channels == 1 and max(height, width) <= LARGEST


def names_one(chosen: Collection[str]) -> bool:
    """Whether somebody who chose these axes has named an architecture: it, or an option of one."""
    return "architecture" in chosen or not _OPTIONS.isdisjoint(chosen)


def applied(grid: Grid, *, is_chosen: bool) -> tuple[Grid, frozenset[str]]:
    """Return the grid with `resnet` where images are large or in colour, and of which data sets that is said.

    Parameters
    ----------
    is_chosen : bool
        Whether somebody asked for this grid or for an architecture: then what its blocks name is kept.
    """
    blocks: list[Choices] = []
    replaced: set[str] = set()
    for block in grid.blocks:
        names = [str(name) for name in block.get("dataset", [axes.COMMON["dataset"].default])]
        is_named = is_chosen and names_one(block)
        large = [name for name in names if not (is_named or is_small(name))]
        if small := [name for name in names if name not in large]:
            blocks.append({**block, "dataset": [*small]} if large else block)
        if large:
            kept = {name: values for name, values in block.items() if name not in _OPTIONS}
            blocks.append({**kept, "dataset": [*large], "architecture": [SIZED]})
            replaced.update(large)
    return dataclasses.replace(grid, blocks=tuple(blocks)), frozenset(replaced)


def told(trials: Sequence[Trial], replaced: Collection[str]) -> tuple[str, ...]:
    """Say which data sets have large images or some in colour, and what that means for their networks."""
    names = dict.fromkeys(one.dataset for one in trials)
    lines = (
        _told(name, {one.architecture for one in trials if one.dataset == name}, name in replaced)
        for name in names
    )
    return tuple(filter(None, lines))


def _told(name: str, architectures: Collection[str], is_replaced: bool) -> str:
    sized = f"{SIZED}, whose depth goes by their size"
    if is_replaced:
        return (
            f"{_images(name)}: nobody has named an architecture, so networks are {sized} "
            "(--set architecture=dense,conv for others)"
        )
    if SIZED in architectures or is_small(name):
        return ""
    return f"{_images(name)}: networks are {', '.join(sorted(architectures))}; another one is {sized}"


def _images(name: str) -> str:
    _, height, width, channels = datasets.train_shape(name)
    colour = {1: "grey", 3: "colour"}.get(channels, f"{channels} channels")
    return f"images of {datasets.title(name)}, {height}x{width}, {colour}"
