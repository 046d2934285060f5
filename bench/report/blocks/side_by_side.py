"""Two of everything that was measured, chosen by the reader."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar


@dataclasses.dataclass(frozen=True, kw_only=True)
class SideBySide:
    """Names of the configurations by what they belong to, and all that is known of them as JSON.

    `chosen` has the places of the two that are shown first, which differ in their model.
    """

    kind: ClassVar[str] = "side_by_side"
    groups: Mapping[str, Sequence[tuple[int, str]]]
    chosen: tuple[int, int]
    data: str
