"""Plug-ins: models, architectures, tasks, data sets and views in a file of somebody's own.

```python
import keras
from bench import ModelCard, Option, add
from bench.models.autoencoder import Autoencoder

add(ModelCard(name="mine", title="my model", code="Mine", options=(Option("weight", 1.0, text="..."),)))

@keras.saving.register_keras_serializable(package="mine")
class Mine(Autoencoder):
    ...
```

Its cards are read without importing Keras, so that whatever only asks what there is stays quick: of the file,
imports of `bench` and of the standard library, assignments, functions and calls of `add` are run, and
nothing else. All of it is run once its code is asked for, on each worker from the text that the driver sent.
"""

import ast
import dataclasses
import functools
import hashlib
import sys
import types
import typing
from collections.abc import Collection

from . import shelves
from .cards import Card

PREFIX = "plugin:"
_LIGHT = ("bench.models.cards", "bench.models.model_cards")
known: "dict[str, Plugin]" = {}
"""Those that were added, by the first digits of their hash."""


class PluginError(ValueError):
    """A file that is no plug-in, in one line."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plugin:
    """A file with cards.

    Attributes
    ----------
    name
        Its path, for people.
    text
        Its content.
    """

    name: str
    text: str

    @functools.cached_property
    def sha256(self) -> str:
        """Of the content in UTF-8, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def add(plugin: Plugin, reserved: Collection[str] = ()) -> None:
    """Make the cards of a plug-in known; once for each content, all or none.

    Parameters
    ----------
    reserved
        Names that no option of a card may have.

    Raises
    ------
    PluginError
        If it cannot be read, or one of its cards cannot be taken.
    """
    short = plugin.sha256[:12]
    if short in known:
        return
    cards = _cards(plugin)
    if not cards:
        raise PluginError("expected a call of bench.add with a card, found none")
    taken: list[Card] = []
    try:
        for card in cards:
            if both := card.named_options.keys() & set(reserved):
                raise PluginError(
                    f"{card.name}: expected options with names of their own, received "
                    f"{', '.join(sorted(both))}, which all trials have; choose other names"
                )
            code = f"{PREFIX}{short}" + (f":{card.code}" if card.code else "")
            shelves.register(dataclasses.replace(card, code=code, plugin=plugin.sha256))
            taken.append(card)
    except ValueError:
        for card in taken:
            shelves.forget(card)
        raise
    known[short] = plugin


def hold(plugin: Plugin) -> str:
    """Make a file known that need have no cards; return what `module` takes."""
    short = plugin.sha256[:12]
    known.setdefault(short, plugin)
    return short


def module(short: str) -> types.ModuleType:
    """The module of a plug-in, which is run at the first call.

    Raises
    ------
    PluginError
        If it cannot be run.
    """
    plugin, name = known[short], f"bench_plugin_{short}"
    if name in sys.modules:
        return sys.modules[name]
    made = types.ModuleType(name)
    made.__file__ = plugin.name
    sys.modules[name] = made  # before, as a class looks for its module while it is made
    try:
        with shelves.collecting():  # cards are known by now
            exec(compile(plugin.text, plugin.name, "exec"), made.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise PluginError(f"plug-in {plugin.name} cannot be run: {_line(error)}") from error
    return made


def _cards(plugin: Plugin) -> list[Card]:
    try:
        body = ast.parse(plugin.text, plugin.name).body
    except (SyntaxError, ValueError) as error:
        raise PluginError(f"expected Python, received {_line(error)}") from None
    namespace: dict[str, typing.Any] = {"__name__": "bench_cards"}
    with shelves.collecting() as cards:
        for statement in body:
            is_card = _adds(statement)
            if not (is_card or _is_light(statement)):
                continue
            try:
                exec(compile(ast.Module([statement], []), plugin.name, "exec"), namespace)
            except Exception as error:
                if isinstance(error, NameError) and not is_card:
                    continue  # it needs what was left out, and so is left out too
                raise PluginError(f"line {statement.lineno}: {_line(error)}{_hint(error)}") from error
    for card in cards:
        if not isinstance(card, shelves.kinds()):
            kinds = ", ".join(kind.__name__ for kind in shelves.kinds())
            raise PluginError(f"expected a card (one of {kinds}), received {card!r:.80}")
    return cards


def _is_light(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(_is_light_module(alias.name) for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return statement.module in _LIGHT or _is_light_module(statement.module or "")
    return isinstance(statement, ast.Assign | ast.AnnAssign | ast.FunctionDef)


def _is_light_module(name: str) -> bool:
    root = name.split(".")[0]
    return name == "bench" or root in sys.stdlib_module_names


def _adds(statement: ast.stmt) -> bool:
    """Whether a statement is a call of `add`, by whatever name it is reached."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    return getattr(function, "id", getattr(function, "attr", "")) == "add"


def _hint(error: Exception) -> str:
    if not isinstance(error, NameError):
        return ""
    return "; cards are read without Keras and without classes: name the class in code, as a text"


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
