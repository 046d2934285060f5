"""Pixel values as they came from somewhere -> which of them are black and white, or one clear line.

How pixel values are read, decided by dtype and by the largest value of an array:

| dtype | values | read as |
|---|---|---|
| bool | False, True | 0, 1 |
| integers | 0..255, the largest 32 or more, and not 63, 64, 100 or 127 | divided by 255 |
| floats | 0..1, the largest above 1/8 | as they are |
| floats | 0..255, the largest 128 or more | divided by 255 |
| any | with `--range LOW,HIGH`, all values in it | from LOW..HIGH to 0..1 |

All else is an error that names the switch. Integers up to 16 may be all of 0..16 or nearly black images of
0..255; a float of 1.02 may be an overshoot of 1 or nearly black: a guess could go wrong without anybody
noticing.

Floats that rounding has left outside their range, by a millionth of it at most, are clipped.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from bench import errors
from bench.datasets.messages import problem
from bench.datasets.reading import Reading, number

HAIR = 1e-6  # of the range
_FINEST = 2.0**-24  # of the range: what a float32 can tell apart just below 1

_BRIGHT = 128
_DARK = 32  # of 255: whole sets that are darker are rather of another scale
_OTHER_SCALES = (63, 64, 100, 127)  # the largest values of six bits, of per cent, of seven bits


@dataclasses.dataclass(frozen=True, kw_only=True)
class Extent:
    """Between which values the pixels of a part lie; whether all of them were looked at."""

    dtype: np.dtype
    low: float
    high: float
    is_whole: bool = True

    def __str__(self) -> str:
        """As `uint8 from 0 to 255`, with all digits that tell it from a whole number."""
        digits = number if self.dtype.kind in "ui" else _nine_digits
        return f"{self.dtype} from {digits(self.low)} to {digits(self.high)}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scale:
    """What becomes 0 and what becomes 1; whether anything lies a hair outside and is clipped."""

    black: float = 0.0
    white: float = 1.0
    clips: bool = False


def extent(images: np.ndarray, where: str, *, is_whole: bool = True) -> Extent:
    """Return between which values the pixels lie.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels), bool, integer or real
    where : str
        Begins the message of an error.
    is_whole : bool
        Whether these are all images of their part.

    Raises
    ------
    DataError
        If a value is NaN or infinite, naming the first image that has one; if the values lie further apart
        than a float64 can say.
    """
    # Minimum and maximum carry NaN and infinity along, without a mask as large as the images.
    low, high = images.min(), images.max()
    found = Extent(dtype=images.dtype, low=float(low), high=float(high), is_whole=is_whole)
    if not np.isfinite(low) or not np.isfinite(high):
        first = next(number for number, image in enumerate(images) if not np.isfinite(image).all())
        what = "NaN (not a number)" if np.isnan(images[first]).any() else "infinite values"
        raise problem(
            where,
            expected="finite pixel values",
            received=f"{images.dtype} with {what}, first in image {first:,} (counted from 0)",
            remedy="replace these values, or leave such images out",
        )
    if not math.isfinite(found.high - found.low):
        raise problem(
            where,
            expected="values whose distance a float64 can hold",
            received=f"{found.dtype} from {low!s} to {high!s}",
            remedy="divide the images by a large number, and save them anew",
        )
    return found


def scale(parts: Mapping[str, Extent], reading: Reading) -> Scale:
    """Return what becomes 0 and 1; the module's table is the rule.

    Parameters
    ----------
    parts : mapping of str to Extent
        By what begins the message of an error: the training images, then the test images.
    reading : Reading
        What the user says of the range.

    Raises
    ------
    DataError
        For values outside every range, and where the range is not certain.
    """
    levels = {where: _level(found, where, reading) for where, found in parts.items()}
    black, white = next(iter(levels.values()))
    is_known = all(one.is_whole for one in parts.values())
    for where, level in levels.items():
        if is_known and level != (black, white):
            raise problem(
                where,
                expected=f"the scale of x_train, 0..{white:g}",
                received=f"0..{level[1]:g}",
                remedy="save both with the same dtype and scale",
            )
    brightest = max(parts.values(), key=lambda one: one.high)
    if is_known and not reading.limits and _is_of_another_scale(brightest):
        raise _ambiguous(next(where for where, one in parts.items() if one is brightest), brightest)
    clips = any(one.low < black or one.high > white for one in parts.values())
    return Scale(black=black, white=white, clips=clips)


def _level(found: Extent, where: str, reading: Reading) -> tuple[float, float]:
    if reading.limits:
        if not _lies_in(found, *reading.limits):
            low, high = reading.limits
            raise problem(
                where,
                expected=f"values in {number(low)}..{number(high)}, as --range says",
                received=str(found),
                remedy="correct the range: the values that are black and white, with all others between them",
            )
        _require_steps(found, where, *reading.limits)
        return reading.limits
    if found.dtype.kind == "b":
        return 0.0, 1.0
    whites = (255.0,) if found.dtype.kind in "ui" else (1.0, 255.0)
    white = next((white for white in whites if _lies_in(found, 0.0, white)), None)
    if white is None:
        raise _outside(found, where)
    is_dark = found.high < (_BRIGHT if white == 255 and found.dtype.kind == "f" else _DARK * white / 255)
    if is_dark and found.is_whole:
        raise _ambiguous(where, found)
    return 0.0, white


def _require_steps(found: Extent, where: str, low: float, high: float) -> None:
    """Refuse integers so far from 0 that a float64 cannot tell those of the range apart."""
    step = math.ulp(max(-low, high))
    if found.dtype.kind in "ui" and low and step > 1 and step > (high - low) * _FINEST:
        raise problem(
            where,
            expected=f"integers that a float64 can tell apart, up to {2**53:,}",
            received=str(found),
            remedy="subtract the value of black from the images, and save them anew",
        )


def _lies_in(found: Extent, low: float, high: float) -> bool:
    hair = HAIR * (high - low) if found.dtype.kind == "f" else 0.0
    return low - hair <= found.low and found.high <= high + hair


def _is_of_another_scale(brightest: Extent) -> bool:
    return brightest.dtype.kind in "ui" and brightest.high in _OTHER_SCALES


def _outside(found: Extent, where: str) -> errors.DataError:
    is_around_0 = found.dtype.kind == "f" and -1 <= found.low < 0 and found.high <= 1
    low, high = ("-1", "1") if is_around_0 else _limits(found)
    return problem(
        where,
        expected="integers in 0..255" if found.dtype.kind in "ui" else "values in 0..1 or in 0..255",
        received=str(found),
        remedy=f"say which values are black and white, as with --range={low},{high} "
        f"(in a grid file @range={low}..{high} behind the path)",
    )


def _limits(found: Extent) -> tuple[str, str]:
    """The range from 0, or from what lies below, up to the largest value: in few digits if that will do."""
    low, high = min(0.0, found.low), found.high
    if found.dtype.kind == "f" and _lies_in(found, float(_nine_digits(low)), float(_nine_digits(high))):
        return _nine_digits(low), _nine_digits(high)
    return number(low), number(high)


def _nine_digits(value: float) -> str:
    return f"{value:.9g}"


def _ambiguous(where: str, found: Extent) -> errors.DataError:
    """The error for values that would be nearly black in the range that their dtype tells."""
    is_near_1 = found.dtype.kind == "f" and found.high <= 1
    full = 1 if is_near_1 else 255
    if found.high <= 0:
        choice = f"--range 0,{full} if all is black indeed"
    elif found.dtype.kind == "f" and 1 < found.high < 1.5:
        choice = (
            "clip them with numpy.clip(x, 0, 1) if they overshoot 1, or say which value is white with --range"
        )
    else:
        low, high = _limits(found)
        first = f"--range {low},{high}" if low == "0" else f"--range={low},{high}"
        choice = f"{first} if that is white, or --range 0,{full} if they are as dark as that"
    about = f"the largest {_BRIGHT if not is_near_1 and found.dtype.kind == 'f' else _DARK} or more"
    return problem(
        where,
        expected="values in 0..1 that are not all nearly black"
        if is_near_1
        else f"values in 0..255, {about}",
        received=str(found),
        remedy=choice if choice.startswith("clip") else f"add {choice} (in a grid file @range=LOW..HIGH)",
    )


def told(found: Sequence[Extent], how: Scale) -> str:
    """Return how the pixels of all parts are read, in words: `uint8 from 0 to 255, read as 0..255`."""
    low, high = min(one.low for one in found), max(one.high for one in found)
    joint = Extent(dtype=found[0].dtype, low=low, high=high)
    first = "" if all(one.is_whole for one in found) else "in the first images "
    text = f"{first}{joint}, read as {number(how.black)}..{number(how.white)}"
    return f"{text}; what rounding has left outside is clipped" if how.clips else text
