"""A mistake on the command line -> one line that names its remedy, where argparse prints a page of usage."""

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn

from bench import errors

REPEATED = ("only", "set", "plugin")  # options that take a value each time they are given
_SHORT = {"lr": "learning_rate"}  # what others call an axis; the beginning of its name is enough anyway


class Parser(argparse.ArgumentParser):
    """argparse, whose mistakes are `UsageError`s: each a line, with the same exit code."""

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
    return text == "-h" or (len(text) > 2 and ("--help".startswith(text) or "--version".startswith(text)))


def refuse(left: Sequence[str], command: str, options: Sequence[str]) -> NoReturn:
    """Raise what is to be said of arguments that nothing takes.

    Parameters
    ----------
    left
        What was left over, not empty.
    options
        The options that the command has.
    """
    hint = _of_axis(left) if command == "run" else ""
    hint = hint or _of_option(left[0], options) or (_of_name(left[0]) if command == "run" else "")
    raise errors.UsageError(
        f"{command} does not take {left[0]!r}{hint}; see python -m bench {command} --help"
    )


def _of_axis(left: Sequence[str]) -> str:
    """`--latent-dim 4`, `--beta=4` and `latent_dim=4` are meant for `--set`."""
    from bench.ask import axes  # and all data sets: not on the way to --help

    if left[0].startswith("="):
        return ': write AXIS=VALUE without spaces, or in quotes, as --set "latent_dim = 4"'
    text, _, value = left[0].partition("=")
    if not (text.startswith("--") or value or left[1:2] == ["="]):
        return ""
    name = _axis(text.lstrip("-").replace("-", "_").strip(), list(axes.named()))
    if not name:
        return ""
    following = [each for each in left[1:] if each != "="]
    value = value.strip() or (following[0] if following and not following[0].startswith("-") else "VALUE")
    option = f"--dataset {value}" if name == "dataset" else f"--set {name}={value}"
    return f": settings of trials are given as {option}"


def _axis(text: str, names: Sequence[str]) -> str:
    """The axis of that name, or the only one that begins like it; empty if there is none."""
    text = _SHORT.get(text, text)
    begun = [name for name in names if len(text) > 2 and name.startswith(text)]
    return text if text in names else begun[0] if len(begun) == 1 else ""


def _of_option(text: str, options: Sequence[str]) -> str:
    return errors.did_you_mean(text.partition("=")[0], options) if text.startswith("-") else ""


def _of_name(text: str) -> str:
    """`run quick` and `run digits` lack an option; other words are further values of the option before."""
    from bench import datasets
    from bench.ask import grid

    if text in grid.known() or text.endswith(".toml"):
        return f": a grid is given as --grid {text}"
    if text in datasets.known() or text.endswith(".npz"):
        return f": a data set is given as --dataset {text}"
    if text.startswith("-"):
        return ""
    return ": several values of an option are joined by commas, as --seeds 0,1,2"


def one_of(*names: str) -> Callable[[str], str]:
    """The type of an option that takes one of these names, and says which was probably meant."""

    def check(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(errors.unknown("value", text, names))
        return text

    return check
