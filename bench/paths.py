"""Paths in what is shared: a home folder names its user, so it is written `~`."""

import pathlib
import re


def without_home(text: str) -> str:
    """Return `text` with the home folder, wherever a path in it begins with it, as `~`."""
    home = str(pathlib.Path.home())
    if home == "/":
        return text
    return re.sub(rf"(?<![\w/]){re.escape(home)}(?=/|$|[\s'\":,;)])", "~", text)
