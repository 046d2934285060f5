"""The settings of a trial, one `Axis` each.

An axis is checked in the same way wherever its value comes from: a grid file, `--set` or `--only`.
Nothing here imports Keras; a test holds its names against it.
"""

from collections.abc import Iterable, Mapping

from bench import errors, models
from bench.ask import known, optimizers, schedules, snapshots
from bench.ask.activations import ACTIVATIONS
from bench.ask.axis import Axis, Value, number
from bench.ask.bound_size import USUAL
from bench.datasets import draws

__all__ = [
    "COMMON",
    "MEASURING",
    "OPTIMIZERS",
    "SHARED_OPTIONS",
    "TRAINING",
    "Axis",
    "Value",
    "as_options",
    "named",
    "number",
    "of_options",
    "of_views",
    "options_of",
    "parse",
]

OPTIMIZERS = tuple(optimizers.OPTIONS)

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

# How a trial is measured: as of training, only what is not at its default is in `options`.
MEASURING: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(
            name="bound_samples",
            kind=int,
            default=USUAL.samples,
            minimum=1,
            text="codes of each image, K, in the importance-weighted bound of --measures likelihood",
        ),
        Axis(
            name="bound_images",
            kind=int,
            default=USUAL.images,
            minimum=1,
            text="test images that the bound is taken of; all where there are no more",
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
        default=draws.NONE,
        known=draws.KNOWN,
        text="black and white images with grey values as probabilities, anew in each epoch; dynamic-777 and "
        "dynamic-42 are measured on draws of MNIST and Fashion-MNIST that were published",
    ),
    **TRAINING,
    **MEASURING,
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
    """Options as a trial holds them: sorted by name; training, measuring, views only where not at default."""
    usual = {name: axis.default for name, axis in (TRAINING | MEASURING | of_views(of)).items()}
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
