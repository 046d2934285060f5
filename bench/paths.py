"""Paths in what is shared: a home folder names its user, so it is written `~`."""

import pathlib
import re


def without_home(text: str) -> str:
    """Return `text` with the home folder, wherever a path in it begins with it, as `~`."""
    home = str(pathlib.Path.home())
    if home == "/":
        return text
    return re.sub(rf"(?<![\w/]){re.escape(home)}(?=/|$|[\s'\":,;)])", "~", text)


def near(path: str) -> str:
    """Return a path as from the working folder where it lies in that, else without the home folder."""
    found, here = pathlib.Path(path), pathlib.Path.cwd()
    return found.relative_to(here).as_posix() if found.is_relative_to(here) else without_home(path)
