"""The command line of `run` -> what is to be done, checked before anything heavy is imported."""

import argparse
import dataclasses
import pathlib

from bench import axes, backend, errors, grid
from bench.store import RunFolder
from bench.trial import Baseline, Trial, Unit

REPORTS = pathlib.Path("reports")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """What `run` will do."""

    grid: grid.Grid
    backend: str
    trials: tuple[Trial, ...]
    baselines: tuple[Baseline, ...]
    folder: RunFolder
    changed: bool  # whether the command line changed the grid
    retry_failed: bool
    fresh: bool
    quiet: bool

    @property
    def units(self) -> tuple[Unit, ...]:
        """Trials and baselines, in the order of the tables."""
        return (*self.trials, *self.baselines)

    def missing(self) -> list[Unit]:
        """What has to be run: what has not finished, and with `--retry-failed` what did not end well."""
        return [unit for unit in self.units if self.fresh or self._is_missing(unit)]

    def _is_missing(self, unit: Unit) -> bool:
        result = self.folder.result(unit)
        return result is None or (self.retry_failed and result.status != "ok")


def make(options: argparse.Namespace) -> Plan:
    """Check the options and expand the grid.

    Raises
    ------
    GridError, DataError, UsageError
        In one line, for anything unknown or out of range.
    """
    name = backend.choose(options.backend)
    changes = _changes(options)
    chosen = grid.replace(grid.load(options.grid), changes)
    wanted = grid.parse_choices(options.only)
    trials = grid.narrow(chosen.trials(name), wanted)
    folder = options.output or REPORTS / grid.default_folder_name(chosen, trials, name)
    return Plan(
        grid=chosen,
        backend=name,
        trials=tuple(trials),
        baselines=tuple(grid.baselines(trials)),
        folder=RunFolder(folder),
        changed=bool(changes or wanted),
        retry_failed=options.retry_failed,
        fresh=options.fresh,
        quiet=options.quiet,
    )


def _changes(options: argparse.Namespace) -> dict[str, list[axes.Value]]:
    """`--set`, and the options that are short for one."""
    shortcuts = {
        "epochs": options.epochs,
        "batch_size": options.batch_size,
        "seed": options.seeds,
    }
    texts = [f"{axis}={value}" for axis, value in shortcuts.items() if value is not None]
    changes = grid.parse_choices([*options.set, *texts])
    if options.dataset is not None:  # not through `parse_choice`: a path may hold a comma
        changes["dataset"] = [axes.COMMON["dataset"].check(options.dataset)]
    return changes


def find_run(name: str) -> RunFolder:
    """The run folder `name`, or the run of that name in `reports/`.

    Raises
    ------
    RunFolderError
        If there is neither.
    """
    for path in (pathlib.Path(name).expanduser(), REPORTS / name):
        if RunFolder(path).is_run():
            return RunFolder(path)
    raise errors.RunFolderError(
        f"no run {name!r}: expected a folder with a run.json, or a name in {REPORTS}/; "
        "`python -m bench list runs` shows those there are"
    )
