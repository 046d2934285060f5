"""What is said of a measure: all of it, once."""

import dataclasses
import re
from typing import Literal, get_args

Better = Literal["lower", "higher", ""]
Shown = Literal["number", "share", "count", "seconds", "milliseconds"]
Scale = Literal["", "log"]

NAME = r"[a-z][a-z0-9_]{0,59}"
MOST_DIGITS = 9
TABLES = (
    *("leaderboard", "pairs", "standings", "compare", "backends"),
    *("latent", "scaling", "few_labels", "distances", "neighbourhoods", "likelihood", "beyond"),
)
VALIDATION = "validation_"
"""How the name of a measure of validation images begins."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
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
    digits
        After the point, in every table and sentence.
    shown
        As a number; a share of 1 is shown in percent with one digit; a count is whole, though its mean need
        not be; times are shown with two digits, which are seconds in every file.
    scale
        On which its seeds scatter alike whatever their mean, so that it is compared on it: `log` of what is
        above 0 and scatters in proportion, as errors, distances and times do; a difference is then said in
        percent. Empty for the numbers as they are. Read off the published run, see `docs/power.md`.
    validation
        The name of the same measure of validation images, which decides where this one is reported; empty
        for none.
    of_validation
        Of which images that is.
    purpose
        What somebody wants who looks for the best by it: a row of "What to take for which purpose". Only
        with `validation`.
    tables
        Where it stands beside others: any of `TABLES`. One that stands in none has a place in a table of its
        task.
    is_array
        Whether it is kept in `images.npz`, and is no single number.
    """

    name: str
    label: str
    unit: str = ""
    better: Better
    text: str
    paper: str = ""
    digits: int = 3
    shown: Shown = "number"
    scale: Scale = ""
    validation: str = ""
    of_validation: str = "validation images"
    purpose: str = ""
    tables: tuple[str, ...] = ()
    is_array: bool = False

    def __post_init__(self) -> None:
        """Refuse what no file and no table could have."""
        for name in filter(None, (self.name, self.validation)):
            if not re.fullmatch(NAME, name):
                raise ValueError(f"expected a name of a measure such as test_mse, received {name!r}")
        if self.better not in get_args(Better) or self.shown not in get_args(Shown):
            raise ValueError(
                f"{self.name}: expected lower, higher or nothing as better, and one of "
                f"{', '.join(get_args(Shown))} as shown, received {self.better!r} and {self.shown!r}"
            )
        if self.scale not in get_args(Scale):
            raise ValueError(f"{self.name}: expected log or nothing as scale, received {self.scale!r}")
        if odd := [table for table in self.tables if table not in TABLES]:
            raise ValueError(
                f"{self.name}: expected tables of {', '.join(TABLES)}, received {', '.join(odd)}"
            )
        if not 0 <= self.digits <= MOST_DIGITS:
            raise ValueError(f"{self.name}: expected 0 to {MOST_DIGITS} digits, received {self.digits}")
        if self.validation and not self.validation.startswith(VALIDATION):
            raise ValueError(
                f"{self.name}: expected a name that begins with {VALIDATION}, received {self.validation!r}"
            )
        if self.purpose and not (self.validation and self.better):
            raise ValueError(
                f"{self.name}: expected a counterpart on validation images, and which way is better, of a "
                "measure with a purpose: what is taken is not chosen on test images; give both, or no purpose"
            )

    def improves(self, change: float) -> bool:
        """Whether a number that changes by this becomes better."""
        return (change < 0) == (self.better == "lower")

    @property
    def counterpart(self) -> "Measure | None":
        """The same of validation images."""
        if not self.validation:
            return None
        return dataclasses.replace(
            self,
            name=self.validation,
            label=f"Val. {self.label}",
            text=f"{self.label} as it is defined for test images, of {self.of_validation} in their place. It "
            "decides which configuration to take; what is reported of that one is its number on test images.",
            validation="",
            purpose="",
            tables=(),
        )
