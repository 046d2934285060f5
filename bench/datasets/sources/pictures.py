"""One image file -> its pixels, upright, or one line that says why not."""

import contextlib
import dataclasses
import io
import os
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench import errors, foreign
from bench.datasets import resizing
from bench.datasets.messages import counted, listed, one_line, problem, shown
from bench.datasets.reading import UNSAID, Reading

if TYPE_CHECKING:
    import PIL.Image

MOST_PIXELS = 2**26  # of one image: 8,192 x 8,192
# By their contents, whatever their ending: a `.png` that is a WebP is common. Others can start programs.
_FORMATS = ("PNG", "JPEG", "BMP", "DIB", "GIF", "WEBP", "PPM", "TIFF")
_ORIENTATION = 0x0112  # of EXIF; 1 is upright

# Pillow's mode -> the mode to read it in. Modes that are not here lose something on the way, and somebody
# has to decide what.
_MODES = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB", "CMYK": "RGB", "YCbCr": "RGB"}
_MODES |= {"LA": "L", "PA": "RGB", "RGBA": "RGB"}  # once nothing in them is transparent
_DEEP = ("I;16", "I;16B", "I;16L", "I;16N")  # grey of 16 bits
_TOLD = {
    "turned": "{} turned as EXIF says",
    "opaque": "an alpha channel without transparency left out of {}",
    "white": "{} laid on white",
    "black": "{} laid on black",
    "inks": "{} of CMYK brought to RGB by Pillow, without a colour profile",
    "halved": "{} of 16 bits a colour read with 8",
    "grey": "{} brought from colour to grey (ITU-R 601 luma)",
    "rgb": "{} brought from grey to RGB",
}


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """What a file holds.

    Attributes
    ----------
    file : Path
    pixels : ndarray of shape (height, width) if grey, (height, width, 3) if colour, uint8 or uint16
    done : tuple of str
        What was done to it, as keys of `_TOLD`.
    is_indexed : bool
        Whether its colours come from a palette: then it is grey if all that its pixels have are.
    """

    file: Path
    pixels: np.ndarray
    done: tuple[str, ...] = ()
    is_indexed: bool = False

    def __str__(self) -> str:
        """Size and colours: `8x9 (height x width) grey`."""
        height, width = self.pixels.shape[:2]
        depth = " of 16 bits" if self.pixels.dtype == np.uint16 else ""
        return f"{height}x{width} (height x width) {'colour' if self.is_colour else 'grey'}{depth}"

    @property
    def is_colour(self) -> bool:
        """Whether it has three channels."""
        return self.pixels.ndim == 3

    def in_colour(self) -> "Picture":
        """The same with three channels."""
        pixels = self.pixels if self.is_colour else np.repeat(self.pixels[..., np.newaxis], 3, axis=-1)
        return dataclasses.replace(self, pixels=pixels)


def told(done: Mapping[str, int]) -> list[str]:
    """Return what was done to how many pictures, in words."""
    nouns = {"turned": "photograph"}
    return [
        text.format(counted(done[key], nouns.get(key, "picture")))
        for key, text in _TOLD.items()
        if done.get(key)
    ]


