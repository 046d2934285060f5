"""Which models and architectures there are: one file and one card each.

This module is read by the command line before a backend is chosen, so it imports no Keras.
"""

import importlib
import os
import pathlib
import typing
from collections.abc import Iterable, Mapping

from . import architecture_cards, model_cards
from .cards import ArchitectureCard, Card, ModelCard
from .shelves import add, shelve

if typing.TYPE_CHECKING:
    from .autoencoder import Autoencoder

LOSSES: tuple[str, ...] = ("mse", "bce", "mae")
MODELS: dict[str, ModelCard] = {}
ARCHITECTURES: dict[str, ArchitectureCard] = {}
_LONGEST_PROBLEM = 300  # letters


def _register(card: Card, known: dict[str, typing.Any], others: Mapping[str, Card]) -> None:
    """Of models and of architectures: two options of a trial have two names."""
    if card.name in known:
        raise ValueError(f"expected a name that is not taken, received {card.name!r}; choose another")
    for other in others.values():
        if both := card.named_options.keys() & other.named_options.keys():
            raise ValueError(
                f"{card.name}: expected options that {other.name!r} has not, as both may stand in one trial, "
                f"received {', '.join(sorted(both))}; choose other names"
            )
    known[card.name] = card


shelve(
    ModelCard, MODELS, lambda card: _register(card, MODELS, ARCHITECTURES), lambda card: MODELS.pop(card.name)
)
shelve(
    ArchitectureCard,
    ARCHITECTURES,
    lambda card: _register(card, ARCHITECTURES, MODELS),
    lambda card: ARCHITECTURES.pop(card.name),
)

for _card in (*model_cards.CARDS, *architecture_cards.CARDS):
    add(_card)


def find(code: str) -> typing.Any:
    """What the `code` of a card names: a class or a module."""
    from . import plugins

    if code.startswith(plugins.PREFIX):
        short, _, name = code.removeprefix(plugins.PREFIX).partition(":")
        found = plugins.module(short)
    else:
        module, _, name = code.partition(":")
        found = importlib.import_module(module if module.startswith("bench.") else f".{module}", __package__)
    if name and not hasattr(found, name):
        raise plugins.PluginError(f"{found.__file__} has no {name!r}, which its card names as code")
    return getattr(found, name) if name else found


def create(name: str, **settings: typing.Any) -> "Autoencoder":
    """Build the model `name`; `settings` are the keywords of its constructor."""
    if name not in MODELS:
        raise ValueError(
            f"expected one of {', '.join(MODELS)}, received {name!r}; a plug-in has to be loaded before"
        )
    made: Autoencoder = find(MODELS[name].code)(**settings)
    return made


def load(
    path: str | os.PathLike[str], which: str = "", plugins: Iterable[str | os.PathLike[str]] = ()
) -> "Autoencoder":
    """Load a model that was saved under any backend: `load("reports/quick-digits", "best vae")`.

    Parameters
    ----------
    path
        A `.keras` file, or a run folder.
    which
        Of a run folder: the key of a trial, or what is to hold of the best, as `best`, `best vae dense`,
        `vae, latent 8` or `beta=4 seed=1`; see `choosing.find` for what is best. Nothing is chosen by a
        number of test images.
    plugins
        Files with models of somebody's own, which are run: that of the model, if it is of one.

    Raises
    ------
    ValueError
        In one line, if that is not what is there, or was not saved: Keras raises nearly anything over
        damaged bytes.
    PluginError
        If a file is no plug-in.
    """
    from . import plugins as plugged

    if which or os.path.isdir(path):
        from . import choosing

        path = choosing.find(pathlib.Path(path), which or choosing.BEST)
    for each in [plugins] if isinstance(plugins, str | os.PathLike) else plugins:
        try:
            text = pathlib.Path(each).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise plugged.PluginError(f"plug-in {os.fspath(each)} cannot be read: {error}") from None
        plugged.add(plugged.Plugin(name=os.fspath(each), text=text))
    broken = []
    for card in MODELS.values():
        try:
            find(card.code)  # registers the class with Keras
        except plugged.PluginError as error:  # of one model, which need not be this one
            broken.append(str(error))
    import keras

    from .autoencoder import Autoencoder

    try:
        found = keras.saving.load_model(path)
    except Exception as error:
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_PROBLEM]
        raise _no_model(path, "; ".join((problem, *broken))) from error
    if not isinstance(found, Autoencoder):
        raise _no_model(path, f"a {type(found).__name__} is in it")
    return found


def _no_model(path: str | os.PathLike[str], problem: str) -> ValueError:
    return ValueError(
        f"expected a .keras file with a model of this package, received {os.fspath(path)!r} ({problem}); "
        "correct the path, save the model again, or give the file of a plug-in (plugins=[...])"
    )
