"""The command line of `run` -> what is to be done, checked before anything heavy is imported."""

import argparse
import contextlib
import dataclasses
import math
from collections.abc import Sequence

from bench import datasets, errors
from bench.ask import axes, baseline_cards, baselines, by_size, grid, grouping, plugins, published
from bench.ask.published import Published
from bench.ask.trial import Baseline, External, Trial, Unit
from bench.keeping import known_runs
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.machine import backend
from bench.models.plugins import Plugin
from bench.running import execution, trackers
from bench.running.execution.settings import CHECKPOINT, CoderFile, Settings

LONGEST = 1e9  # seconds; timers of the system end somewhat later


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """What `run` or `measure` will do.

    Attributes
    ----------
    externals
        Coders that were made elsewhere, to be measured.
    kept
        What the run in the folder has beside, which this command neither runs nor leaves out.
    adds
        Whether it adds to a run that another command began: its grid and backends stay.
    """

    grid: grid.Grid
    backends: tuple[str, ...]
    trials: tuple[Trial, ...]
    baselines: tuple[Baseline, ...]
    folder: RunFolder
    changed: bool  # whether the command line, or the size of images, changed the grid
    sized: tuple[str, ...]  # what is said of networks for large images
    retry_failed: bool
    fresh: bool
    quiet: bool
    opens: bool  # the report, in a browser
    settings: Settings
    save_models: str | None  # None: as the run in the folder was begun
    measures: tuple[str, ...]
    features: RunFolder | None  # a run whose classifiers are taken over
    published: tuple[Published, ...] = ()  # numbers of papers, with the keys of what the grid's file asks for
    externals: tuple[External, ...] = ()
    kept: tuple[Unit, ...] = ()
    adds: bool = False
    trackers: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[Unit, ...]:
        """What this command runs, where it has not finished."""
        return (*self.trials, *self.baselines, *self.externals)

    @property
    def units(self) -> tuple[Unit, ...]:
        """All that is reported, in the order of the tables."""
        return (*self.trials, *self.baselines, *self.kept, *self.externals)

    def pictured(self) -> frozenset[Unit]:
        """The first seed of each configuration, of which a report shows pictures."""
        first: dict[Unit, Unit] = {}
        for trial in self.trials:
            first.setdefault(dataclasses.replace(trial, seed=0), trial)
        for one in self.externals:
            first.setdefault(dataclasses.replace(one, seed=0), one)
        return frozenset(first.values())

    def missing(self) -> list[Unit]:
        """What has to be run: what has not finished, or was measured in less than is asked for now,
        and with `--retry-failed` what did not end well."""
        return [unit for unit in self.own if self.fresh or self._is_missing(unit)]

    def measured_less(self) -> list[Result]:
        """What has ended well and runs again all the same: not all that is asked for now was measured."""
        kept = [] if self.fresh else self.folder.results(self.own)
        return [one for one in kept if one.status == "ok" and self._lacks(one)]

    def measures_of(self, unit: Unit) -> tuple[str, ...]:
        """What is asked for, and what a finished unit that runs again was measured in: no number goes."""
        before = None if self.fresh else self.folder.result(unit)
        return self.measures if before is None else grouping.union(self.measures, before.groups)

    def _lacks(self, result: Result) -> bool:
        return not set(self.measures) <= set(result.groups)

    def _is_missing(self, unit: Unit) -> bool:
        result = self.folder.result(unit)
        if result is None:
            return True
        if result.status != "ok":
            return self.retry_failed
        return self._lacks(result)


def make(options: argparse.Namespace) -> Plan:
    """Check the options and expand the grid.

    Raises
    ------
    GridError, DataError, UsageError
        In one line, for anything unknown or out of range.
    """
    names = backend.choose(options.backend)
    plugged = plugins.load(options.plugin)
    loaded = grid.load(options.grid or grid.USUAL)
    plugins.check_against()
    changes = _changes(options)
    replaced = grid.replace(loaded, changes)
    wanted = grid.parse_choices(options.only)
    is_chosen = bool(options.grid) or by_size.names_one([*changes, *wanted])
    chosen, resized = by_size.applied(replaced, is_chosen=is_chosen)
    asked = [trial for name in names for trial in grid.narrow(chosen.trials(name), wanted)]
    folder = _folder(options, grid.default_folder_name(chosen, asked, names), asked)
    measured = _measures(options, loaded)
    return Plan(
        grid=chosen,
        backends=names,
        trials=tuple(asked) if loaded.trains else (),
        baselines=tuple(baselines.beside(asked, _baselines(options, chosen))),
        folder=folder,
        changed=bool(changes or wanted or resized),
        sized=by_size.told(asked, resized),
        retry_failed=options.retry_failed,
        fresh=options.fresh,
        quiet=options.quiet,
        opens=options.open,
        settings=settings(options, names, tuple(dict.fromkeys((*plugged, *loaded.plugins)))),
        save_models=options.save_models,
        measures=measured,
        features=_features(options, folder, measured),
        published=published.recorded(loaded.published, [one for name in names for one in loaded.units(name)]),
        kept=() if options.fresh else _externals(folder),
        trackers=trackers.parse(options.track),
    )


def _measures(options: argparse.Namespace, loaded: grid.Grid) -> tuple[str, ...]:
    """Those that the command line names, else those of the grid."""
    named = options.measures
    if named is None and loaded.measures is not None:
        named = ",".join(loaded.measures)
    return grouping.parse(named, outside(options))


