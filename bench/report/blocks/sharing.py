"""Every picture is in the page once: where it is shown a second time, its name stands for its bytes."""

import collections
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bench.report.blocks import within
from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Picture
from bench.report.blocks.table import Table

_WITHOUT = (Table, Chart)  # a thousand trials have tables of 40,000 cells, and no picture in them


def once(parts: Mapping[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """The same parts, read in this order: pictures that come again are marked, and so are their first."""
    counts = collections.Counter(one.id for name in order if name in parts for one in pictures(parts[name]))
    seen: set[str] = set()

    def marked(one: Picture) -> Picture:
        if counts[one.id] < 2:
            return one
        is_again = one.id in seen
        seen.add(one.id)
        return dataclasses.replace(one, is_shared=not is_again, is_again=is_again)

    return {name: _mapped(parts[name], marked) for name in order if name in parts}


def pictures(part: Any, but: tuple[type, ...] = ()) -> Iterator[Picture]:
    """Those in a part of a report, however deep they lie, in the order of reading; none of what is `but`."""
    return within.of(part, Picture, but=(*_WITHOUT, *but))


def _mapped(part: Any, change: Callable[[Picture], Picture]) -> Any:
    if isinstance(part, Picture):
        return change(part)
    if isinstance(part, tuple):
        return tuple(_mapped(each, change) for each in part)
    if not _is_searched(part):
        return part
    fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    changed = {name: _mapped(value, change) for name, value in fields.items()}
    return dataclasses.replace(
        part, **{name: value for name, value in changed.items() if value is not fields[name]}
    )


def _is_searched(part: Any) -> bool:
    return dataclasses.is_dataclass(part) and not isinstance(part, (*_WITHOUT, type))
