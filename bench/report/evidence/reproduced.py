"""Published numbers that a run was to reproduce, each beside what the run has of it."""

import dataclasses
import math
import statistics as plain
from collections.abc import Mapping
from typing import Any

from bench import statistics
from bench.ask import published
from bench.ask.published import Published
from bench.ask.quantities import QUANTITIES, Quantity, Seen
from bench.keeping.result import Result
from bench.report.evidence import Evidence
from bench.report.evidence.naming import settings_of
from bench.statistics import Interval

_ROUNDING = 1e-9  # of a sum of floats, beside a tolerance


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reproduced:
    """A published number and ours.

    Attributes
    ----------
    backend
        Whose trials they are; empty for a baseline.
    values
        Of the seeds that have one, in the order of the grid.
    planned, failed
        How many seeds the row asks for, and how many of them did not end well.
    lacking
        Why there is no value at all; empty where there is one.
    is_one_of_several
        Whether the run has the same number on other backends, too.
    """

    row: Published
    backend: str
    values: tuple[float, ...]
    planned: int
    failed: int
    lacking: str = ""
    is_one_of_several: bool = False

    @property
    def name(self) -> str:
        """Its title, with the backend where that tells it from another."""
        return f"{self.row.title}, {self.backend}" if self.is_one_of_several else self.row.title

    @property
    def quantity(self) -> Quantity | None:
        """What it is a number of; None for what this program does not know."""
        return QUANTITIES.get(self.row.quantity)

    @property
    def ours(self) -> Interval:
        """Mean over seeds with its interval."""
        return statistics.mean_interval(self.values)

    @property
    def tolerance(self) -> float | None:
        """How far ours may lie off: as the row says, else by its bar and our seeds; None without either."""
        if self.row.tolerance is not None:
            return self.row.tolerance
        if self.row.bar is None or not self.values:
            return None
        return statistics.two_deviations(self.row.bar, self.values)

    @property
    def off(self) -> float | None:
        """By how much our mean lies above the published number."""
        return plain.fmean(self.values) - self.row.value if self.values else None

    @property
    def is_inside(self) -> bool | None:
        """Whether it lies within the tolerance; None where there is nothing to say."""
        if self.off is None or self.tolerance is None:
            return None
        return abs(self.off) <= self.tolerance + _ROUNDING


def rows(evidence: Evidence) -> tuple[Reproduced, ...]:
    """All of them, in the order of the grid's file and of its backends."""
    found = {result.unit.key: result for result in evidence.results}
    known = [published.from_json(row) for row in evidence.run.get("published", [])]
    return tuple(
        dataclasses.replace(
            _reproduced(evidence.run, row, backend, found), is_one_of_several=len(row.keys) > 1
        )
        for row in known
        for backend in row.keys
    )


def _reproduced(
    run: Mapping[str, Any], row: Published, backend: str, found: Mapping[str, Result]
) -> Reproduced:
    keys = row.keys[backend]
    there = [found[key] for key in keys if key in found]
    well = [result for result in there if result.status == "ok"]
    quantity = QUANTITIES.get(row.quantity)
    each = [_value(run, row, quantity, result, found) for result in well] if quantity else []
    values = tuple(value for value in each if value is not None)
    return Reproduced(
        row=row,
        backend=backend,
        values=values,
        planned=len(keys),
        failed=len(there) - len(well),
        lacking="" if values else _lacking(quantity, there, well),
    )


def _value(
    run: Mapping[str, Any],
    row: Published,
    quantity: Quantity,
    result: Result,
    found: Mapping[str, Result],
) -> float | None:
    about = run["datasets"].get(settings_of(result.unit)["dataset"])
    if about is None:  # of a record that says less than its results
        return None
    beside = found[row.beside].measures if row.beside in found else {}
    seen = Seen(measures=result.measures, values=math.prod(about["image_shape"]), beside=beside)
    value = quantity.of(seen)
    return value if value is not None and math.isfinite(value) else None


def _lacking(quantity: Quantity | None, there: list[Result], well: list[Result]) -> str:
    if quantity is None:
        return "this program does not know the quantity"
    if quantity.absent:
        return quantity.absent
    if not there:
        return "the run has no such trial, with the settings and seeds that the row asks for"
    if not well:
        return f"{len(there)} of {len(there)} did not end well"
    missing = [name for name in quantity.groups if not all(name in one.groups for one in well)]
    return f"the run was not measured with {missing[0]}" if missing else "a measure that it needs is empty"
