"""A contact sheet in a terminal: two pixels a letter, where it has colours and half blocks."""

from collections.abc import Iterator

import numpy as np
import rich.console
import rich.text

from bench import datasets, foreign

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
    for label, name in enumerate(dataset.class_names[:CLASSES]):
        positions = np.flatnonzero(dataset.train.labels == label)[:each]
        tiles = [_tile(dataset.train.images[position]) for position in positions]
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


def _tile(image: np.ndarray) -> np.ndarray:
    """An image in [0, 1] as SIDE x SIDE pixels of three bytes."""
    import PIL.Image

    shown = image[..., :3] if image.shape[-1] in (3, 4) else image[..., 0]
    picture = PIL.Image.fromarray(np.round(shown * 255).astype(np.uint8)).convert("RGB")
    way = PIL.Image.Resampling.NEAREST if max(picture.size) < SIDE else PIL.Image.Resampling.BOX
    return np.asarray(picture.resize((SIDE, SIDE), way))
