"""One image file -> its pixels, upright, or one line that says why not."""

import dataclasses
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench import errors, foreign
from bench.datasets.messages import listed, one_line, problem, shown

if TYPE_CHECKING:
    import PIL.Image

MOST_PIXELS = 2**26  # of one image: 8,192 x 8,192
# By their contents, whatever their ending: a `.png` that is a WebP is common. Others can start programs.
# TIFF is left to its library, which writes about damage straight to standard error.
_FORMATS = ("PNG", "JPEG", "BMP", "DIB", "GIF", "WEBP")
_ORIENTATION = 0x0112  # of EXIF; 1 is upright

# Pillow's mode -> the mode to read it in. Modes that are not here lose something on the way
# (transparency, 16 bits, inks), and somebody has to decide what.
_MODES = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB"}


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """What a file holds.

    Attributes
    ----------
    file : Path
    pixels : ndarray of shape (height, width) if grey, (height, width, 3) if colour, uint8
    was_turned : bool
        Whether it lay otherwise in the file, and was turned as its EXIF orientation says.
    is_indexed : bool
        Whether its colours come from a palette: then it is grey if all that its pixels have are.
    """

    file: Path
    pixels: np.ndarray
    was_turned: bool
    is_indexed: bool = False

    def __str__(self) -> str:
        """Size and colours: `8x9 (height x width) grey`."""
        height, width = self.pixels.shape[:2]
        return f"{height}x{width} (height x width) {'colour' if self.is_colour else 'grey'}"

    @property
    def is_colour(self) -> bool:
        """Whether it has three channels."""
        return self.pixels.ndim == 3

    def in_colour(self) -> "Picture":
        """The same with three channels."""
        pixels = self.pixels if self.is_colour else np.repeat(self.pixels[..., np.newaxis], 3, axis=-1)
        return dataclasses.replace(self, pixels=pixels)


def read(file: Path) -> Picture:
    """Read an image file.

    Raises
    ------
    DataError
        If it cannot be read, is no image, a very large one, or in a mode that is not taken.
    """
    content = _bytes(file)

    def refusal(reason: str) -> errors.DataError:
        return problem(
            shown(file),
            expected="an image that Pillow can read",
            received=reason,
            remedy="replace the file or remove it",
        )

    with warnings.catch_warnings(), foreign.guarded(refusal):
        warnings.simplefilter("ignore")
        return _decoded(file, content)


def _bytes(file: Path) -> bytes:
    try:
        return foreign.read_bytes(file)
    except OSError as error:
        raise problem(
            shown(file),
            expected="an image file that can be read",
            received=one_line(error.strerror or error),
            remedy="replace the file, remove it, or see to it that you may read it",
        ) from error


def _identified(file: Path, content: bytes) -> "PIL.Image.Image":
    import PIL.Image  # here: the registry has to be light

    try:
        return PIL.Image.open(io.BytesIO(content), formats=_FORMATS)
    except PIL.UnidentifiedImageError:
        raise problem(
            shown(file),
            expected="an image that Pillow can read",
            received=f"{len(content):,} bytes that are none of {listed(_FORMATS)}",
            remedy="replace the file or remove it",
        ) from None


def _decoded(file: Path, content: bytes) -> Picture:
    import PIL.ImageOps

    with _identified(file, content) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise problem(
                shown(file),
                expected=f"an image of {MOST_PIXELS:,} pixels at most",
                received=f"{height}x{width} (height x width)",
                remedy="make it smaller",
            )
        if image.mode not in _MODES:
            raise problem(
                shown(file),
                expected="8-bit grey or RGB colour",
                received=f"Pillow mode {image.mode!r}",
                remedy="convert the images to 8-bit grey or to RGB without transparency",
            )
        _require_opaque(file, image)
        _require_still(file, image)
        turned = PIL.ImageOps.exif_transpose(image)
        was_turned = image.getexif().get(_ORIENTATION, 1) in range(2, 9)
        upright = np.asarray(turned.convert(_MODES[image.mode]))
        is_indexed = image.mode == "P"
        if is_indexed and (upright == upright[..., :1]).all():
            upright = upright[..., 0]
        return Picture(file=file, pixels=upright, was_turned=was_turned, is_indexed=is_indexed)


def _require_opaque(file: Path, image: "PIL.Image.Image") -> None:
    """Refuse a picture with a colour, or entries of its palette, that are transparent where it has them."""
    if "transparency" in image.info and image.convert("RGBA").getchannel("A").getextrema() != (255, 255):
        raise problem(
            shown(file),
            expected="8-bit grey or RGB colour",
            received=f"Pillow mode {image.mode!r} with transparent pixels",
            remedy="convert the images to 8-bit grey or to RGB without transparency",
        )


def _require_still(file: Path, image: "PIL.Image.Image") -> None:
    """Refuse an animation, which would lose all frames but the first; a JPEG may have a preview behind it."""
    if image.format in ("PNG", "GIF", "WEBP") and getattr(image, "is_animated", False):
        raise problem(
            shown(file),
            expected="one still image",
            received=f"an animated {image.format}",
            remedy="save each frame that you want as a file of its own",
        )
