"""What is said of every measure."""

from dataclasses import dataclass
from typing import Literal

Better = Literal["lower", "higher", ""]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One measure.

    Attributes
    ----------
    name
        As in `result.json` or `timings.csv`; in `summary.csv` followed by `_mean`, `_low` and `_high`.
    label
        Short enough for the head of a table.
    unit
        Empty where the number is a pure one.
    better
        Which way is an improvement; empty where neither is.
    text
        One to three sentences that define it.
    paper
        Where it comes from; empty where it is nobody's idea in particular.
    """

    name: str
    label: str
    unit: str = ""
    better: Better
    text: str
    paper: str = ""
