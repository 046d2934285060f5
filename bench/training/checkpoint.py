"""Where a long training has come to, kept in a file: a process that is ended costs minutes and not hours.

At the end of an epoch, and no more often than every few minutes, all that training changes is written:
weights, moments of the optimiser, states of random numbers, the best weights so far, the epochs. The same
trial goes on from there with the numbers that it would have had, bit for bit. A trial that is over sooner
than that writes nothing.

The file lies in the run folder. A worker that does not see the driver's disk finds no mark there, keeps
nothing, and says so.
"""

import dataclasses
import importlib
import io
import json
import time
import zipfile
from typing import Any

import keras
import numpy as np

from bench import __version__, foreign
from bench.ask.trial import Trial
from bench.keeping import files, trial_files
from bench.keeping.checkpoints import Place
from bench.training.loops.state import Arrays

MOST_BYTES = 2**33
_ABOUT = "about"


@dataclasses.dataclass(frozen=True, kw_only=True)
class State:
    """All of a training: arrays by name, and what JSON holds beside them."""

    told: dict[str, Any]
    arrays: Arrays


class Checkpoint:
    """The file of one trial.

    Attributes
    ----------
    problem
        Why nothing could be kept, in one line; empty if it could, or nothing had to be.
    """

    def __init__(self, place: Place, trial: Trial, data_sha256: str) -> None:
        self._path = place.path(trial.key)
        self._seconds, self._last = place.seconds, time.monotonic()
        self._is_seen = place.is_seen()
        self._identity = {
            **{"trial": trial.key, "data": data_sha256, "backend": trial.backend, "program": __version__},
            **{"keras": keras.version(), "version": importlib.import_module(trial.backend).__version__},
        }
        self.problem = ""

    def read(self) -> State | None:
        """What was kept of this trial by this program; None if there is nothing, or it is damaged."""
        if not self._is_seen:
            return None
        try:
            content = foreign.read_bytes(self._path, most=MOST_BYTES)
            with foreign.guarded(ValueError):
                state = _parsed(content)
                return state if state.told.pop("identity") == self._identity else None
        except (OSError, ValueError):
            return None

    @property
    def is_due(self) -> bool:
        """Whether so much time is over that the end of an epoch is kept."""
        if time.monotonic() - self._last < self._seconds:
            return False
        if not self._is_seen:
            self.problem = "workers see no disk of the driver"
        return self._is_seen

    def write(self, state: State) -> None:
        """Keep this in place of what was kept; where that cannot be done, training goes on all the same."""
        told = json.dumps({**state.told, "identity": self._identity}).encode()
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **{_ABOUT: np.frombuffer(told, np.uint8)}, **state.arrays)
        try:
            files.write(self._path, buffer.getvalue())
        except OSError as error:
            self.problem = f"the state of its training could not be written: {error.strerror or error}"
        self._last = time.monotonic()


def _parsed(content: bytes) -> State:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(one.file_size for one in archive.infolist())
        trial_files.refuse_bomb(len(content), unpacked, most=MOST_BYTES)
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    told = json.loads(arrays.pop(_ABOUT).tobytes())
    return State(told=told, arrays=arrays)
