"""Where a run goes if nobody says so: into a folder of its name that no other data have taken."""

import hashlib
import pathlib
from collections.abc import Callable, Collection

from bench import errors, foreign
from bench.keeping.store import RunFolder


def choose(path: pathlib.Path, datasets: Collection[str], say: Callable[[str], None]) -> RunFolder:
    """The folder; `my-` beside a published run of its name, and a suffix beside a run of other data.

    Two files called `data.npz` give one name, and the report of the second must not replace the first.

    Parameters
    ----------
    path
        The name that the grid and the data give.
    datasets
        Names and paths of the data sets of the run.
    say
        Is told why another folder was chosen.
    """
    folder = RunFolder(path)
    if folder.is_packed:
        folder = RunFolder(path.with_name(f"my-{path.name}"))
    beside = RunFolder(folder.path.with_name(f"{folder.path.name}-{_suffix(datasets)}"))
    theirs = _datasets_of(folder) if folder.is_run() else set()
    if theirs and not theirs & {*datasets}:
        names = ", ".join(sorted(map(foreign.visible, theirs))[:3])
        say(f"{folder.path} has a run of other data ({names}); this one goes to {beside.path}")
        return beside
    return beside if beside.is_run() else folder  # where it was begun, though the other run is gone now


def _suffix(datasets: Collection[str]) -> str:
    """Six hexadecimal digits, the same for the same data sets."""
    text = "\n".join(sorted(datasets)).encode("utf-8", errors="surrogateescape")
    return hashlib.sha256(text).hexdigest()[:6]


def _datasets_of(folder: RunFolder) -> set[str]:
    try:
        return {unit.dataset for unit in folder.units()}
    except errors.RunFolderError:  # its record is damaged or gone: results tell it, too
        return {result.unit.dataset for result in folder.kept()}
