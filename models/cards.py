"""Cards: what the program knows of a model or an architecture without importing Keras."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

Value = int | float | str
Check = Callable[[Mapping[str, Any]], str]
"""All settings of a trial to what contradicts in them: what was expected and what came; empty if nothing."""

NAME = r"[a-z][a-z0-9_]{0,39}"
"""What a name of a card or an option looks like: it stands in files, sentences and addresses of a page."""
_SIZES = re.compile(r"[1-9][0-9]{0,4}(-[1-9][0-9]{0,4}){0,7}")


@dataclasses.dataclass(frozen=True)
class Option:
    """A hyperparameter that only some models or architectures have.

    Attributes
    ----------
    name
        As in a grid file and on the command line, and the keyword that a constructor gets.
    default
        The value where a grid says nothing; its type is the option's type.
    minimum, maximum
        Bounds of a number; None for none.
    known
        All values of a name. A text without `known` is a list of sizes: `"512-256"`.
    text
        What it does, in a few words.
    source
        The values of the paper or its code, in their own units where those differ.
    cost
        `"step"` if it changes what a step of training, encoding or decoding costs: then networks that
        differ in it are timed apart.
    told
        `"changed"` if records and tables have it only where it is not at its default. It is for an option of
        a model that was published before it had this option: what is published stays as it is.
    """

    name: str
    default: Value
    minimum: float | None = dataclasses.field(default=None, kw_only=True)
    maximum: float | None = dataclasses.field(default=None, kw_only=True)
    known: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)
    text: str = dataclasses.field(kw_only=True)
    source: str = dataclasses.field(default="", kw_only=True)
    cost: Literal["", "step"] = dataclasses.field(default="", kw_only=True)
    told: Literal["", "changed"] = dataclasses.field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse a default that no grid file could have."""
        if self.is_sizes:
            sizes(str(self.default))
        elif isinstance(self.default, str) and self.default not in self.known:
            raise ValueError(f"expected a default of {self.name} that is known, received {self.default!r}")

    @property
    def is_sizes(self) -> bool:
        """Whether its values are lists of whole numbers, such as `"512-256"`."""
        return isinstance(self.default, str) and not self.known


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """What all cards say.

    Attributes
    ----------
    name
        As in a grid file and in `results.csv`.
    title
        What it is, in a few words.
    label
        What a report calls it, where that is not its name: `"VQ-VAE"`.
    defaults
        Of common settings, where it has others: `{"activation": "linear"}`. Of an own option that came after
        trials without it, whose own default is what they had.
    code
        Where it is, in this package: `"families.vae:VariationalAutoencoder"`. In a plug-in the name of a
        class in the same file; empty for an architecture, whose functions are the file's.
    paper
        Whose idea it is.
    options
        Hyperparameters beside those that all have.
    check
        Says what contradicts in the settings of a trial.
    plugin
        SHA-256 of the file that it comes from; empty if it is of this package.
    """

    name: str
    title: str
    code: str
    label: str = ""
    paper: str = ""
    options: tuple[Option, ...] = ()
    defaults: Mapping[str, Value] = dataclasses.field(default_factory=dict, hash=False)
    check: Check | None = None
    plugin: str = ""

    def __post_init__(self) -> None:
        """Refuse what could stand in no grid file."""
        for name in (self.name, *(option.name for option in self.options)):
            if not re.fullmatch(NAME, name):
                raise ValueError(f"expected a name such as my_model, received {name!r}")

    @property
    def named_options(self) -> dict[str, Option]:
        """Its options by name."""
        return {option.name: option for option in self.options}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelCard(Card):
    """A training objective: `code` is a registered subclass of `Autoencoder`.

    Attributes
    ----------
    formula
        Its loss, in one line: `E_q[d(x, g(z))] + beta KL`.
    differs
        In what it differs from the paper or from other code, and why; sentences.
    against
        The model that it is held against, all else equal; empty for none.
    needs
        Members of `Batch` that its steps see beside images: "labels", "rows", "companions".
    linear
        Of the loss mse, which closed form its objective has where encoder and decoder are linear: that of
        probabilistic PCA with a variance that is "fixed" to 1/2, or "fitted" with the model; empty for none.
        A weight of its KL term is its option `beta`.
    has_posterior
        Whether its codes are distributions, of which bounds on the likelihood are measured.
    work
        Its options to how often a step of training runs the networks, in steps of a plain autoencoder.
    """

    formula: str = ""
    differs: str = ""
    against: str = ""
    linear: Literal["", "fixed", "fitted"] = ""
    needs: tuple[str, ...] = ()
    has_posterior: bool = True
    work: Callable[[Mapping[str, Any]], float] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArchitectureCard(Card):
    """The shape of encoder and decoder: `code` is a module, see `bench.models.networks`.

    Attributes
    ----------
    kind
        The measured architecture, "dense" or "conv", whose speed estimates go by; empty for neither.
    work
        The shape of an image (height, width, channels), the latent size and its options to multiply-adds of
        an image, roughly.
    """

    kind: str = ""
    work: Callable[[tuple[int, int, int], int, Mapping[str, Any]], float] | None = None


def sizes(text: str) -> tuple[int, ...]:
    """`"512-256"` to `(512, 256)`.

    Raises
    ------
    ValueError
        If it is no list of one to eight whole numbers above 0.
    """
    if not _SIZES.fullmatch(text):
        raise ValueError(f"expected sizes such as 512-256, received {text!r}")
    return tuple(map(int, text.split("-")))