def read(file: Path, reading: Reading = UNSAID) -> Picture:
    """Read an image file.

    Parameters
    ----------
    reading : Reading
        Which size and colours it is brought to, if any, and what it is laid on where it is transparent.

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

    with warnings.catch_warnings(), foreign.guarded(refusal), _silent(content):
        warnings.simplefilter("ignore")
        return _decoded(file, content, reading)


@contextlib.contextmanager
def _silent(content: bytes) -> Iterator[None]:
    """The library that unpacks TIFF writes about damage straight to standard error, which is closed to it."""
    if content[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        yield
        return
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


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


def _decoded(file: Path, content: bytes, reading: Reading) -> Picture:
    import PIL.ImageOps

    with _identified(file, content) as image:
        _require_taken(file, image)
        done = ["halved"] if "16" in _raw_mode(image) and image.mode not in _DEEP else []
        if image.getexif().get(_ORIENTATION, 1) in range(2, 9):
            done.append("turned")
        upright = PIL.ImageOps.exif_transpose(image)
        if image.mode in _DEEP:
            return Picture(file=file, pixels=_deep(file, upright, reading), done=tuple(done))
        laid, how = _opaque(file, upright, reading)
        plain = laid.convert(_MODES[laid.mode])
        done += [*how, *(["inks"] if image.mode == "CMYK" else [])]
        coloured = (
            plain if not reading.colours else plain.convert("L" if reading.colours == "grey" else "RGB")
        )
        if coloured.mode != plain.mode and image.mode != "P":
            done.append(reading.colours)
        pixels = np.asarray(resizing.picture(coloured, reading))
        is_indexed = image.mode == "P" and not reading.colours
        if is_indexed and pixels.ndim == 3 and (pixels == pixels[..., :1]).all():
            pixels = pixels[..., 0]
        return Picture(file=file, pixels=pixels, done=tuple(done), is_indexed=is_indexed)


def _require_taken(file: Path, image: "PIL.Image.Image") -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise problem(
            shown(file),
            expected=f"an image of {MOST_PIXELS:,} pixels at most",
            received=f"{height}x{width} (height x width)",
            remedy="make it smaller",
        )
    if image.mode not in (*_MODES, *_DEEP):
        raise problem(
            shown(file),
            expected="grey of 8 or 16 bits, RGB or CMYK",
            received=f"Pillow mode {image.mode!r}",
            remedy="convert the images to 8-bit grey or to RGB",
        )
    _require_still(file, image)


def _deep(file: Path, image: "PIL.Image.Image", reading: Reading) -> np.ndarray:
    """Grey of 16 bits, which cameras and scanners seldom fill: somebody has to say which value is white."""
    values = np.asarray(image).astype(np.uint16)
    if reading.limits is None:
        raise problem(
            shown(file),
            expected="to be told which value of 16 bits is white",
            received=f"values from {values.min()} to {values.max()}",
            remedy="add --range 0,65535, or --range 0,4095 for 12 bits (in a grid file @range=0..65535)",
        )
    sized = resizing.arrays(values[np.newaxis, ..., np.newaxis], reading, 0, 65535)[0, ..., 0]
    grey = np.round(sized).astype(np.uint16)
    return np.repeat(grey[..., np.newaxis], 3, axis=-1) if reading.colours == "rgb" else grey


def _raw_mode(image: "PIL.Image.Image") -> str:
    """How the file itself packs its values, where Pillow tells."""
    tiles = getattr(image, "tile", None)
    if not tiles or image.format not in ("PNG", "TIFF", "PPM"):
        return ""
    arguments = tiles[0][3]  # of a decoder: this alone, or first of several
    return str(arguments[0] if isinstance(arguments, tuple) and arguments else arguments)


def _opaque(file: Path, image: "PIL.Image.Image", reading: Reading) -> tuple["PIL.Image.Image", list[str]]:
    """A picture on a ground of one colour, if any of it is transparent, and what was done to it."""
    import PIL.Image

    has_alpha = image.mode in ("LA", "PA", "RGBA")
    if not has_alpha and "transparency" not in image.info:
        return image, []
    full = image.convert("RGBA")
    if full.getchannel("A").getextrema() == (255, 255):
        return (full.convert(_MODES[image.mode]), ["opaque"]) if has_alpha else (image, [])
    if not reading.background:
        raise problem(
            shown(file),
            expected="grey or RGB colour without transparency",
            received=f"Pillow mode {image.mode!r} with transparent pixels",
            remedy="say what they lie on with --background white or --background black (in a grid file "
            "@background=white)",
        )
    ground = PIL.Image.new("RGBA", full.size, reading.background)
    laid = PIL.Image.alpha_composite(ground, full)
    return laid.convert(_MODES[image.mode]), [reading.background]


def _require_still(file: Path, image: "PIL.Image.Image") -> None:
    """Refuse an animation, which would lose all frames but the first; a JPEG may have a preview behind it."""
    frames = image.format in ("PNG", "GIF", "WEBP", "TIFF") and getattr(image, "is_animated", False)
    if frames:
        raise problem(
            shown(file),
            expected="one still image",
            received=f"{'several pages in a' if image.format == 'TIFF' else 'an animated'} {image.format}",
            remedy="save each frame that you want as a file of its own",
        )
