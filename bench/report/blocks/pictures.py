"""Grids of images as PNG files, and the block that shows rows of them."""

import base64
import dataclasses
import io
from typing import ClassVar, Literal

import numpy as np
from PIL import Image

GAP = 1  # pixels between images; the page's explorer.js has it, too
LEVELS = 32
_QUALITY = 50  # of what is packed with losses, in percent
_NEARLY_EXACT = 90  # the same, of pictures that would be the most of a page without losses
MOST_EXACT = 2**18  # values of a picture that a page has without losses: 330 grey images of 28x28
MOST_SIDE = 48  # pixels of an image of which hundreds are shown together
FILE_SCALE = 2  # Markdown cannot ask for crisp pixels, so its files have them larger
_WEBP_SIDE = 16_383  # pixels, which the format has at most
WIDE = 250  # pixels from which on a picture is large enough


@dataclasses.dataclass(frozen=True, kw_only=True)
class Picture:
    """A grid of images.

    Attributes
    ----------
    id
        Name of its file in the Markdown twin: its kind, a dash, and the key of its trial or a number.
    alt
        What it shows, for those who cannot see it.
    pixels
        `(height, width)` or `(height, width, 3)`, uint8.
    is_shared, is_again
        Whether the page shows it elsewhere, too: first with its bytes, then by its name (see `sharing`).
    """

    id: str
    alt: str
    pixels: np.ndarray
    is_shared: bool = False
    is_again: bool = False

    @property
    def kind(self) -> str:
        """What it shows, alike for all trials: `reconstructions`, `samples`, ..."""
        return self.id.rpartition("-")[0]

    @property
    def width(self) -> int:
        """In pixels."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """In pixels."""
        return self.pixels.shape[0]

    @property
    def file_scale(self) -> int:
        """How many times larger its file is."""
        return 1 if self.width >= WIDE else FILE_SCALE

    def png(self, scale: int = 1) -> bytes:
        """The bytes of a PNG file, each pixel `scale` times as wide and high."""
        enlarged = self.pixels.repeat(scale, axis=0).repeat(scale, axis=1)
        buffer = io.BytesIO()
        _image(enlarged).save(buffer, format="PNG")
        return buffer.getvalue()

    def data_uri(self) -> str:
        """The picture as an address that needs no file; a large one is not told apart from it by eye."""
        if self.pixels.size > MOST_EXACT and max(self.pixels.shape) <= _WEBP_SIDE:
            return self.lossy_uri(_NEARLY_EXACT)
        return "data:image/png;base64," + base64.b64encode(self.png()).decode()

    def lossy_uri(self, quality: int = _QUALITY) -> str:
        """The picture as an address in a third of the bytes, near enough for the eye."""
        buffer = io.BytesIO()
        Image.fromarray(self.pixels).save(buffer, format="WEBP", quality=quality, method=4)
        return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """Pictures of one trial, or of test images, under a title.

    Attributes
    ----------
    number
        What stands beside the title: how good it is.
    labels
        Above each picture, what it shows; none, or as many as there are pictures.
    key, link
        Of the trial, and the address of its configuration; empty where it is of none.
    lost
        Why there are no pictures, if there should be.
    """

    title: str
    pictures: tuple[Picture, ...]
    number: str = ""
    labels: tuple[str, ...] = ()
    key: str = ""
    link: str = ""
    is_baseline: bool = False
    lost: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pictures:
    """Rows of pictures.

    Attributes
    ----------
    layout
        `rows` below each other, the title at the left; `cards` and `wide` cards beside each other, the title
        below, or above where pictures have labels; `large` cards, each of which a link makes larger.
    heads
        Names of the columns of the first row, which then stays in sight.
    """

    kind: ClassVar[str] = "pictures"
    rows: tuple[Row, ...]
    layout: Literal["rows", "cards", "wide", "large"] = "rows"
    heads: tuple[str, ...] = ()
    caption: str = ""


def picture(id: str, alt: str, images: np.ndarray, columns: int) -> Picture:
    """Lay images `(n, height, width, channels)`, uint8, out in rows; between them, mid-grey lines.

    Fewer images than `columns` make a narrower picture.
    """
    n, height, width, channels = images.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, channels), 128, np.uint8)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        top, left = row * (height + GAP), column * (width + GAP)
        sheet[top : top + height, left : left + width] = image
    return Picture(id=id, alt=alt, pixels=_for_png(sheet))


def small(images: np.ndarray) -> np.ndarray:
    """Images `(..., height, width, channels)`, uint8, no side of which is longer than `MOST_SIDE` pixels.

    Squares of pixels become their mean; at the right and below the last row and column are repeated.
    """
    *count, height, width, channels = images.shape
    factor = -(-max(height, width) // MOST_SIDE)
    if factor < 2:
        return images
    excess = [(0, 0), (0, -height % factor), (0, -width % factor), (0, 0)]
    filled = np.pad(images.reshape(-1, height, width, channels), excess, mode="edge")
    squares = filled.reshape(
        len(filled), filled.shape[1] // factor, factor, filled.shape[2] // factor, factor, channels
    )
    found = np.round(squares.mean(axis=(2, 4))).astype(np.uint8)
    return found.reshape(*count, *found.shape[1:])


def coarse(images: np.ndarray) -> np.ndarray:
    """The same in fewer steps from black to white: half the bytes, and hardly a difference at this size."""
    return np.round((images // (256 // LEVELS)) * (255 / (LEVELS - 1))).astype(np.uint8)


def _image(pixels: np.ndarray) -> Image.Image:
    """Of few colours with a palette, which is the same picture in half the bytes."""
    if pixels.ndim == 3:
        packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
        colours, places = np.unique(packed, return_inverse=True)
        if len(colours) <= 256:
            image = Image.fromarray(places.reshape(packed.shape).astype(np.uint8))
            image.putpalette(b"".join(int(colour).to_bytes(3, "big") for colour in colours))
            return image
    return Image.fromarray(pixels)


def _for_png(sheet: np.ndarray) -> np.ndarray:
    """Grey as `(h, w)`, colour as `(h, w, 3)`; of any other number of channels, the first."""
    return sheet if sheet.shape[2] == 3 else sheet[:, :, 0]
