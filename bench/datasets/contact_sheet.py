"""A picture of a data set as it was understood: a few training images of each class, in rows.

Without labels there are rows of the first training images.
"""

import io
from typing import TYPE_CHECKING

import numpy as np

from bench.datasets.dataset import Dataset

if TYPE_CHECKING:
    import PIL.Image

CLASSES = 16
UNNAMED = 4  # rows of images without labels
EACH = 8
SIDE = 64  # pixels that an image takes
GAP = 4
LABEL = 96  # pixels at the left for the name of a class
SOFTWARE = "autoencoder-bench"


def png(dataset: Dataset) -> bytes:
    """Return the contact sheet, a PNG file: the first images of the first classes.

    Images of two channels, or of more than four, are shown by their first; of four channels, three.
    """
    import PIL.Image  # here: the registry has to be light
    import PIL.ImageDraw
    import PIL.PngImagePlugin

    found = rows(dataset, CLASSES, EACH)
    left = LABEL if dataset.class_names else GAP
    sheet = PIL.Image.new("RGB", (left + EACH * (SIDE + GAP), GAP + len(found) * (SIDE + GAP)), "white")
    draw = PIL.ImageDraw.Draw(sheet)
    for row, (name, positions) in enumerate(found):
        top = GAP + row * (SIDE + GAP)
        # Pillow's own font has no more letters than these on every machine.
        draw.text((GAP, top + SIDE // 2 - 6), name.encode("ascii", "replace").decode()[:14], fill="black")
        for column, position in enumerate(positions):
            sheet.paste(tile(dataset.train.images[position]), (left + column * (SIDE + GAP), top))
    written, about = io.BytesIO(), PIL.PngImagePlugin.PngInfo()
    about.add_text("Software", SOFTWARE)
    sheet.save(written, "PNG", pnginfo=about)
    return written.getvalue()


def rows(dataset: Dataset, most: int, each: int) -> list[tuple[str, np.ndarray]]:
    """Return the name of each row, empty without labels, and the positions of its training images."""
    labels = dataset.train.labels
    if labels is None:
        shown = np.arange(min(len(dataset.train.images), min(most, UNNAMED) * each))
        return [("", shown[start : start + each]) for start in range(0, len(shown), each)]
    trained = dataset.class_names[: len(dataset.class_names) - dataset.novel]
    return [(name, np.flatnonzero(labels == label)[:each]) for label, name in enumerate(trained[:most])]


def is_ours(content: bytes) -> bool:
    """Whether the bytes of a file, or the first hundred of them, are those of a contact sheet."""
    return content.startswith(b"\x89PNG") and f"tEXtSoftware\0{SOFTWARE}".encode() in content[:100]


def tile(image: np.ndarray, side: int = SIDE) -> "PIL.Image.Image":
    """Return an image of shape (height, width, channels) in [0, 1], in a square of grey."""
    import PIL.Image

    shown = image[..., :3] if image.shape[-1] in (3, 4) else image[..., 0]
    picture = PIL.Image.fromarray(np.round(shown * 255).astype(np.uint8)).convert("RGB")
    share = side / max(picture.size)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    # Enlarged pixels stay squares: a blurred picture would hide what the images are.
    way = PIL.Image.Resampling.NEAREST if share >= 1 else PIL.Image.Resampling.BOX
    square = PIL.Image.new("RGB", (side, side), "lightgrey")
    square.paste(picture.resize(size, way), ((side - size[0]) // 2, (side - size[1]) // 2))
    return square
