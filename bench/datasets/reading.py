"""How a user wants the pixels of a data set read, where the data do not say it themselves.

It is part of the data set's name, behind its path, so that it is part of the key of a trial, reaches every
worker, stands in `run.json`, and can be written in a grid file:

```toml
dataset = ["mine.npz@range=0..16", "torch.npz@channels=first"]
```

The switches of `run` and `data` (`SWITCHES`) write the same name.
"""

import dataclasses
import math
import pathlib
import re
from collections.abc import Mapping
from typing import Any

from bench import errors
from bench.datasets.messages import named, problem

_NUMBER = r"-?[0-9.]+(?:e[+-]?[0-9]+)?"
_NAME = r"[A-Za-z0-9_. -]{1,80}"
_VALUES = {
    "channels": "first|last",
    "range": rf"{_NUMBER}\.\.{_NUMBER}",
    "shape": r"[1-9]\d{0,4}x[1-9]\d{0,4}(?:x[1-9]\d{0,2})?",
    "resize": r"[1-9]\d{0,3}(?:x[1-9]\d{0,3})?",
    "crop": "middle",
    "colours": "grey|rgb",
    "background": "white|black",
    "images": _NAME,
    "labels": _NAME,
}
_KEYS = "|".join(_VALUES)
_WISH = re.compile(rf"(?P<path>.*)@(?P<key>{_KEYS})=(?P<value>[^@/]*)", re.DOTALL)
_ATTEMPT = re.compile(rf"@(?:{_KEYS})=[^/]*$")
FORMS = (
    "@channels=first, @channels=last, @range=LOW..HIGH, @shape=HEIGHTxWIDTH, @resize=SIDE, @crop=middle, "
    "@colours=grey, @colours=rgb, @background=white, @images=NAME or @labels=NAME behind the path"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """What a user says of the pixels; by default nothing.

    Attributes
    ----------
    channels : str
        `"first"` for arrays of shape (n, channels, height, width), `"last"` for (n, height, width,
        channels); empty where the shape has to tell.
    limits : tuple of two float, optional
        The values that are black and white; what the dtype and the values tell if not given.
    shape : tuple of int
        Height, width and perhaps channels of images that are stored as rows of values; empty if not given.
    resize : tuple of two int, optional
        Height and width that all images are brought to.
    crop : str
        `"middle"` where images are cut to the proportions of `resize` first, around their middle.
    colours : str
        `"grey"` or `"rgb"`, to which all pictures of a folder are brought.
    background : str
        `"white"` or `"black"`, on which transparent pictures are laid.
    images, labels : str
        What the arrays of images, and those of labels, are called in a file that has several.
    """

    channels: str = ""
    limits: tuple[float, float] | None = None
    shape: tuple[int, ...] = ()
    resize: tuple[int, int] | None = None
    crop: str = ""
    colours: str = ""
    background: str = ""
    images: str = ""
    labels: str = ""

    def __str__(self) -> str:
        """As behind the path in a name: `@channels=first@range=0..16`; empty if nothing is said."""
        return "".join(f"@{key}={text}" for key, text in self.texts().items())

    def texts(self) -> dict[str, str]:
        """What is said, by its key, as it stands behind a path."""
        limits, resize = self.limits, self.resize or ()
        sides = resize[:1] if len(set(resize)) == 1 else resize
        found = {
            "channels": self.channels,
            "range": f"{number(limits[0])}..{number(limits[1])}" if limits else "",
            "shape": "x".join(map(str, self.shape)),
            "resize": "x".join(map(str, sides)),
            "crop": self.crop,
            "colours": self.colours,
            "background": self.background,
            "images": self.images,
            "labels": self.labels,
        }
        return {key: text for key, text in found.items() if text}


UNSAID = Reading()

_EXPECTED = {
    "channels": "first or last",
    "shape": "HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS, as 28x28",
    "resize": "SIDE or HEIGHTxWIDTH, up to 9999, as 64",
    "crop": "nothing behind it",
    "colours": "grey or rgb",
    "background": "white or black",
    "images": "the name of an array: letters, digits, spaces and _ . -",
    "labels": "the name of an array: letters, digits, spaces and _ . -",
}
SWITCHES = ("channels", "range", "shape", "resize", "crop", "colours", "background", "images", "labels")
"""Options of the command line that say how data are read."""


def split(name: str) -> tuple[str, Reading]:
    """Return the path, or the name of the registry, and what the name of a data set says behind it.

    Examples
    --------
    >>> split("mine.npz@range=0..16")
    ('mine.npz', Reading(channels='', limits=(0.0, 16.0)))

    Raises
    ------
    DataError
        For a range that is none, or something that was meant to be one of the forms.
    """
    path, reading = name, UNSAID
    while match := _WISH.fullmatch(path):
        if not re.fullmatch(_VALUES[match["key"]], match["value"]):
            break
        path = match["path"]
        reading = dataclasses.replace(reading, **_said(name, match["key"], match["value"]))
    if _ATTEMPT.search(path):
        raise _unknown(name)
    if reading.crop and not reading.resize:
        raise problem(
            f"data set {named(name)}",
            expected="a size that the middle is cut out for",
            received=f"@crop={reading.crop} alone",
            remedy="give --resize SIDE with --crop (in a grid file @resize=SIDE@crop=middle)",
        )
    return path, reading


def _said(name: str, key: str, value: str) -> dict[str, Any]:
    """The field of a `Reading` that a wish behind a path stands for."""
    if key == "range":
        low, _, high = value.partition("..")
        return {"limits": _limits(name, low, high)}
    if key == "shape":
        return {"shape": tuple(map(int, value.split("x")))}
    if key == "resize":
        height, _, width = value.partition("x")
        return {"resize": (int(height), int(width or height))}
    return {key: value}


def joined(name: str, said: Mapping[str, str | None]) -> str:
    """Return the name of a data set with what switches say, in place of what it said.

    Parameters
    ----------
    said : mapping of str to str
        Values by what stands behind the @; `range` as `LOW,HIGH`. None and empty ones say nothing.

    Raises
    ------
    DataError
        As `split`, and for a value of another form.
    """
    path, reading = split(name)
    for key, value in said.items():
        if value is None or value == "":
            continue
        if key == "range":
            low, _, high = value.partition(",")
            reading = dataclasses.replace(reading, limits=_limits(f"--range {value}", low, high))
        elif re.fullmatch(_VALUES[key], value):
            reading = dataclasses.replace(reading, **_said(name, key, value))
        else:
            raise problem(
                f"--{key}", expected=_EXPECTED[key], received=named(value), remedy=f"correct --{key}"
            )
    return f"{path}{split(f'{path}{reading}')[1]}"


def title(name: str) -> str:
    """Return the name of a data set for people: of a file or a folder the last part, without its ending.

    Examples
    --------
    >>> title("~/data/mine.npz@range=0..16")
    'mine@range=0..16'
    """
    try:
        path, reading = split(name)
    except errors.DataError:  # of an old record, which has to be shown all the same
        return pathlib.PurePath(name).stem
    return f"{pathlib.PurePath(path).stem}{reading}"


def _limits(where: str, low: str, high: str) -> tuple[float, float]:
    try:
        found = float(low), float(high)
    except ValueError:
        found = (0.0, 0.0)
    if not (found[0] < found[1] and math.isfinite(found[1] - found[0])):
        raise problem(
            named(where),
            expected="two numbers, the value of black and the higher one of white"
            + (", less than 1.8e308 apart" if found[0] < found[1] else ""),
            received=f"{low.strip() or 'nothing'} and {high.strip() or 'nothing'}",
            remedy="write --range 0,16, or @range=0..16 behind the path in a grid file",
        )
    return found


def _unknown(name: str) -> errors.DataError:
    return problem(
        f"data set {named(name)}",
        expected=FORMS,
        received=named(name[name.index("@") :]),
        remedy="correct what stands behind the @",
    )


def number(value: float) -> str:
    """Return a number with all its digits, as it may stand in a range.

    Examples
    --------
    >>> number(3000000001.0), number(0.1)
    ('3000000001', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
