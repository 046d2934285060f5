"""What a user's own images were taken for: said once in a run, with a picture of them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bench import datasets, foreign
from bench.keeping.store import RunFolder

_LONGEST_NAME = 60


class Understood:
    """Tells of each data set once, and keeps its contact sheet in the run folder."""

    def __init__(self, folder: RunFolder, say: Callable[[str], None]) -> None:
        self._folder, self._say = folder, say
        self._files: dict[str, str] = {}  # by the name of the data set: those that were told

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Say what an engine has loaded, and write `data-<name>.png` of it.

        Raises
        ------
        RunFolderError
            If that cannot be written.
        """
        for name, content in facts["contact_sheets"].items():
            if name not in self._files:
                self._files[name] = self._free_name(name)
                path = self._folder.write_bytes(self._files[name], content)
                about = facts["datasets"][name]["understood"]
                self._say(foreign.visible(f"data {datasets.title(name)}: {about}; shown in {path}"))

    def _free_name(self, name: str) -> str:
        """A file name of letters, digits and a few signs, whatever the data set is called."""
        plain = re.sub(r"[^A-Za-z0-9._=@-]+", "-", datasets.title(name))[:_LONGEST_NAME]
        taken, number, file = set(self._files.values()), 2, f"data-{plain}.png"
        while file in taken:
            file, number = f"data-{plain}-{number}.png", number + 1
        return file
