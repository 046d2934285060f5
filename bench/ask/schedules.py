"""How the learning rate changes while a model is trained, as a text: one grammar for TOML, `--set` and CSV.

| text | learning rate in step `t = 0, 1, ...` of the `T` steps of `epochs` epochs |
|---|---|
| `constant` | `learning_rate` |
| `cosine` | `learning_rate * (1 + cos(pi * t / T)) / 2` |
| `0.1@30 0.01@60` | 0.1 times `learning_rate` once 30 epochs are over, 0.01 times once 60 are |

Factors are of `learning_rate` itself, not of the rate before. No commas: they part the values of an axis.

Burda et al. 2016 train in stages `i = 0..7` of `3^i` epochs each, 3,280 in all, at a rate of
`1e-4 round(10^(1 - i / 7), 1)`, which is a `learning_rate` of 1e-3 with

    0.72@1 0.52@4 0.37@13 0.27@40 0.19@121 0.14@364 0.1@1093

Fewer `epochs` (364, 1,093) end it after fewer stages; to go through all of them in a tenth of the time,
divide the numbers of epochs.

Nothing here imports Keras; `bench.training.schedules` makes what an optimiser takes.

References
----------
Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017 (cosine, one cycle).
"""

import itertools
import math
from typing import NamedTuple

from bench import errors

CONSTANT, COSINE = "constant", "cosine"
_EXPECTED = f"{CONSTANT}, {COSINE} or factors after epochs, as 0.1@30 0.01@60"
_MOST_EPOCHS = 10**9


class Change(NamedTuple):
    """From the epoch after `epochs` on, the learning rate is `factor` times the first one."""

    factor: float
    epochs: int


def canonical(text: str) -> str:
    """The same schedule, written in the one way that gives the same key.

    Raises
    ------
    GridError
        If it is none.
    """
    if text in (CONSTANT, COSINE):
        return text
    return " ".join(f"{change.factor:.15g}@{change.epochs}" for change in changes(text))


def changes(text: str) -> tuple[Change, ...]:
    """The steps of a schedule, in the order of their epochs; none of `constant` and `cosine`.

    Raises
    ------
    GridError
        If it is no schedule.
    """
    if text in (CONSTANT, COSINE):
        return ()
    found = tuple(_change(text, part) for part in text.split())
    if not found:
        raise errors.GridError(f"schedule takes {_EXPECTED}, not {text!r}")
    if any(after.epochs <= before.epochs for before, after in itertools.pairwise(found)):
        raise errors.GridError(f"schedule takes epochs that rise, as 0.1@30 0.01@60, not {text!r}")
    return found


def _change(text: str, part: str) -> Change:
    factor, _, epochs = part.partition("@")
    try:
        change = Change(float(factor), int(epochs))
    except ValueError:
        raise errors.GridError(f"schedule takes {_EXPECTED}, not {text!r}") from None
    if not (text.isascii() and 0 < change.factor < math.inf and 0 < change.epochs <= _MOST_EPOCHS):
        raise errors.GridError(f"schedule takes factors above 0 and epochs from 1, not {part!r}")
    return change
