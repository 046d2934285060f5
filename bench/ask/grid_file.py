"""A grid file: where it is, its text as TOML, and each key but blocks and published numbers, checked."""

import codecs
import contextlib
import os
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

from bench import errors, foreign
from bench.ask import baseline_cards, grouping, plugins
from bench.models.plugins import Plugin

GRIDS = pathlib.Path(__file__).parent / "grids"
PUBLISHED = "published"
"""The folder in it whose grids reproduce numbers of papers, and what their names begin with."""
KEYS = (
    *("description", "baselines", "plugins", "measures", "train", "defaults", "block"),
    *("published_defaults", "published"),
)
_MOST_BYTES = 2**20

Content = Mapping[str, Any]


def known() -> dict[str, pathlib.Path]:
    """The grids that come with the program: name -> file."""
    found = {path.stem: path for path in sorted(GRIDS.glob("*.toml"))}
    return found | {f"{PUBLISHED}/{path.stem}": path for path in sorted((GRIDS / PUBLISHED).glob("*.toml"))}


def read(path: pathlib.Path, name: str) -> dict[str, Any]:
    """What is in the file, whose user called it `name`.

    Raises
    ------
    GridError
        If it is missing or no TOML.
    """
    # os.path answers False where pathlib raises, for a name too long.
    if path.suffix != ".toml" or not os.path.isfile(path):
        raise errors.GridError(_no_grid(name, path))
    try:
        content = foreign.read_bytes(path, most=_MOST_BYTES)
    except OSError as error:
        raise errors.GridError(f"grid {path.name}: cannot be read: {error.strerror}") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise errors.GridError(f"grid {path.name}: expected UTF-8, received UTF-16; save it again as UTF-8")
    no_toml = f"grid {path.name}: cannot be read as TOML: "
    with foreign.guarded(lambda problem: errors.GridError(no_toml + problem)):
        return tomllib.loads(content.decode("utf-8-sig"))  # Notepad and PowerShell write a byte order mark


def _no_grid(name: str, path: pathlib.Path) -> str:
    """The line for a grid that does not exist, with the one that is most like it, here or beside it."""
    beside = []
    with contextlib.suppress(OSError, ValueError):
        beside = [str(path.with_name(file)) for file in os.listdir(path.parent) if file.endswith(".toml")]
    near = errors.did_you_mean(name, [*known(), *beside])
    own = ", ".join(name for name in known() if not name.startswith(f"{PUBLISHED}/"))
    expected = f"one of {own}, one of `bench list {PUBLISHED}` or an existing .toml file"
    return f"expected a grid, {expected}; received {name!r}{near}"


def plugins_of(content: Content, path: pathlib.Path) -> tuple[Plugin, ...]:
    """The plug-ins that a grid names, by paths from its folder: they are added, for its blocks to use."""
    named = _names(content, "plugins", "files") or []
    return plugins.load([os.path.join(path.parent, os.path.expanduser(one)) for one in named])


def baselines(content: Content) -> tuple[str, ...]:
    """Those that stand beside the trials."""
    named = _names(content, "baselines", "names")
    return baseline_cards.DEFAULT if named is None else baseline_cards.chosen(named)


def measures(content: Content) -> tuple[str, ...] | None:
    """The groups of measures that are taken where nobody names others; None for the usual ones."""
    named = _names(content, "measures", "groups")
    if named is None:
        return None
    try:
        return grouping.parse(",".join(named))
    except errors.UsageError as error:
        raise errors.GridError(f"measures: {error}") from None


def trains(content: Content) -> bool:
    """Whether the trials are run, or say alone which baselines there are."""
    found = content.get("train", True)
    if not isinstance(found, bool):
        raise errors.GridError(f"expected true or false as train, received {found!r}")
    return found


def description(content: Content) -> str:
    """What the grid asks, in a sentence."""
    found = content.get("description", "")
    if not isinstance(found, str):
        raise errors.GridError(f"expected a text as description, received {found!r}")
    return found


def _names(content: Content, key: str, what: str) -> list[str] | None:
    named = content.get(key)
    if named is None:
        return None
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise errors.GridError(f"expected a list of {what} as {key}, received {named!r}")
    return named
