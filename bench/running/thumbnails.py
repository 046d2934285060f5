"""A contact sheet in a terminal: two pixels a letter, where it has colours and half blocks."""

from collections.abc import Iterator

import numpy as np
import rich.console
import rich.text

from bench import datasets, foreign
from bench.datasets import contact_sheet

SIDE = 16  # pixels, and columns, of an image; half as many lines
CLASSES = 6
LABEL = 12
_HALF = "\u2580"


def can_show(console: rich.console.Console) -> bool:
    """Whether somebody looks at a terminal of at least 256 colours that knows half blocks."""
    if not console.is_terminal or console.color_system not in ("256", "truecolor"):
        return False
    try:
        _HALF.encode(console.encoding)
    except UnicodeEncodeError:
        return False
    return True


def lines(dataset: datasets.Dataset, width: int) -> Iterator[rich.text.Text]:
    """The first images of the first classes, a row of pictures each, in as many columns as there are."""
    each = max(1, (width - LABEL) // (SIDE + 1))
    for number, (name, positions) in enumerate(contact_sheet.rows(dataset, CLASSES, each)):
        if number:
            yield rich.text.Text("")
        tiles = [np.asarray(contact_sheet.tile(dataset.train.images[one], SIDE)) for one in positions]
        for row in range(0, SIDE, 2):
            shown = foreign.visible(name)[: LABEL - 1] if row == 0 else ""
            line = rich.text.Text(f"{shown:<{LABEL}}")
            for tile in tiles:
                for upper, lower in zip(tile[row], tile[row + 1], strict=True):
                    line.append(_HALF, style=f"{_colour(upper)} on {_colour(lower)}")
                line.append(" ")
            yield line


def _colour(value: np.ndarray) -> str:
    red, green, blue = (int(each) for each in value)
    return f"rgb({red},{green},{blue})"
