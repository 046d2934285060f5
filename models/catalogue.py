"""Which models there are, and what each one takes; a new model is one module and one line here.

This module is read by the command line before a backend is chosen, so it imports no Keras.
"""

import dataclasses
import importlib
import os
import typing

if typing.TYPE_CHECKING:
    from .autoencoder import Autoencoder

ARCHITECTURES: tuple[str, ...] = ("dense", "conv")
LOSSES: tuple[str, ...] = ("mse", "bce", "mae")
_LONGEST_PROBLEM = 300  # letters


@dataclasses.dataclass(frozen=True, kw_only=True)
class Option:
    """A hyperparameter that only some models have: a keyword of their constructor.

    Attributes
    ----------
    default
        The value where a grid says nothing; its type (`int` or `float`) is the option's type.
    minimum
        The smallest value that makes sense.
    text
        What it does, in a few words.
    """

    default: int | float
    minimum: float
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """Where a model's class is, what it is, and which options it takes beyond the common ones."""

    module: str
    class_name: str
    text: str
    options: dict[str, Option] = dataclasses.field(default_factory=dict)
    needs: tuple[str, ...] = ()  # of `Batch` beside the images: "labels", "rows", "companions"


MODELS: dict[str, ModelSpec] = {
    "ae": ModelSpec(module=".autoencoder", class_name="Autoencoder", text="plain autoencoder"),
    "vae": ModelSpec(
        module=".families.vae",
        class_name="VariationalAutoencoder",
        text="variational autoencoder with a Gaussian posterior (Kingma & Welling 2014)",
        options={
            "beta": Option(default=1.0, minimum=0, text="weight of the KL term (Higgins et al. 2017)"),
            "kl_warmup": Option(
                default=0,
                minimum=0,
                text="training steps over which beta rises from 0 (Sønderby et al. 2016)",
            ),
        },
    ),
}


def create(name: str, **settings: typing.Any) -> "Autoencoder":
    """Build the model `name`; `settings` are the keywords of its constructor."""
    spec = MODELS[name]
    return getattr(importlib.import_module(spec.module, __package__), spec.class_name)(**settings)


def load(path: str | os.PathLike[str]) -> "Autoencoder":
    """Load a `.keras` file that was saved under any backend.

    Raises
    ------
    ValueError
        In one line, if that is not what is there: Keras raises nearly anything over damaged bytes.
    """
    for spec in MODELS.values():
        importlib.import_module(spec.module, __package__)  # registers the class with Keras
    import keras

    from .autoencoder import Autoencoder

    try:
        found = keras.saving.load_model(path)
    except Exception as error:
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_PROBLEM]
        raise _no_model(path, problem) from error
    if not isinstance(found, Autoencoder):
        raise _no_model(path, f"a {type(found).__name__} is in it")
    return found


def _no_model(path: str | os.PathLike[str], problem: str) -> ValueError:
    return ValueError(
        f"expected a .keras file with a model of this package, received {os.fspath(path)!r} ({problem}); "
        "correct the path, or save the model again"
    )
