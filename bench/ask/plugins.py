"""Files with cards of a user's own: named by `--plugin`, by a grid, or by an installed package."""

import importlib.metadata
import importlib.util
import os
import pathlib
from collections.abc import Iterable

from bench import errors, foreign, models
from bench.ask import axes
from bench.ask.views import VIEWS
from bench.models import plugins
from bench.models.plugins import Plugin

GROUP = "autoencoder_bench"
"""Of entry points: a package that has one names a module of its own, which is read like a file."""
_MOST_BYTES = 2**20


def load(named: Iterable[str]) -> tuple[Plugin, ...]:
    """Add the cards of files, and of installed packages, to the catalogue; return all that is added.

    Raises
    ------
    UsageError
        In one line, if a file cannot be read, or is none with cards, or takes a name that is taken.
    """
    files = [(path, pathlib.Path(os.path.expanduser(path))) for path in named]
    return tuple(_added(name, path) for name, path in (*_installed(), *files))


def check_against() -> None:
    """Refuse a model of a plug-in that is held against one that nobody knows, now that all are loaded.

    Raises
    ------
    UsageError
        In one line.
    """
    for card in models.MODELS.values():
        if card.plugin and card.against and card.against not in models.MODELS:
            problem = errors.unknown(f"against of model {card.name}", card.against, models.MODELS)
            raise errors.UsageError(problem)


def _installed() -> list[tuple[str, pathlib.Path]]:
    found = []
    for entry in importlib.metadata.entry_points(group=GROUP):
        spec = importlib.util.find_spec(entry.module)
        if spec is None or not spec.origin:
            raise errors.UsageError(f"plug-in {entry.name}: expected a module {entry.module}, found none")
        found.append((f"{entry.name} ({entry.module})", pathlib.Path(spec.origin)))
    return found


def _added(name: str, path: pathlib.Path) -> Plugin:
    try:
        text = foreign.read_bytes(path, most=_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise errors.UsageError(f"plug-in {name}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise errors.UsageError(f"plug-in {name}: expected UTF-8; save it again as UTF-8") from None
    plugin = Plugin(name=str(path), text=text)
    try:
        plugins.add(plugin, reserved=(*axes.COMMON, *axes.SHARED_OPTIONS, *VIEWS))
    except ValueError as error:
        raise errors.UsageError(f"plug-in {name}: {error}") from None
    return plugin
