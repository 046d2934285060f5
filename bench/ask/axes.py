"""The settings of a trial: what each is called, what values it may have, and how a mistake is named.

An axis is checked in the same way wherever its value comes from: a grid file, `--set` or `--only`.
Nothing here imports Keras; a test holds its names against it.
"""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bench import datasets, errors, models
from bench.ask import known, optimizers, schedules, snapshots
from bench.ask.activations import ACTIVATIONS
from bench.models import cards

Value = str | int | float

_CARDS: dict[str, Mapping[str, models.Card]] = {"model": models.MODELS, "architecture": models.ARCHITECTURES}
_MOST = 1e300  # a whole number of a grid file may be larger than any float

OPTIMIZERS = tuple(optimizers.OPTIONS)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Axis:
    """One setting of a trial.

    Attributes
    ----------
    name
        As in a grid file, on the command line and in `results.csv`.
    kind
        The type of its values; an `int` is taken where a `float` is expected.
    known
        All values of a name, where there is a fixed list; else empty.
    is_sizes
        Whether it is a list of whole numbers, such as `512-256`.
    minimum
        The smallest value of a number.
    maximum
        The largest value of a number.
    positive
        Whether a number has to be above 0.
    default
        The value where a grid file says nothing.
    form
        Brings a text that has no fixed list of values into the one way in which it is written, or raises
        `GridError`; else None.
    text
        What it does, in a few words, for `bench list settings`.
    """

    name: str
    kind: type
    default: Value
    known: tuple[str, ...] = ()
    is_sizes: bool = False
    minimum: float | None = None
    maximum: float | None = None
    positive: bool = False
    form: Callable[[str], str] | None = None
    text: str = ""

    def check(self, value: Any) -> Value:
        """Return `value` in the axis's type, or raise `GridError` with what was expected and what came."""
        if self.kind is str:
            return self._check_name(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and -_MOST < value < _MOST
        if not is_number or (self.kind is int and value != int(value)):
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {value!r}")
        number: int | float = self.kind(value)
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        if not low <= number <= high or (self.positive and number <= 0):
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {value!r}")
        return number

    def parse(self, text: str) -> Value:
        """The value that `text`, a piece of the command line, stands for: the one of a grid file."""
        if self.kind is str:
            return self.check(text)
        try:
            return self.check(number(text))
        except ValueError:
            raise errors.GridError(f"{self.name} takes {self._takes()}, not {text!r}") from None

    def _check_name(self, value: Any) -> str:
        if self.name == "dataset":
            if not isinstance(value, str):
                raise errors.GridError(f"dataset takes a name or a path, not {value!r}")
            datasets.check_name(value)
            return datasets.portable(value)
        if self.form is not None:
            if not isinstance(value, str):
                raise errors.GridError(f"{self.name} takes a text, as {self.default!r}, not {value!r}")
            return self.form(value)
        if self.is_sizes:
            return self._check_sizes(value)
        if value not in (known := self.names()):
            raise errors.GridError(errors.unknown(self.name, value, known))
        return str(value)

    def names(self) -> tuple[str, ...]:
        """All values of a name, where there is a fixed list; plug-ins may have added to it."""
        return tuple(_CARDS[self.name]) if self.name in _CARDS else self.known

    def _check_sizes(self, value: Any) -> str:
        """One size alone may be a number, as a grid file and the command line would have it."""
        text = str(value)
        try:
            cards.sizes(text)
        except ValueError:
            raise errors.GridError(f"{self.name} takes sizes such as {self.default}, not {value!r}") from None
        return text

    def _takes(self) -> str:
        noun = "a whole number" if self.kind is int else "a number"
        if self.positive:
            return f"{noun} above 0"
        if self.maximum is not None:
            return f"{noun} from {self.minimum:g} to {self.maximum:.0f}"
        return noun if self.minimum is None else f"{noun}, {self.minimum:g} or more"


def number(text: str) -> int | float:
    """What a piece of the command line means as a number, written as in a grid file: `10`, `1e1`, `1_000`.

    Raises
    ------
    ValueError
        If it is none; Python would take digits of other scripts, too, and TOML does not.
    """
    if not text.isascii():
        raise ValueError(f"expected a number, received {text!r}")
    try:
        return int(text)
    except ValueError:
        return float(text)


# The defaults are the base configuration of the protocol, on the embedded data set.
COMMON: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(name="dataset", kind=str, default="digits"),
        Axis(name="model", kind=str, default="ae"),
        Axis(name="architecture", kind=str, default="dense"),
        Axis(name="latent_dim", kind=int, default=16, minimum=1),
        Axis(name="activation", kind=str, default="relu", known=ACTIVATIONS),
        Axis(name="loss", kind=str, default="mse", known=models.LOSSES),
        Axis(name="optimizer", kind=str, default="adam", known=OPTIMIZERS),
        Axis(name="learning_rate", kind=float, default=1e-3, positive=True),
        Axis(name="batch_size", kind=int, default=128, minimum=1),
        Axis(name="epochs", kind=int, default=10, minimum=1),
        # Backends keep seeds in 32 bits.
        Axis(name="seed", kind=int, default=0, minimum=0, maximum=2**31 - 1),
    )
}


