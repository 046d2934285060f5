"""What can go wrong, as one small tree.

```
BenchError                 a mistake that one line can explain; exit code 2
├── UsageError             the command line
├── GridError              a grid file, or a setting of a trial
├── DataError              a data set: missing, unreadable, or not what it should be
├── RunFolderError         a run folder that cannot be read or written
│   └── DamagedRecordError its run.json is there and cannot be read
├── TemplateError          a template of somebody's own that cannot be rendered
├── BackendError           a Keras backend that cannot be used; exit code 3
└── ClusterError           a Dask scheduler or its workers cannot be used; exit code 3
```

Each message says what was expected, what came, and what to do. The command line prints it as
one line and exits with `exit_code`; a traceback is for mistakes of the program alone.
"""

import difflib
from collections.abc import Iterable

MOST_NAMED = 12
"""Names in one line."""
MOST_NEAR = 4
MOST_LETTERS = 200
"""Of a name that is held against others: comparing takes the product of their lengths."""


def one_line(error: BaseException) -> str:
    """The kind of an exception and the first line of its message."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


def did_you_mean(value: object, known: Iterable[str]) -> str:
    """` (did you mean 'relu'?)` for the known name that is most like a value; empty where none is."""
    near = nearest(value, known)
    return f" (did you mean {near!r}?)" if near else ""


def nearest(value: object, known: Iterable[str]) -> str:
    """The known name that is most like a value; empty where none is."""
    text, names = str(value), {name.lower(): name for name in known}
    near = difflib.get_close_matches(text.lower(), names, n=1) if len(text) <= MOST_LETTERS else []
    return names[near[0]] if near else ""


def unknown(what: str, value: object, known: Iterable[str]) -> str:
    """The line for a name that does not exist: `unknown activation 'rleu'; known: ...`."""
    names = sorted(known)
    return f"unknown {what} {value!r}{did_you_mean(value, names)}; known: {', '.join(names) or 'none'}"


def unknown_of_many(what: str, value: object, known: Iterable[str], rest: str) -> str:
    """The same where names are too many for a line: those most like the value, and where the rest is."""
    names = sorted(known)
    if len(names) <= MOST_NAMED:
        return unknown(what, value, names)
    near = difflib.get_close_matches(str(value)[:MOST_LETTERS], names, n=MOST_NEAR, cutoff=0)
    listed = ", ".join(near)
    return f"unknown {what} {value!r}; nearest: {listed} and {len(names) - len(near)} more, {rest}"


def with_hint(line: str, *, fresh: bool) -> str:
    """The same command would remove what is finished, if it said so: then it must be given without that."""
    if fresh and "same command" in line:
        return f"{line}; leave out --fresh then, which removes what is finished"
    return line


class BenchError(Exception):
    """A mistake that the user can mend; the message is one line."""

    exit_code = 2


class UsageError(BenchError):
    """The command line asks for something that does not exist or does not fit together."""


class GridError(BenchError):
    """A grid file, or a setting in it, is wrong."""


class DataError(BenchError):
    """A data set is missing, unreadable, or not what it should be."""


class RunFolderError(BenchError):
    """A run folder cannot be read or written."""


class DamagedRecordError(RunFolderError):
    """A `run.json` is there and cannot be read."""


class TemplateError(BenchError):
    """A template cannot be rendered."""


class BackendError(BenchError):
    """The chosen Keras backend cannot be used on this machine."""

    exit_code = 3


class ClusterError(BenchError):
    """A Dask scheduler does not answer, or its workers cannot be used."""

    exit_code = 3
