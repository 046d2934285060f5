"""Where trainings that take long keep how far they have come: a folder of the run, while it is not over.

A worker writes there itself, if it sees the disk of the driver: it looks for a file `mark` with what the
driver wrote into it. `bench.training.checkpoint` says what is kept.
"""

import contextlib
import dataclasses
import pathlib
import uuid

from bench import errors, foreign
from bench.keeping.enclosure import Enclosure

FOLDER = "checkpoints"
_MARK = "mark"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where checkpoints are kept, as the driver says it.

    Attributes
    ----------
    folder
        Absolute, on the driver's machine.
    mark
        What the file `mark` in it holds: whoever reads the same sees the same disk.
    seconds
        Between two checkpoints of a trial, at least.
    """

    folder: str
    mark: str
    seconds: float

    def is_seen(self) -> bool:
        """Whether this process sees the driver's disk."""
        try:
            found = foreign.read_bytes(pathlib.Path(self.folder) / _MARK, most=len(self.mark))
        except OSError:
            return False
        return found == self.mark.encode()

    def path(self, key: str) -> pathlib.Path:
        """The file of a trial."""
        return pathlib.Path(self.folder) / f"{key}.npz"


class Checkpoints:
    """The folder, for one sitting of the driver.

    Parameters
    ----------
    run
        The run folder, which is there; nothing is written or removed through a link in it.
    seconds
        Between two checkpoints of a trial; None where none is wanted.

    Attributes
    ----------
    place
        None where nothing can be, or is to be, kept.
    problem
        Why nothing can be kept, in one line; else empty.
    """

    def __init__(self, run: Enclosure, seconds: float | None) -> None:
        self._run = run
        self.place: Place | None = None
        self.problem = ""
        if seconds is None:
            return
        folder = str((run.path / FOLDER).absolute())
        place = Place(folder=folder, mark=uuid.uuid4().hex, seconds=seconds)
        try:
            run.write_bytes(f"{FOLDER}/{_MARK}", place.mark.encode())
            self.place = place
        except errors.RunFolderError as error:
            self.problem = f"no checkpoint of a trial can be kept: {error}"

    def remove(self, key: str) -> None:
        """The trial of a key is over, and needs none any more."""
        with contextlib.suppress(errors.RunFolderError):
            self._run.remove(f"{FOLDER}/{key}.npz")

    def close(self) -> None:
        """Nothing runs any more."""
        sweep(self._run)


def sweep(run: Enclosure) -> None:
    """Remove the folder, which a driver that was killed may have left, unless something was kept in it."""
    with contextlib.suppress(errors.RunFolderError, OSError):
        run.remove(f"{FOLDER}/{_MARK}")
        (run.path / FOLDER).rmdir()
