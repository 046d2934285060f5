"""The command line of `measure` -> what is to be done, checked before anything heavy is imported."""

import argparse
import ast
import dataclasses
import importlib.util
import os
import pathlib
import re
import sys
from collections.abc import Sequence

from bench import datasets, errors, foreign
from bench.ask import axes, contradictions, external, grid, grouping, plugins
from bench.ask import seen as views_seen
from bench.ask.shared import Options
from bench.ask.trial import External, Unit
from bench.datasets import draws
from bench.keeping import known_runs
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.machine import backend
from bench.models.plugins import Plugin
from bench.running import default_folder, plan, progress
from bench.running.execution.settings import CoderFile

MOST_BYTES = 2**20
_GRID = grid.Grid(name="measure", description="Coders that were made elsewhere.", blocks=())


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Into:
    """The run that rows are added to; a folder of their own has no units yet."""

    folder: RunFolder
    units: tuple[Unit, ...] = ()
    results: tuple[Result, ...] = ()
    backends: tuple[str, ...] = ()

    @property
    def images(self) -> list[tuple[str, Options]]:
        """Data sets of its units, and what is seen of them."""
        return list(dict.fromkeys((unit.dataset, views_seen.chosen(unit)) for unit in self.units))


def make(options: argparse.Namespace) -> plan.Plan:
    """Check the options; find the file, the run and its data.

    Raises
    ------
    BenchError
        In one line, for anything unknown, or that does not fit together.
    """
    plugged, plugin, source = plugins.load(options.plugin), *_file(options.coder)
    name = external.name(options.name or source)
    seeds = [int(seed) for seed in dict.fromkeys(*grid.parse_choices([f"seed={options.seeds}"]).values())]
    into = _run(options.into) if options.into else None
    chosen = _backend(options, into)
    _refuse_hidden(plugin, chosen)
    _refuse_early(plugin, source, is_here=not options.scheduler)
    dataset, seen = _images(options, into)
    own = tuple(
        External(
            dataset=dataset,
            model=name,
            seed=seed,
            file=plugin.sha256[: external.DIGITS],
            source=source,
            options=seen,
        )
        for seed in seeds
    )
    if own[0].binarize != draws.NONE:
        contradictions.check_draws(own[0])
    if into is None:
        into = _Into(folder=_folder(options, own))
    return plan.Plan(
        grid=_GRID,
        backends=(chosen,),
        trials=(),
        baselines=(),
        folder=into.folder,
        changed=False,
        sized=(),
        retry_failed=options.retry_failed,
        fresh=False,
        quiet=options.quiet,
        opens=options.open,
        settings=plan.settings(
            options, (chosen,), plugged, (CoderFile(plugin=plugin, source=source, several=len(seeds) > 1),)
        ),
        save_models=None,
        measures=_measures(options, into),
        features=None,
        externals=own,
        kept=_kept(into, own),
        adds=bool(options.into),
    )


def _file(text: str) -> tuple[Plugin, str]:
    """The file that `FILE.py:NAME` names, read, and the name in it."""
    path, _, source = text.rpartition(":")
    if not path or not source.isidentifier():
        raise errors.UsageError(f"measure: expected FILE.py:NAME, as mine.py:coder, received {text!r}")
    try:
        content = foreign.read_bytes(pathlib.Path(os.path.expanduser(path)), most=MOST_BYTES).decode(
            "utf-8-sig"
        )
        ast.parse(content)
    except OSError as error:
        raise errors.UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise errors.UsageError(f"{path}: expected UTF-8; save it again as UTF-8") from None
    except (SyntaxError, ValueError) as error:
        raise errors.UsageError(f"{path}: expected Python, received {errors.one_line(error)}") from None
    return Plugin(name=os.path.abspath(os.path.expanduser(path)), text=content), source


