"""A mistake on the command line -> one line that names its remedy, where argparse prints a page of usage."""

import argparse
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NoReturn

from bench import errors

REPEATED = ("only", "set", "plugin")  # options that take a value each time they are given
_SHORT = {"lr": "learning_rate"}  # what others call an axis; the beginning of its name is enough anyway
_OF_ITS_OWN = {
    "dataset": "--dataset",
    "epochs": "--epochs",
    "batch_size": "--batch-size",
    "seed": "--seeds",
}
"""Axes that have an option beside `--set`."""
_JOINED = "several values of an option are joined by commas, as --seeds 0,1,2"


class Parser(argparse.ArgumentParser):
    """argparse, whose mistakes are `UsageError`s: each a line, with the same exit code.

    Options are written whole: of a part of a name argparse would take `--schedule` for `--scheduler`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print behind its usage and end the program with."""
        raise errors.UsageError(f"{message.splitlines()[0]}; see {self.prog} --help")

    def options_of(self, command: str) -> list[str]:
        """The options that a command has."""
        (commands,) = (each for each in self._actions if isinstance(each, argparse._SubParsersAction))
        return [name for action in commands.choices[command]._actions for name in action.option_strings]


def check_command(arguments: Sequence[str], commands: Sequence[str]) -> None:
    """Refuse a command that does not exist, or an option in the place of one.

    Raises
    ------
    UsageError
        With the command that was probably meant.
    """
    first = next(iter(arguments), None)
    if first is None or first in commands or _is_known_option(first):
        return
    if first.startswith("-"):
        raise errors.UsageError(
            f"expected a command before {first!r}: {', '.join(commands)}; "
            "see python -m bench --help, or python -m bench run --help for the options of a run"
        )
    raise errors.UsageError(f"{errors.unknown('command', first, commands)}; see python -m bench --help")


def check_values(options: argparse.Namespace) -> None:
    """Refuse an option without a value: a variable of a shell script that is empty, mostly.

    And a character 0, which no shell can give and no path can have: Python raises a `ValueError` for it.

    Raises
    ------
    UsageError
        Also for `--option=--`, which argparse reads as a list of nothing.
    """
    for name, given in vars(options).items():
        values = given if name in REPEATED else [given]
        if any(isinstance(value, str) and "\0" in value for value in values):
            expected = f"{name.replace('_', '-')}: expected a value without the character 0"
            raise errors.UsageError(f"{expected}, received {given!r}; leave it out")
        if any(value == [] or (isinstance(value, str) and not value.strip()) for value in values):
            raise errors.UsageError(f"{name.replace('_', '-')}: expected a value, received an empty one")


def _is_known_option(text: str) -> bool:
    return text in ("-h", "--help", "--version")


def refuse(left: Sequence[str], command: str, options: Sequence[str]) -> NoReturn:
    """Raise what is to be said of arguments that nothing takes.

    Parameters
    ----------
    left
        What was left over, not empty.
    options
        The options that the command has.
    """
    hints = [_of_axis, _of_beginning, _of_begun_axis, _of_likeness, _of_name]
    if command != "run":
        hints = [_of_beginning, _of_likeness]
    hint = next(filter(None, (one(left, options) for one in hints)), "")
    raise errors.UsageError(
        f"{command} does not take {left[0]!r}{hint}; see python -m bench {command} --help"
    )


def _of_axis(left: Sequence[str], options: Sequence[str]) -> str:
    """`--latent-dim 4`, `--beta=4` and `latent_dim=4` are meant for `--set`."""
    if left[0].startswith("="):
        return ': write AXIS=VALUE without spaces, or in quotes, as --set "latent_dim = 4"'
    name, value = _assigned(left)
    return _as_option(_SHORT.get(name, name), value) if _SHORT.get(name, name) in _axes() else ""


def _of_begun_axis(left: Sequence[str], options: Sequence[str]) -> str:
    """The same of the only axis that begins like it."""
    name, value = _assigned(left)
    begun = [axis for axis in _axes() if len(name) > 2 and axis.startswith(name)]
    return _as_option(begun[0], value) if len(begun) == 1 else ""


def _assigned(left: Sequence[str]) -> tuple[str, str]:
    """Name and value of what looks like a setting; two empty texts if nothing does."""
    text, _, value = left[0].partition("=")
    if not (text.startswith("--") or value or left[1:2] == ["="]):
        return "", ""
    following = [each for each in left[1:] if each != "="]
    value = value.strip() or (following[0] if following and not following[0].startswith("-") else "VALUE")
    return text.lstrip("-").replace("-", "_").strip(), value


def _as_option(axis: str, value: str) -> str:
    option = f"{_OF_ITS_OWN[axis]} {value}" if axis in _OF_ITS_OWN else f"--set {axis}={value}"
    return f": settings of trials are given as {option}"


def _axes() -> list[str]:
    from bench.ask import axes  # and all data sets: not on the way to --help

    return list(axes.named())


def _of_beginning(left: Sequence[str], options: Sequence[str]) -> str:
    """`--fres` is the beginning of an option, which is not taken for it."""
    text, is_given, value = left[0].partition("=")
    begun = [name for name in options if len(text) > 2 and text.startswith("--") and name.startswith(text)]
    written = [f"{name}{is_given}{value}" for name in begun]
    return f": options are written whole, as {' or '.join(written)}" if begun else ""


def _of_likeness(left: Sequence[str], options: Sequence[str]) -> str:
    return errors.did_you_mean(left[0].partition("=")[0], options) if left[0].startswith("-") else ""


def _of_name(left: Sequence[str], options: Sequence[str]) -> str:
    """`run quick` and `run quik` lack an option; other words are further values of the option before."""
    text = left[0]
    if text.startswith("-"):
        return ""
    if text.endswith(".toml"):
        return f": a grid is given as --grid {text}"
    from bench import datasets  # not on the way to --help

    if text.endswith(datasets.ENDINGS) or os.path.isdir(text):
        return f": a data set is given as --dataset {text}"
    for what, option, names in _named():
        if text in names:
            more = "" if option in ("--grid ", "--dataset ") else f", and {_JOINED}"
            return f": {what} is given as {option}{text}{more}"
    for _, option, names in _named():
        if near := errors.nearest(text, names):
            return f" (did you mean {option}{near}?)"
    return f": {_JOINED}"


def _named() -> Iterator[tuple[str, str, Collection[str]]]:
    """What has a name that a run takes: what it is, the option that takes it, and the names there are."""
    from bench import datasets, measures, models
    from bench.ask import baseline_cards, grid_file
    from bench.machine import backend

    yield "a grid", "--grid ", grid_file.known()
    yield "a data set", "--dataset ", list(datasets.known())
    yield "a model", "--set model=", list(models.MODELS)
    yield "an architecture", "--set architecture=", list(models.ARCHITECTURES)
    yield "a backend", "--backend ", backend.BACKENDS
    yield "a group of measures", "--measures ", list(measures.TASKS)
    yield "a baseline", "--baselines ", list(baseline_cards.BASELINES)


def one_of(*names: str) -> Callable[[str], str]:
    """The type of an option that takes one of these names, and says which was probably meant."""

    def check(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(errors.unknown("value", text, names))
        return text

    return check
