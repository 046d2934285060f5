"""The run folder: the only code that knows its layout.

```
reports/<run>/
  run.json                    the grid, the command, provenance, protocol version, cards of what was trained
  trials/<key>/result.json    written last, by rename: it exists = the trial is finished
  trials/<key>/history.csv    an epoch a row
  trials/<key>/images.npz     what the galleries show, and measures that are arrays
  trials/<key>/model.keras    the trained model, where it is kept
  features/<data>.npz         the network in whose features images are compared
  timings/<key>.json          a network, timed with the machine to itself
  results.csv, summary.csv, timings.csv   tables
  index.html, README.md, figures/   the report
```

A published run has `trials.zip` in place of `trials/` and `timings/` (see `packing`) and is only read.

What lies there may be damaged, or somebody else's: whatever is read here is checked where it is read, what is
damaged costs itself alone, and nothing is written or removed outside of the folder.
"""

import contextlib
import functools
import json
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from bench import errors, foreign
from bench.ask.known import CATALOGUE, Known
from bench.ask.trial import PROTOCOL_VERSION, Unit
from bench.keeping import checkpoints, files, locks, pictures, places, run_json, shape, trial_files
from bench.keeping.enclosure import Enclosure, said
from bench.keeping.kept import Kept
from bench.keeping.result import History, Outcome, Result
from bench.keeping.run_json import PACKED

__all__ = ["PACKED", "RunFolder"]

_WRITTEN = ("results.csv", "summary.csv", "timings.csv", "snapshots.csv", "index.html", "README.md")
_FOLDERS = ("trials", "timings", "features", "figures", checkpoints.FOLDER, "mlruns", "tensorboard")

Content = TypeVar("Content")