def _refuse_early(plugin: Plugin, source: str, *, is_here: bool) -> None:
    """What would end on each worker ends here, as far as it is seen without running the file.

    What an import that stands by itself needs has to be beside the file or installed, unless workers are
    those of a scheduler; and the name has to be bound somewhere.
    """
    tree, folder = ast.parse(plugin.text), pathlib.Path(plugin.name).parent
    for line in tree.body if is_here else ():
        names = [alias.name for alias in line.names] if isinstance(line, ast.Import) else []
        names += [line.module] if isinstance(line, ast.ImportFrom) and line.module and not line.level else []
        for root in (name.split(".")[0] for name in names):
            there = (folder / root).exists() or any(folder.glob(f"{root}.*"))
            if not there and root not in sys.modules and importlib.util.find_spec(root) is None:
                why = f"ModuleNotFoundError: No module named {root!r}"
                raise errors.UsageError(f"{plugin.name} cannot be run: {why}")
    nodes = [*ast.walk(tree)]
    bound = {one.id for one in nodes if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
    bound |= {one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    aliases = [one for each in nodes if isinstance(each, ast.Import | ast.ImportFrom) for one in each.names]
    bound |= {one.asname or one.name.split(".")[0] for one in aliases}
    is_dynamic = any(isinstance(one, ast.Name) and one.id in ("globals", "exec", "setattr") for one in nodes)
    is_dynamic |= any(isinstance(one, ast.Raise) for one in tree.body)  # which ends it before the name
    if source not in bound and "*" not in bound and not is_dynamic:
        known = [name for name in bound if not name.startswith("_")]
        raise errors.UsageError(f"{plugin.name}: {errors.unknown('name', source, known)}")


def _run(name: str) -> _Into:
    folder = known_runs.find(name)
    if folder.is_packed:
        raise errors.RunFolderError(
            f"{folder.path} is a published run, which is read and not added to; give --into a run of your own"
        )
    units = tuple(folder.units())
    said = str(folder.read_run().get("backend") or "")
    return _Into(
        folder=folder,
        units=units,
        results=tuple(folder.results(units)),
        backends=tuple(one for one in said.split(",") if one in backend.BACKENDS),
    )


def _backend(options: argparse.Namespace, into: _Into | None) -> str:
    """That which was asked for, else the first of the run: codes are measured by it, whoever made them."""
    of_run = into.backends[0] if into and into.backends and not options.backend else None
    (chosen, *more) = backend.choose(options.backend or of_run)
    if more:
        raise errors.UsageError(f"--backend: measure takes one, received {options.backend}")
    return chosen


def _refuse_hidden(plugin: Plugin, chosen: str) -> None:
    """TensorFlow is out of sight on other backends: Keras would import it, wherever it is installed."""
    roots = {name.split(".")[0] for name in external.imported(plugin.text)}
    if "tensorflow" in roots and chosen != "tensorflow":
        raise errors.UsageError(
            f"{plugin.name} imports tensorflow, which is hidden on {chosen}; give --backend tensorflow"
        )


def _images(options: argparse.Namespace, into: _Into | None) -> tuple[str, Options]:
    """The data set, and what is seen of it: as asked, or those of the run where it has one kind of images."""
    asked = grid.parse_choices(options.set)
    if many := [name for name, values in asked.items() if len(values) > 1]:
        raise errors.UsageError(f"--set {many[0]}: expected one value, received {len(asked[many[0]])}")
    try:
        seen = external.seen_options({name: value for name, (value,) in asked.items()})
    except ValueError as error:
        raise errors.UsageError(f"--set: {error}") from None
    given = None
    if options.dataset is not None:
        switches = {key: getattr(options, key) for key in datasets.SWITCHES}
        given = str(axes.COMMON["dataset"].check(datasets.joined(options.dataset, switches)))
    if into is None:
        if given is None:
            raise errors.UsageError("measure: expected --dataset D, or --into RUN, received neither")
        return given, seen
    fitting = [one for one in into.images if given in (None, one[0]) and (not options.set or one[1] == seen)]
    if len(fitting) != 1:
        raise errors.RunFolderError(_other_images(into, given, options.set))
    return fitting[0]


def _other_images(into: _Into, given: str | None, said: Sequence[str]) -> str:
    known = [", ".join([name, *(f"{axis}={value}" for axis, value in seen)]) for name, seen in into.images]
    received = ", ".join([*([given] if given else []), *said]) or "neither --dataset nor --set"
    return (
        f"{into.folder.path}: expected the images of its trials, {' or '.join(known)}, received {received}; "
        "say which with --dataset and --set, or leave --into out for a run of its own"
    )


def _measures(options: argparse.Namespace, into: _Into) -> tuple[str, ...]:
    """What is asked for, else what the trials of the run were measured in."""
    if options.measures is not None or options.outside is not None or not into.results:
        return grouping.parse(options.measures, plan.outside(options))
    found: tuple[str, ...] = ()
    for result in into.results:
        found = grouping.union(found, result.groups)
    return found


def _kept(into: _Into, own: Sequence[External]) -> tuple[Unit, ...]:
    """What the run has beside; a row that failed makes way for one of its name.

    Raises
    ------
    RunFolderError
        If the name is that of another file, or of another name in it: both would be one row.
    """
    ended = {result.unit.key for result in into.results if result.status == "ok"}
    kept = [unit for unit in into.units if unit not in own]
    for unit in [one for one in kept if isinstance(one, External) and one.rival == own[0].rival]:
        if (unit.file, unit.source) == (own[0].file, own[0].source):
            continue
        if unit.key in ended:
            raise errors.RunFolderError(
                f"{into.folder.path} has {unit.model!r} of {unit.source} in a file with SHA-256 "
                f"{unit.file}..., and this is {own[0].source} in one with {own[0].file}...; "
                "give it a name of its own with --name"
            )
        kept.remove(unit)
    return tuple(kept)


def _folder(options: argparse.Namespace, own: Sequence[External]) -> RunFolder:
    """The folder that was asked for, or that of the name and the data; it has no other units."""
    if options.output:
        folder = RunFolder(options.output)
    else:
        title = re.sub(r"[^\w.-]+", "-", own[0].model)
        folder = default_folder.choose(
            known_runs.REPORTS / f"{title}-{datasets.title(own[0].dataset)}".replace("_", "-"),
            {own[0].dataset},
            lambda line: progress.warn(line, quiet=options.quiet),
        )
    if folder.is_packed or (folder.is_run() and set(folder.units()) - set(own)):
        raise errors.RunFolderError(
            f"{folder.path} is a run of something else; to add to it give --into {folder.path}, else choose "
            "another folder with --output"
        )
    return folder