def _externals(folder: RunFolder) -> tuple[External, ...]:
    """The coders that `measure` brought into a run: they stay in it."""
    with contextlib.suppress(errors.RunFolderError):  # who begins it anew says what is wrong with its record
        return tuple(unit for unit in folder.units() if isinstance(unit, External))
    return ()


def _baselines(options: argparse.Namespace, chosen: grid.Grid) -> tuple[str, ...]:
    """Those that the command line names, else those of the grid."""
    if options.baselines is None:
        return chosen.baselines
    names = [name.strip() for name in options.baselines.split(",")]
    try:
        return baseline_cards.chosen(names)
    except errors.GridError as error:
        raise errors.UsageError(f"--baselines: {error}") from None


def _folder(options: argparse.Namespace, default: str, trials: Sequence[Trial]) -> RunFolder:
    """The folder that was asked for; or that of the default name, unless others have it."""
    if not options.output:
        from bench.running import default_folder, progress

        return default_folder.choose(
            known_runs.REPORTS / default,
            {trial.dataset for trial in trials},
            lambda line: progress.warn(line, quiet=options.quiet),
        )
    folder = RunFolder(options.output)
    if folder.is_packed:
        raise errors.RunFolderError(
            f"{folder.path} is a published run, which is read and not added to; "
            "choose another folder with --output"
        )
    return folder


def _features(options: argparse.Namespace, folder: RunFolder, measured: Sequence[str]) -> RunFolder | None:
    """The run whose classifiers are to be used: one that does not contradict what the folder already has."""
    if options.features is None:
        return None
    if "generation" not in measured:
        raise errors.UsageError("--features is for the measures of generation; add --measures generation")
    source = known_runs.find(options.features)
    if not options.fresh:
        _refuse_mixture(folder, source)
    return source


def _refuse_mixture(folder: RunFolder, source: RunFolder) -> None:
    """Refuse to take over the classifiers of another run where some trials were measured with others.

    Raises
    ------
    RunFolderError
        If a finished trial of the folder, whichever command asked for it, was measured with another one.
    """
    for result in folder.kept():
        sha256 = result.data_sha256
        if "generation" in result.groups and source.features(sha256) != folder.features(sha256):
            raise errors.RunFolderError(
                f"{folder.path} was measured with another classifier than that of {source.path}; "
                "leave out --features to go on with its own, or choose another folder with --output"
            )


def outside(options: argparse.Namespace) -> str | None:
    """The other data set that `--outside` names."""
    return None if options.outside is None else str(axes.COMMON["dataset"].check(options.outside))


def settings(
    options: argparse.Namespace,
    backends: tuple[str, ...],
    plugged: tuple[Plugin, ...],
    coders: tuple[CoderFile, ...] = (),
) -> Settings:
    """Where and how it runs; raises `UsageError` for what no engine takes."""
    workers = _number(options.workers, "--workers takes a whole number from 0")
    timeout = _number(options.timeout, "--timeout takes a number of seconds")
    if workers is not None and not workers.is_integer():
        raise errors.UsageError(f"--workers takes a whole number from 0, received {options.workers!r}")
    if timeout is not None and not 0 < timeout <= LONGEST:
        raise errors.UsageError(
            f"--timeout takes a number of seconds over 0, {LONGEST:.0e} at most, received {options.timeout}"
        )
    checkpoint = None
    if options.checkpoint != "off":
        minutes = _number(options.checkpoint, "--checkpoint takes a number of minutes, or off")
        checkpoint = CHECKPOINT if minutes is None else 60 * minutes
        if not 0 <= checkpoint <= LONGEST:
            raise errors.UsageError(
                f"--checkpoint takes a number of minutes from 0, or off, received {options.checkpoint}"
            )
    found = Settings(
        workers=None if workers is None else int(workers),
        scheduler=options.scheduler or "",
        timeout=timeout,
        plugins=plugged,
        coders=coders,
        checkpoint=checkpoint,
    )
    execution.check(found, backends)
    return found


def _number(text: str | None, expected: str) -> float | None:
    if text is None:
        return None
    try:
        value = float(axes.number(text))
    except (ValueError, OverflowError):
        value = -1.0
    if not 0 <= value < math.inf:
        raise errors.UsageError(f"{expected}, received {text!r}")
    return value


def _changes(options: argparse.Namespace) -> dict[str, list[axes.Value]]:
    """`--set`, and the options that are short for one."""
    shortcuts = {
        "epochs": options.epochs,
        "batch_size": options.batch_size,
        "seed": options.seeds,
    }
    texts = [f"{axis}={value}" for axis, value in shortcuts.items() if value is not None]
    changes = grid.parse_choices([*options.set, *texts])
    said = [key for key in datasets.SWITCHES if getattr(options, key)]
    if options.dataset is not None:  # not through `parse_choice`: a path may hold a comma
        name = datasets.joined(options.dataset, {key: getattr(options, key) for key in datasets.SWITCHES})
        changes["dataset"] = [axes.COMMON["dataset"].check(name)]
    elif said:
        raise errors.UsageError(
            f"{' and '.join(f'--{key}' for key in said)} say how --dataset is read; give --dataset, or in "
            "the grid file write @channels=first or @range=0..16 behind the path"
        )
    return changes