# How a trial is trained. `options` holds them only where they are not at their default: so the tables of runs
# that are older than a setting stay as they are, byte by byte.
TRAINING: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(
            name="schedule",
            kind=str,
            default=schedules.CONSTANT,
            form=schedules.canonical,
            text="of the learning rate: constant, cosine, or factors of it after epochs, as 0.1@30 0.01@60",
        ),
        Axis(
            name="patience",
            kind=int,
            default=0,
            minimum=0,
            text="epochs without a better validation value (after a KL warm-up) that end training; 0: never",
        ),
        Axis(
            name="keep",
            kind=str,
            default="best",
            known=("best", "last"),
            text="whose weights are measured: those of the epoch with the best validation value, or the last",
        ),
        Axis(
            name="train_on",
            kind=str,
            default="train",
            known=("train", "all"),
            text="train: the training images; all: those for validation, too, which needs keep = last",
        ),
        Axis(
            name="snapshots",
            kind=str,
            default=snapshots.NONE,
            form=snapshots.canonical,
            text="epochs after which a trial is measured as at its end, as 5 10 20: snapshots.csv",
        ),
        Axis(
            name="optimizer_options",
            kind=str,
            default=optimizers.DEFAULT,
            form=optimizers.canonical,
            text="as epsilon=1e-4 beta_2=0.99; what is not named is as Keras has it",
        ),
        Axis(
            name="output_bias",
            kind=str,
            default="zero",
            known=("zero", "data"),
            text="of the decoder's last layer at first: as initial weights have it (zero), or the logit of "
            "the mean training image, of each pixel or channel (data)",
        ),
    )
}

# What every model takes as well, but what the columns of a trial have no place for: `options` holds it.
SHARED_OPTIONS: dict[str, Axis] = {
    "precision": Axis(
        name="precision",
        kind=str,
        default="float32",
        known=("float32", "bfloat16"),
        text="in which numbers networks compute while they are trained; they are measured in float32",
    ),
    "binarize": Axis(
        name="binarize",
        kind=str,
        default="none",
        known=("none", "dynamic"),
        text="black and white images with grey values as probabilities: none, or dynamic, anew in each epoch",
    ),
    **TRAINING,
}


def options_of(model: str, architecture: str, of: known.Known = known.CATALOGUE) -> dict[str, Axis]:
    """The axes of a network that are no columns of a trial: shared ones, its model's, its architecture's.

    Raises
    ------
    ValueError
        If there is no such model or architecture.
    """
    own = (*of.model(model).options, *of.architecture(architecture).options)
    return SHARED_OPTIONS | of_views(of) | of_options(own)


def of_views(of: known.Known = known.CATALOGUE) -> dict[str, Axis]:
    """The axes of views, which change what is seen of a data set."""
    return {card.name: _axis(card.option) for card in of.all_views().values()}


def of_options(options: Iterable[models.Option]) -> dict[str, Axis]:
    """The axes that options of cards are, by name."""
    return {option.name: _axis(option) for option in options}


def _axis(option: models.Option) -> Axis:
    return Axis(
        name=option.name,
        kind=type(option.default),
        default=option.default,
        known=option.known,
        is_sizes=option.is_sizes,
        minimum=option.minimum,
        maximum=option.maximum,
    )


def as_options(
    chosen: Mapping[str, Value], of: known.Known = known.CATALOGUE
) -> tuple[tuple[str, Value], ...]:
    """Options as a trial holds them: sorted by name, without training and views at their default."""
    usual = {name: axis.default for name, axis in (TRAINING | of_views(of)).items()}
    return tuple(sorted((name, value) for name, value in chosen.items() if usual.get(name) != value))


def named() -> dict[str, tuple[Axis, ...]]:
    """Every axis that any network has, common ones first; several of a name where cards differ in it."""
    found: dict[str, tuple[Axis, ...]] = {
        name: (axis,) for name, axis in (COMMON | SHARED_OPTIONS | of_views()).items()
    }
    for card in (*models.MODELS.values(), *models.ARCHITECTURES.values()):
        for option in card.options:
            same = found.get(option.name, ())
            found[option.name] = tuple(dict.fromkeys((*same, _axis(option))))
    return found


def parse(name: str, text: str) -> Value:
    """What a piece of the command line means as a value of some axis of this name.

    Raises
    ------
    GridError
        If none takes it, as the first of them says.
    """
    problems = []
    for axis in named()[name]:
        try:
            return axis.parse(text)
        except errors.GridError as error:
            problems.append(error)
    raise problems[0]
