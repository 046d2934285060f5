"""How a user wants the pixels of a data set read, where the data do not say it themselves.

It is part of the data set's name, behind its path, so that it is part of the key of a trial, reaches every
worker, stands in `run.json`, and can be written in a grid file:

```toml
dataset = ["mine.npz@range=0..16", "torch.npz@channels=first"]
```

The switches `--channels` and `--range` of `run` write the same name.
"""

import dataclasses
import math
import pathlib
import re

from bench import errors
from bench.datasets.messages import named, problem

_NUMBER = r"-?[0-9.]+(?:e[+-]?[0-9]+)?"
_WISH = re.compile(
    rf"(?P<path>.*)@(?:channels=(?P<channels>first|last)|range=(?P<low>{_NUMBER})\.\.(?P<high>{_NUMBER}))",
    re.DOTALL,
)
_ATTEMPT = re.compile(r"@(?:channels|range)=[^/]*$")
FORMS = "@channels=first, @channels=last or @range=LOW..HIGH behind the path"


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
    """

    channels: str = ""
    limits: tuple[float, float] | None = None

    def __str__(self) -> str:
        """As behind the path in a name: `@channels=first@range=0..16`; empty if nothing is said."""
        channels = f"@channels={self.channels}" if self.channels else ""
        return channels + (
            f"@range={number(self.limits[0])}..{number(self.limits[1])}" if self.limits else ""
        )


UNSAID = Reading()


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
        path = match["path"]
        if match["channels"]:
            reading = dataclasses.replace(reading, channels=match["channels"])
        else:
            reading = dataclasses.replace(reading, limits=_limits(name, match["low"], match["high"]))
    if _ATTEMPT.search(path):
        raise _unknown(name)
    return path, reading


def joined(name: str, channels: str | None, limits: str | None) -> str:
    """Return the name of a data set with what `--channels` and `--range` say, in place of what it said.

    Parameters
    ----------
    channels : str, optional
        `first` or `last`.
    limits : str, optional
        `LOW,HIGH`.

    Raises
    ------
    DataError
        As `split`, and for a `--range` of another form.
    """
    path, reading = split(name)
    if channels:
        reading = dataclasses.replace(reading, channels=channels)
    if limits is not None:
        low, _, high = limits.partition(",")
        reading = dataclasses.replace(reading, limits=_limits(f"--range {limits}", low, high))
    return f"{path}{reading}"


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
