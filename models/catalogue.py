"""Which models and architectures there are: one file and one card each.

This module is read by the command line before a backend is chosen, so it imports no Keras.
"""

import contextlib
import importlib
import itertools
import math
import os
import pathlib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping

from .cards import ArchitectureCard, Card, ModelCard, Option, sizes

if typing.TYPE_CHECKING:
    from .autoencoder import Autoencoder

LOSSES: tuple[str, ...] = ("mse", "bce", "mae")
MODELS: dict[str, ModelCard] = {}
ARCHITECTURES: dict[str, ArchitectureCard] = {}
_LONGEST_PROBLEM = 300  # letters
_COLLECTED: list[list[Card]] = []
Register = Callable[[typing.Any], object]
_SHELVES: dict[type[Card], tuple[dict[str, typing.Any], Register, Register]] = {}


def shelve(kind: type[Card], known: dict[str, typing.Any], register: Register, forget: Register) -> None:
    """Say where cards of a kind are kept by name, how one is made known, and how it is taken back."""
    _SHELVES[kind] = known, register, forget


def kinds() -> tuple[type[Card], ...]:
    """The kinds of cards there are."""
    return tuple(_SHELVES)


def cards_of(plugin: str) -> tuple[Card, ...]:
    """The cards, of every kind, of a file with this SHA-256."""
    return tuple(card for known, *_ in _SHELVES.values() for card in known.values() if card.plugin == plugin)


def add(card: Card) -> None:
    """Make what a card tells of known; in a plug-in, once its file has been read.

    Raises
    ------
    ValueError
        As `register`.
    """
    if _COLLECTED:
        _COLLECTED[-1].append(card)
    else:
        register(card)


@contextlib.contextmanager
def collecting() -> Iterator[list[Card]]:
    """Inside, cards that are added are collected, and not yet made known."""
    _COLLECTED.append([])
    try:
        yield _COLLECTED[-1]
    finally:
        _COLLECTED.pop()


def register(card: Card) -> None:
    """Make a card known.

    Raises
    ------
    ValueError
        If its name, or another that it brings, is taken.
    """
    _SHELVES[type(card)][1](card)


def forget(card: Card) -> None:
    """Take back what was registered."""
    _SHELVES[type(card)][2](card)


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

BETA = Option("beta", 1.0, minimum=0, text="weight of the KL term (Higgins et al. 2017)")
KL_WARMUP = Option(
    "kl_warmup", 0, minimum=0, text="training steps over which beta rises from 0 (Sønderby et al. 2016)"
)

add(ModelCard(name="ae", title="plain autoencoder", label="AE", code="autoencoder:Autoencoder"))
add(
    ModelCard(
        name="vae",
        title="variational autoencoder with a Gaussian posterior",
        label="VAE",
        paper="Kingma & Welling 2014",
        code="families.vae:VariationalAutoencoder",
        against="ae",
        options=(BETA, KL_WARMUP),
    )
)


def _dense_work(pixels: int, latent_dim: int, options: Mapping[str, typing.Any]) -> float:
    layers = (pixels, *sizes(options["widths"]), latent_dim)
    return 2 * sum(before * after for before, after in itertools.pairwise(layers))


CONV_DENSE_WIDTH = 128
"""Of the dense layer of networks with convolutions."""

RESNET_SIZES = {"small": ((16, 32), 1), "large": ((32, 64), 2)}
"""Filters at a half and a quarter of the size of an image, and blocks at each."""


def _conv_work(pixels: int, latent_dim: int, options: Mapping[str, typing.Any]) -> float:
    filters = sizes(options["filters"])
    convolutions = sum(
        pixels / 4 ** (level + 1) * 9 * before * after
        for level, (before, after) in enumerate(itertools.pairwise((1, *filters)))
    )
    dense = math.ceil(pixels / 4 ** len(filters)) * filters[-1] * CONV_DENSE_WIDTH
    return 3 * convolutions + 2 * dense  # sub-pixel convolutions have four times the filters


def _resnet_work(pixels: int, latent_dim: int, options: Mapping[str, typing.Any]) -> float:
    (narrow, wide), blocks = RESNET_SIZES[options["size"]]
    convolutions = pixels / 4 * 9 * narrow * narrow * (6 + 8 * blocks) / 2
    return convolutions + 2 * pixels / 16 * wide * CONV_DENSE_WIDTH


def _without_activation(settings: Mapping[str, typing.Any]) -> str:
    if settings["activation"] == "linear":
        return ""
    return f"gated layers have no activation: expected activation=linear, received {settings['activation']}"


WIDTHS = "widths of the hidden layers of the encoder; those of the decoder are the same, back to front"
for _card in (
    ArchitectureCard(
        name="dense",
        title="fully connected layers",
        code="networks.dense",
        options=(Option("widths", "512-256", text=WIDTHS, cost="step"),),
        kind="dense",
        work=_dense_work,
    ),
    ArchitectureCard(
        name="conv",
        title="convolutions with a stride of 2, and sub-pixel convolutions back (Shi et al. 2016)",
        code="networks.conv",
        options=(Option("filters", "16-32", text="filters of the convolutions, each halving", cost="step"),),
        kind="conv",
        work=_conv_work,
    ),
    ArchitectureCard(
        name="resnet",
        title="residual blocks at a half and a quarter of the size",
        paper="He et al. 2016",
        code="networks.resnet",
        options=(
            Option(
                "size", "small", known=tuple(RESNET_SIZES), text="1 or 2 blocks at each size", cost="step"
            ),
        ),
        kind="conv",
        work=_resnet_work,
    ),
    ArchitectureCard(
        name="gated",
        title="gated dense layers, with the log-variance in [-6, 2]",
        paper="Tomczak & Welling 2018",
        code="networks.gated",
        options=(Option("gated_widths", "300-300", text=WIDTHS, cost="step"),),
        kind="dense",
        work=lambda pixels, latent_dim, options: (
            2 * _dense_work(pixels, latent_dim, {"widths": options["gated_widths"]})
        ),
        defaults={"activation": "linear"},
        check=_without_activation,
    ),
):
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


def load(path: str | os.PathLike[str], plugins: Iterable[str | os.PathLike[str]] = ()) -> "Autoencoder":
    """Load a `.keras` file that was saved under any backend.

    Parameters
    ----------
    plugins
        Files with models of somebody's own, which are run: that of the model, if it is of one.

    Raises
    ------
    ValueError
        In one line, if that is not what is there: Keras raises nearly anything over damaged bytes.
    PluginError
        If a file is no plug-in.
    """
    from . import plugins as plugged

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
