"""The run folder: the only code that knows its layout.

```
reports/<run>/
  run.json                    the grid, the command, provenance, protocol version
  trials/<key>/result.json    written last, by rename: it exists = the trial is finished
  trials/<key>/history.csv    an epoch a row
  trials/<key>/images.npz     what the galleries show, and measures that are arrays
  trials/<key>/model.keras    the trained model, where it is kept
  features/<data>.npz         the network in whose features images are compared
  timings/<key>.json          a network, timed with the machine to itself
  results.csv, summary.csv, timings.csv   tables
  index.html, README.md, figures/   the report
```

A published run has `trials.zip` in place of `trials/` and `timings/` (see `bench.packing`) and is only read.
"""

import contextlib
import functools
import json
import os
import pathlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import filelock
import numpy as np

from bench import errors, files, run_json, trial_files
from bench.result import History, Outcome, Result
from bench.trial import PROTOCOL_VERSION, Unit

_LOCK = ".lock"
PACKED = "trials.zip"
_WRITTEN = ("results.csv", "summary.csv", "timings.csv", "index.html", "README.md")


class RunFolder:
    """A run on disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = pathlib.Path(os.path.expanduser(path))

    # --- the run ------------------------------------------------------------------------------------

    def create(self, *, trials: bool = True) -> None:
        """Make the folder, with room for trials if they will be kept in it one by one.

        Raises
        ------
        RunFolderError
            If that cannot be done, or if the folder is no run and holds files that a report would overwrite.
        """
        theirs = [] if self.is_run() else [name for name in _WRITTEN if (self.path / name).is_file()]
        if theirs:
            raise errors.RunFolderError(
                f"{self.path} is no run folder and has {', '.join(theirs)}, which a report would overwrite; "
                "choose another folder with --output"
            )
        try:
            (self.path / "trials" if trials else self.path).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other drivers out; the lock ends with the process that holds it, however that ends.

        On a file system without locks a file stands for it, which stays if that process is killed.

        Raises
        ------
        RunFolderError
            If another run is writing here, or the folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / _LOCK, blocking=False)
            lock.acquire()
        except filelock.Timeout:
            raise errors.RunFolderError(
                f"another run is writing to {self.path}; wait for it, or choose another folder with --output "
                f"(if there is no such run, remove {self.path / _LOCK})"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            files.sweep(self.path)
            yield
        finally:
            (self.path / _LOCK).unlink(missing_ok=True)
            lock.release()
            with contextlib.suppress(OSError):  # it stays, unless it is empty
                self.path.rmdir()

    def _unwritable(self, error: OSError) -> errors.RunFolderError:
        return errors.RunFolderError(
            f"cannot write the run folder {self.path}: {error.strerror}; choose another with --output"
        )

    def clear(self) -> None:
        """Remove what an earlier run left here (`--fresh`), and nothing that somebody else put beside it."""
        if not self.is_run():
            return
        for name in ("trials", "timings", "features", "figures"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in (*_WRITTEN, "run.json"):  # the record last: without it the rest would not be a run's
            (self.path / name).unlink(missing_ok=True)

    def write_run(self, run: dict[str, Any]) -> None:
        """Write `run.json`."""
        self.write_text("run.json", json.dumps({"protocol": PROTOCOL_VERSION, **run}, indent=2) + "\n")

    def read_run(self) -> dict[str, Any]:
        """Read `run.json`; raises as `bench.run_json.read`."""
        return run_json.read(self.path)

    def read_record(self) -> dict[str, Any]:
        """Read `run.json`, whatever version of the protocol it has; raises as `bench.run_json.read_any`."""
        return run_json.read_any(self.path)

    def is_run(self) -> bool:
        """Whether there is a run here."""
        return os.path.isfile(self.path / "run.json")  # False where pathlib raises: a name too long

    def units(self) -> list[Unit]:
        """The trials and baselines, in the order of the tables; raises as `bench.run_json.units`."""
        return run_json.units(self.path)

    def clear_figures(self) -> None:
        """Remove the figures of an earlier report, which may have shown other trials."""
        shutil.rmtree(self.path / "figures", ignore_errors=True)

    @property
    def is_packed(self) -> bool:
        """Whether this is a published run: its trials lie in one file, to be read and not to be added to."""
        return os.path.isfile(self.path / PACKED)

    @functools.cached_property
    def _kept(self) -> pathlib.Path | zipfile.Path:
        """Where trials and timings are read: the folder, or the file they are packed in."""
        return trial_files.packed(self.path / PACKED) if self.is_packed else self.path

    def _of(self, unit: Unit) -> pathlib.Path | zipfile.Path:
        return self._kept / "trials" / unit.key

    # --- trials -------------------------------------------------------------------------------------

    def write(self, outcome: Outcome) -> None:
        """Keep a finished trial; `result.json` comes last, so that it never stands for half a trial."""
        folder = pathlib.Path("trials") / outcome.result.unit.key
        if outcome.history:
            self.write_text(folder / "history.csv", trial_files.history_to_csv(outcome.history))
        if outcome.images:
            self.write_bytes(folder / "images.npz", trial_files.arrays_to_npz(outcome.images))
        self.write_text(folder / "result.json", json.dumps(outcome.result.to_json(), indent=2) + "\n")

    def result(self, unit: Unit) -> Result | None:
        """What a finished trial found; None if it has not finished, or if its file is damaged."""
        return _result(self._of(unit) / "result.json")

    def set_aside_damaged(self, units: Iterable[Unit]) -> list[pathlib.Path]:
        """Rename each `result.json` that is there and cannot be read; return the new paths."""
        found = []
        for unit in units:
            path = self.path / "trials" / unit.key / "result.json"
            if self.result(unit) is None and path.is_file():
                aside = path.with_name("result.json.damaged")
                os.replace(path, aside)
                found.append(aside)
        return found

    def kept(self) -> list[Result]:
        """All that has finished here, whichever command asked for it."""
        found = (_result(path) for path in sorted(self.path.glob("trials/*/result.json")))
        return [result for result in found if result is not None]

    def others(self, units: Iterable[Unit]) -> list[str]:
        """Keys of trials that are kept here and belong to none of `units`: the grid has changed since."""
        mine = {unit.key for unit in units}
        return sorted(
            path.parent.name
            for path in self.path.glob("trials/*/result.json")
            if path.parent.name not in mine
        )

    def results(self, units: Iterable[Unit]) -> list[Result]:
        """The finished ones of `units`, in their order."""
        found = (self.result(unit) for unit in units)
        return [result for result in found if result is not None]

    def history(self, unit: Unit) -> History:
        """The epochs of a trial; empty where there are none."""
        try:
            return trial_files.history_from_csv((self._of(unit) / "history.csv").read_text(encoding="utf-8"))
        except (FileNotFoundError, UnicodeDecodeError):
            return []

    def images(self, unit: Unit) -> dict[str, np.ndarray]:
        """The arrays of a trial's galleries; empty where there are none."""
        try:
            return trial_files.arrays_from_npz((self._of(unit) / "images.npz").read_bytes())
        except FileNotFoundError:
            return {}

    def write_model(self, unit: Unit, content: bytes) -> None:
        """Keep the model of a trial, the content of a `.keras` file."""
        self.write_bytes(f"trials/{unit.key}/model.keras", content)

    def remove_model(self, unit: Unit) -> None:
        """Keep the model of a trial no longer."""
        (self.path / "trials" / unit.key / "model.keras").unlink(missing_ok=True)

    def has_model(self, unit: Unit) -> bool:
        """Whether the model of a trial is kept."""
        return (self._of(unit) / "model.keras").is_file()

    def write_timing(self, key: str, found: dict[str, Any]) -> None:
        """Keep the times of a network."""
        self.write_text(f"timings/{key}.json", json.dumps(found, indent=2) + "\n")

    def timings(self) -> dict[str, dict[str, Any]]:
        """The networks that have been timed, by key: their settings and their times."""
        where, found = self._kept / "timings", {}
        names = (path.name for path in where.iterdir()) if where.is_dir() else ()
        for name in sorted(name for name in names if name.endswith(".json")):
            try:
                found[name.removesuffix(".json")] = json.loads((where / name).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
        return found

    def write_features(self, sha256: str, content: bytes) -> None:
        """Keep the network in whose features the images of a data set are compared."""
        self.write_bytes(f"features/{sha256[:12]}.npz", content)

    def features(self, sha256: str) -> bytes:
        """The network that was kept for a data set; empty if there is none."""
        path = self.path / "features" / f"{sha256[:12]}.npz"
        return path.read_bytes() if path.is_file() else b""

    # --- files --------------------------------------------------------------------------------------

    def write_text(self, name: str | os.PathLike[str], text: str) -> pathlib.Path:
        """Write a file of the run, whole or not at all."""
        return self.write_bytes(name, text.encode("utf-8"))

    def write_bytes(self, name: str | os.PathLike[str], content: bytes) -> pathlib.Path:
        """Write a binary file of the run, whole or not at all."""
        path = self.path / name
        try:
            files.write(path, content)
        except OSError as error:
            raise errors.RunFolderError(
                f"cannot write {path}: {error.strerror}; make room, or choose another folder (run: --output, "
                "report: --publish), then run the same command again: what is finished is kept"
            ) from None
        return path


def _result(path: pathlib.Path | zipfile.Path) -> Result | None:
    try:
        return Result.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError, KeyError, TypeError):
        return None
    except OSError as error:  # not damaged: it must not be run again, nor set aside
        raise errors.RunFolderError(
            f"cannot read {path}: {error.strerror}; see to it that this file can be read, and run the same "
            "command again"
        ) from None


def known_runs(parent: pathlib.Path) -> list[RunFolder]:
    """The runs in a folder, by name."""
    if not parent.is_dir():
        return []
    return [run for path in sorted(parent.iterdir()) if (run := RunFolder(path)).is_run()]
