"""Files that a page holds, to be taken out of it; the twin has them beside it."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True, kw_only=True)
class File:
    """A file that a link holds; `uri` is all of it.

    `is_beside`: whether it lies beside the page, too. `is_packed`: whether the link holds it by gzip.
    """

    name: str
    uri: str
    size: str
    is_beside: bool = False
    is_packed: bool = False

    @property
    def saved_as(self) -> str:
        """Its name once it is taken out of the page."""
        return f"{self.name}.gz" if self.is_packed else self.name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Files:
    """Files behind words that say what they are: of those in the page, and of those beside its twin."""

    kind: ClassVar[str] = "files"
    text: str
    text_beside: str
    files: tuple[File, ...]
