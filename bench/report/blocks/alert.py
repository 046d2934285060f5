"""A warning about a run: what is wrong and how often, why that may be, and a command that may mend it."""

import dataclasses
from typing import ClassVar


@dataclasses.dataclass(frozen=True, kw_only=True)
class Alert:
    """One warning.

    Attributes
    ----------
    what
        A sentence with a count: `3 of 12 trials collapsed.`
    cause
        Why that may be, in a sentence.
    command
        Options of `bench run` that may mend it; empty where there are none.
    names
        What it is said of.
    """

    kind: ClassVar[str] = "alert"
    what: str
    cause: str
    command: str = ""
    names: tuple[str, ...] = ()

    def line(self) -> str:
        """The same in one line, for a terminal."""
        remedy = f" Try {self.command}" if self.command else ""
        return f"{self.what} {self.cause}{remedy}"
