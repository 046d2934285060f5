"""What parts of a report hold, however deep it lies, in the order of reading."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

Kind = TypeVar("Kind")


def of(part: Any, kind: type[Kind], but: type | tuple[type, ...] = ()) -> Iterator[Kind]:
    """Those of a kind in a mapping, a sequence or a block; nothing of what is in a `but`."""
    if isinstance(part, kind):
        yield part
    elif not isinstance(part, but):
        for each in _parts(part):
            yield from of(each, kind, but)


def _parts(part: Any) -> list[Any]:
    if isinstance(part, Mapping):
        return [*part.values()]
    if isinstance(part, tuple | list):
        return [*part]
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        return [getattr(part, field.name) for field in dataclasses.fields(part)]
    return []
