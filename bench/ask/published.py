"""Published numbers that a grid is to reproduce: rows of its file, each checked as strictly as its blocks.

```toml
[published_defaults]        # for every row; `where` is joined
source = "who, where, which table, whose code"
confirmed = true            # whether that was read, and not remembered

[[published]]
title = "VAE, d = 10"       # one a row
where = { latent_dim = 10 } # settings of one configuration alone; `model` may be a baseline
quantity = "kl"             # one of `bench.ask.quantities`
value = 19.44
bar = 0.14                  # what the paper prints behind it, if anything
bar_of = "standard deviation over runs"
tolerance = 0.5             # without it: by bar and seeds, see `bench.statistics.tolerance`
why = "why so much"         # stated before the run
cpu_minutes = 45            # of all seeds of the configuration, on two cores
gpu_minutes = 3
differs = "what is not as in the paper"
```

A row that a run keeps names its trials by their keys. So a setting that the command line changed makes it a
row that was not run: only what the file asks for is held against the paper.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench import errors
from bench.ask import axes, grouping, lookup
from bench.ask.baseline_cards import BASELINES
from bench.ask.quantities import QUANTITIES, Quantity
from bench.ask.trial import Baseline, Trial, Unit
from bench.models import MODELS

BARS = ("standard deviation over runs", "standard error", "not stated")
"""What the number behind a published one may be."""
LONGEST = 400  # letters of a text of a row


@dataclasses.dataclass(frozen=True, kw_only=True)
class Published:
    """One number of a paper; the fields are the keys of a row, as above.

    Attributes
    ----------
    bar_confirmed
        Whether the bar was read; as `confirmed` where a row does not say it.
    keys
        Of each backend the keys of the trials that it is about; of a baseline, under an empty name.
    beside
        The key of the baseline that its quantity is held against; empty for most.
    """

    title: str
    where: Mapping[str, axes.Value]
    quantity: str
    value: float
    why: str
    source: str
    confirmed: bool
    cpu_minutes: float
    gpu_minutes: float
    bar: float | None = None
    bar_of: str = ""
    bar_confirmed: bool = False
    tolerance: float | None = None
    differs: str = ""
    keys: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    beside: str = ""

    @property
    def is_known(self) -> bool:
        """Whether value and bar were read where they stand."""
        return self.confirmed and (self.bar is None or self.bar_confirmed)

    def to_json(self) -> dict[str, Any]:
        """As `run.json` keeps it."""
        return dataclasses.asdict(self)


def from_json(row: Mapping[str, Any]) -> Published:
    """Of a row that has the shape of one; what a newer program says beside it is left out."""
    names = {field.name for field in dataclasses.fields(Published)}
    return Published(**{name: value for name, value in row.items() if name in names})


def read(rows: Any, defaults: Any) -> tuple[Published, ...]:
    """The rows of a grid file, each with what it shares with the others.

    Raises
    ------
    GridError
        For a key, a type or a value that a row does not take, or one that it lacks.
    """
    if not isinstance(defaults, dict) or not isinstance(rows, list):
        raise errors.GridError(": expected tables [published_defaults] and [[published]]")
    found: dict[str, Published] = {}
    for number, row in enumerate(rows, start=1):
        try:
            one = _row(row, defaults)
            if one.title in found:
                raise errors.GridError(f"the title {one.title!r} is that of another row; give each its own")
        except errors.GridError as error:
            raise errors.GridError(f", published row {number}: {error}") from None
        found[one.title] = one
    return tuple(found.values())


def _row(row: Any, defaults: Mapping[str, Any]) -> Published:
    if not isinstance(row, dict):
        raise errors.GridError(f"expected a table, received {row!r}")
    where = {**_table(defaults.get("where", {})), **_table(row.get("where", {}))}
    given = {**defaults, **row, "where": where}
    for name, value in given.items():
        if name not in _KEYS:
            raise errors.GridError(errors.unknown("key", name, _KEYS))
        given[name] = _KEYS[name](name, value)
    if missing := [name for name in _REQUIRED if name not in given]:
        raise errors.GridError(f"expected {', '.join(_REQUIRED)}; {missing[0]} is missing: add it")
    if ("bar" in given) != ("bar_of" in given):
        raise errors.GridError(f"bar and bar_of go together: give both, bar_of as one of {'; '.join(BARS)}")
    if "bar" not in given and "tolerance" not in given:
        raise errors.GridError("expected a bar, a tolerance or both, received neither: add tolerance")
    return Published(**{"bar_confirmed": given["confirmed"], **given})


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise errors.GridError(f"where takes a table of settings, as {{ latent_dim = 10 }}, not {value!r}")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or "\n" in value:
        raise errors.GridError(f"{name} takes a line of 1 to {LONGEST} letters, not {value!r}")
    return value


def _number(name: str, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) < 1e300:
        raise errors.GridError(f"{name} takes a number, not {value!r}")
    return float(value)


def _above_zero(name: str, value: Any) -> float:
    number = _number(name, value)
    if number <= 0:
        raise errors.GridError(f"{name} takes a number above 0, not {value!r}")
    return number


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise errors.GridError(f"{name} takes true or false, not {value!r}")
    return value


def _one_of(known: Sequence[str]) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in known:
            raise errors.GridError(errors.unknown(name, value, known))
        return str(value)

    return check


def _where(name: str, value: Any) -> dict[str, axes.Value]:
    if not value:
        raise errors.GridError("where is empty; name at least one setting, as { latent_dim = 10 }")
    return {setting: _setting(setting, wanted) for setting, wanted in value.items()}


def _setting(name: str, value: Any) -> axes.Value:
    """A value in the type of its axis; `model` may be a baseline."""
    known = axes.named()
    if name not in known:
        raise errors.GridError(f"where: {errors.unknown('setting', name, known)}")
    if name == "model":
        return _one_of((*MODELS, *BASELINES))("model", value)
    problems = []
    for axis in known[name]:
        try:
            return axis.check(value)
        except (errors.GridError, errors.DataError) as error:
            problems.append(error)
    raise errors.GridError(f"where: {problems[0]}")


_KEYS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("title", "why", "source", "differs"), _text),
    "where": _where,
    "quantity": _one_of(tuple(QUANTITIES)),
    "value": _number,
    **dict.fromkeys(("bar", "tolerance", "cpu_minutes", "gpu_minutes"), _above_zero),
    "bar_of": _one_of(BARS),
    **dict.fromkeys(("confirmed", "bar_confirmed"), _flag),
}
_REQUIRED = tuple(
    field.name
    for field in dataclasses.fields(Published)
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
)


def check(rows: Sequence[Published], units: Sequence[Unit], groups: Sequence[str] | None) -> None:
    """Refuse a row that is about no unit of the grid, or about several, or needs what is not measured.

    Raises
    ------
    GridError
        With the title of the row.
    """
    for row in rows:
        try:
            _check_row(row, units, groups)
        except errors.GridError as error:
            raise errors.GridError(f", published row {row.title!r}: {error}") from None


def _check_row(row: Published, units: Sequence[Unit], groups: Sequence[str] | None) -> None:
    found = {_but_seed(unit) for unit in _about(row, units)}
    told = ", ".join(f"{name} = {value}" for name, value in row.where.items())
    if not found:
        raise errors.GridError(f"no trial or baseline of the grid has {told}; correct where")
    if len(found) > 1:
        raise errors.GridError(f"{len(found)} configurations have {told}; name more settings in where")
    quantity = QUANTITIES[row.quantity]
    taken = grouping.default() if groups is None else groups
    if lacking := [name for name in quantity.groups if name not in taken]:
        raise errors.GridError(f"{row.quantity} needs the measures of {lacking[0]}; add it to measures")
    if quantity.beside and _beside(quantity, _about(row, units)[0], units) is None:
        raise errors.GridError(f"{row.quantity} needs the baseline {quantity.beside}; add it to baselines")


def _about(row: Published, units: Sequence[Unit]) -> list[Unit]:
    """Trials; baselines where `where` names the model of one."""
    kind = Baseline if row.where.get("model") in BASELINES else Trial
    return [
        unit
        for unit in units
        if isinstance(unit, kind)
        and all(lookup.value(unit, name) == value for name, value in row.where.items())
    ]


def _but_seed(unit: Unit) -> Unit:
    return dataclasses.replace(unit, seed=0) if isinstance(unit, Trial) else unit


def _beside(quantity: Quantity, unit: Unit, units: Sequence[Unit]) -> Baseline | None:
    """The baseline of the same images, with codes of the same size."""
    same = ("dataset", "latent_dim", "binarize")
    return next(
        (
            one
            for one in units
            if isinstance(one, Baseline)
            and one.model == quantity.beside
            and one.views == unit.views
            and all(lookup.value(one, name) == lookup.value(unit, name) for name in same)
        ),
        None,
    )


def recorded(rows: Sequence[Published], units: Sequence[Unit]) -> tuple[Published, ...]:
    """The rows with the keys of what they are about, of all backends that `units` are of."""
    return tuple(_with_keys(row, units) for row in rows)


def _with_keys(row: Published, units: Sequence[Unit]) -> Published:
    keys: dict[str, list[str]] = {}
    about = _about(row, units)
    for unit in about:
        keys.setdefault(unit.backend if isinstance(unit, Trial) else "", []).append(unit.key)
    quantity = QUANTITIES[row.quantity]
    beside = _beside(quantity, about[0], units) if quantity.beside else None
    return dataclasses.replace(row, keys=keys, beside=beside.key if beside else "")
