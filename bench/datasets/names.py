"""What somebody who mistyped the name of a data set, or the path to one, may have meant."""

import difflib
import itertools
import os
from collections.abc import Collection
from pathlib import Path

from bench.datasets.sources import own

_MOST_NEIGHBOURS = 1000  # files and folders that a mistaken name is held against


def near(name: str, path: Path, known: Collection[str]) -> str:
    """Return the known name, or the file or folder there, that is most like a name; empty if none is."""
    plain = name.lower().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(plain, known, n=1, cutoff=0.75)
    if found or not name:
        return next(iter(found), "")
    try:
        with os.scandir(path.parent) as entries:
            there = [each.name for each in itertools.islice(entries, _MOST_NEIGHBOURS) if _is_candidate(each)]
    except (OSError, ValueError):
        return ""
    beside = difflib.get_close_matches(path.name, there, n=1, cutoff=0.6)
    return os.path.join(os.path.dirname(name), beside[0]) if beside else ""


def _is_candidate(entry: os.DirEntry[str]) -> bool:
    """Whether an entry would be taken: not a link to nothing, nor a pipe."""
    # Not the entry's own is_file, which raises over a link to itself.
    return not entry.name.startswith(".") and (
        os.path.isdir(entry.path) or (own.is_taken(Path(entry.name)) and os.path.isfile(entry.path))
    )