class RunFolder(Enclosure):
    """A run on disk.

    Attributes
    ----------
    given_up
        Files of trials and timings that were there, damaged, and have been done without.

    Raises
    ------
    RunFolderError
        If no folder can have that path.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        if "\0" in os.fspath(path):  # Python raises a `ValueError` for it, wherever it is used
            raise errors.RunFolderError(
                f"expected the path of a run folder, received {os.fspath(path)!r}; leave out its character 0"
            )
        super().__init__(pathlib.Path(os.path.expanduser(path)))
        self.given_up: dict[str, None] = {}

    # --- the run ------------------------------------------------------------------------------------

    def create(self, *, trials: bool = True) -> None:
        """Make the folder, with room for trials if they will be kept in it one by one.

        Raises
        ------
        RunFolderError
            If that cannot be done, or if the folder is no run and holds files that a report would overwrite.
        """
        theirs = [] if self.is_run() else [name for name in _WRITTEN if os.path.isfile(self.path / name)]
        if theirs:
            raise errors.RunFolderError(
                f"{self.path} is no run folder and has {', '.join(theirs)}, which a report would overwrite; "
                "choose another folder with --output"
            )
        with said("write the run folder", self.path):
            (self.path / "trials" if trials else self.path).mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other drivers out.

        Raises
        ------
        RunFolderError
            If another run is writing here, or the folder cannot be made.
        """
        with contextlib.ExitStack() as stack:
            with said("write the run folder", self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                stack.callback(self._remove_if_empty)
                stack.enter_context(locks.driver(self.path))
            files.sweep(self.path)
            yield

    def _remove_if_empty(self) -> None:
        with contextlib.suppress(OSError):  # it stays, unless it is empty
            self.path.rmdir()

    @contextlib.contextmanager
    def reporting(self) -> Iterator[None]:
        """Keep other reports of this run from being written at the same time; they wait.

        Raises
        ------
        RunFolderError
            If the folder cannot be written.
        """
        with contextlib.ExitStack() as stack:
            with said("write the report into", self.path):
                stack.enter_context(locks.report(self.path))
            yield

    def clear(self) -> None:
        """Remove what an earlier run left here (`--fresh`), and nothing that somebody else put beside it.

        Raises
        ------
        RunFolderError
            If something cannot be removed, which would else be taken for a part of the new run.
        """
        if not self.is_run():
            return
        sheets = pictures.ours(self.path)
        for name in (*_FOLDERS, *_WRITTEN, *sheets, run_json.NAME):  # without the record the rest is no run's
            self.remove(name)

    def write_run(self, run: dict[str, Any]) -> None:
        """Write `run.json`."""
        self.write_text(run_json.NAME, json.dumps({"protocol": PROTOCOL_VERSION, **run}, indent=2) + "\n")

    def read_run(self) -> dict[str, Any]:
        """Read `run.json`; raises as `bench.keeping.run_json.read`."""
        return run_json.read(self.path)

    def read_record(self) -> dict[str, Any]:
        """Read `run.json`, whatever version of the protocol it has; raises as `run_json.read_any`."""
        return run_json.read_any(self.path)

    def is_run(self) -> bool:
        """Whether there is a run here: its record, or results that have lost theirs."""
        # Not pathlib, which raises for a name too long.
        return os.path.lexists(self.path / run_json.NAME) or (not self.is_packed and bool(self.kept()))

    def units(self) -> list[Unit]:
        """The trials and baselines, in the order of the tables; raises as `bench.keeping.run_json.units`."""
        return run_json.units(self.path)

    def clear_figures(self) -> None:
        """Remove the figures of an earlier report, which may have shown other trials."""
        self.remove("figures")

    @property
    def is_packed(self) -> bool:
        """Whether this is a published run: its trials lie in one file, to be read and not to be added to."""
        return os.path.lexists(self.path / PACKED)

    @functools.cached_property
    def _place(self) -> places.Place:
        return places.of(self.path)

    @functools.cached_property
    def _kept(self) -> Kept:
        return Kept(self._place, self.cards)

    @functools.cached_property
    def cards(self) -> Known:
        """What its record says of models and architectures; nothing where there is no record to be read."""
        with contextlib.suppress(errors.RunFolderError, shape.WrongShapeError):
            return run_json.cards_of(self.read_record())
        return CATALOGUE

    # --- trials -------------------------------------------------------------------------------------

    def write(self, outcome: Outcome) -> None:
        """Keep a finished trial; `result.json` comes last, so that it never stands for half a trial."""
        folder = _folder(outcome.result.unit)
        if outcome.history:
            self.write_text(f"{folder}/history.csv", trial_files.history_to_csv(outcome.history))
        if outcome.images:
            self.write_bytes(f"{folder}/images.npz", trial_files.arrays_to_npz(outcome.images))
        self.write_text(f"{folder}/result.json", json.dumps(outcome.result.to_json(), indent=2) + "\n")

    def result(self, unit: Unit) -> Result | None:
        """What a finished trial found; None if it has not finished, or if its file is damaged."""
        return self._kept.result(unit)

    def set_aside_damaged(self, units: Iterable[Unit]) -> list[pathlib.Path]:
        """Rename each `result.json` that is there and cannot be read; return the new paths."""
        found = []
        for unit in self.damaged(units):
            path = self.path / _folder(unit) / "result.json"
            aside = path.with_name("result.json.damaged")
            self.remove(f"{_folder(unit)}/{aside.name}")
            with said("set aside", path):
                os.replace(path, aside)
            found.append(aside)
        return found

    def damaged(self, units: Iterable[Unit]) -> list[Unit]:
        """Those of `units` with something in the place of their result that is none."""
        return [unit for unit in units if self._kept.is_damaged(unit)]

    def kept(self) -> list[Result]:
        """All that has finished here, whichever command asked for it."""
        return self._kept.all()

    def others(self, units: Iterable[Unit]) -> list[str]:
        """Keys of trials that are kept here and belong to none of `units`: the grid has changed since."""
        mine = {unit.key for unit in units}
        return [key for key in self._kept.names() if key not in mine]

    def results(self, units: Iterable[Unit]) -> list[Result]:
        """The finished ones of `units`, in their order."""
        return self._kept.results(units)

    def history(self, unit: Unit) -> History:
        """The epochs of a trial; empty where there are none."""
        name = f"{_folder(unit)}/history.csv"
        return self._read(name, trial_files.MOST_HISTORY, trial_files.history_from_csv) or []

    def images(self, unit: Unit) -> dict[str, np.ndarray]:
        """The arrays of a trial's galleries; empty where there are none."""
        name = f"{_folder(unit)}/images.npz"

        def parse(content: bytes) -> dict[str, np.ndarray]:
            return trial_files.arrays_from_npz(content, lambda array: self._give_up(f"{name} ({array})"))

        return self._read(name, trial_files.MOST_ARRAYS, parse) or {}

    def write_model(self, unit: Unit, content: bytes) -> None:
        """Keep the model of a trial, the content of a `.keras` file."""
        self.write_bytes(f"{_folder(unit)}/model.keras", content)

    def remove_model(self, unit: Unit) -> None:
        """Keep the model of a trial no longer."""
        self.remove(f"{_folder(unit)}/model.keras")

    def has_model(self, unit: Unit) -> bool:
        """Whether the model of a trial is kept."""
        return not self.is_packed and os.path.isfile(self.path / _folder(unit) / "model.keras")

    def model(self, unit: Unit) -> bytes:
        """The content of the `.keras` file of a trial that `has_model`; raises as `write_bytes`."""
        path = self.path / _folder(unit) / "model.keras"
        with said("read", path):
            return foreign.read_bytes(path)

    def write_timing(self, key: str, found: dict[str, Any]) -> None:
        """Keep the times of a network."""
        self.write_text(f"timings/{key}.json", json.dumps(found, indent=2) + "\n")

    def timings(self) -> dict[str, dict[str, Any]]:
        """The networks that have been timed, by key: their settings and their times."""
        keys = (name.removesuffix(".json") for name in self._place.names("timings") if name.endswith(".json"))
        named = {key: f"timings/{key}.json" for key in keys if shape.has_form(shape.KEY, key)}
        parse = trial_files.timing_from_json
        found = {key: self._read(name, trial_files.MOST_TEXT, parse) for key, name in named.items()}
        return {key: times for key, times in found.items() if times is not None}

    def write_features(self, sha256: str, content: bytes) -> None:
        """Keep the network in whose features the images of a data set are compared."""
        self.write_bytes(f"features/{sha256[:12]}.npz", content)

    def features(self, sha256: str) -> bytes:
        """The network that was kept for a data set; empty if there is none."""
        with contextlib.suppress(OSError):
            return foreign.read_bytes(self.path / "features" / f"{sha256[:12]}.npz")
        return b""

    def _read(self, name: str, most: int, parse: Callable[[bytes], Content]) -> Content | None:
        """A file that a run can do without; None where there is none, or where it is damaged."""
        try:
            content = self._place.read(name, most)
            with foreign.guarded(places.DamagedFileError):
                return parse(content)
        except FileNotFoundError:
            return None
        except (OSError, places.DamagedFileError):
            self._give_up(name)
            return None

    def _give_up(self, name: str) -> None:
        self.given_up[name] = None


def _folder(unit: Unit) -> str:
    return f"trials/{unit.key}"
