"""At which epochs of one training a trial is measured beside its end: `5 10`, or `none`.

The numbers of a snapshot are those that the same trial would have with that many epochs, of one training in
the place of several. So the learning rate may not depend on how many epochs there are.
"""

import itertools
from collections.abc import Iterable

from bench import errors

NONE = "none"
MOST = 100
_EXPECTED = f"{NONE}, or epochs that rise, as 5 10 20"
_MOST_EPOCHS = 10**9


def canonical(text: str) -> str:
    """The same epochs, written in the one way that gives the same key; raises as `epochs`."""
    return written(epochs(text))


def written(found: Iterable[int]) -> str:
    """`(10, 5)` to `5 10`; none to `none`."""
    return " ".join(map(str, sorted(set(found)))) or NONE


def epochs(text: str) -> tuple[int, ...]:
    """`5 10` to `(5, 10)`.

    Raises
    ------
    GridError
        If it is no list of whole numbers above 0 that rise.
    """
    if text == NONE:
        return ()
    parts = text.split()
    found = tuple(int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 11)
    is_list = parts and len(found) == len(parts) <= MOST and found[0] > 0 and found[-1] <= _MOST_EPOCHS
    if not is_list or any(after <= before for before, after in itertools.pairwise(found)):
        raise errors.GridError(f"snapshots takes {_EXPECTED}, {MOST} at most, not {text[:80]!r}")
    return found
