"""Tables and report of a run, from what its folder holds; and a run made ready for others to read."""

import os
import pathlib
import shutil

from bench import errors, report
from bench.ask.trial import Trial
from bench.compare import since
from bench.keeping import networks, packing, tables
from bench.keeping.store import RunFolder
from bench.running import progress

MOST_NAMED = 3


def publish(
    folder: RunFolder,
    templates: pathlib.Path | None = None,
    say: report.Say = progress.tell,
    tell: report.Say | None = None,
) -> pathlib.Path:
    """Write the tables, `index.html` and `README.md`; return the path of the report.

    `say` is told of each part of the report that could not be made: it is then not whole. `tell` is told the
    report in a few lines.

    The tables are `results.csv`, `summary.csv` and, where networks have been timed, `timings.csv`. What is
    damaged of the run is left out, and named on standard error.

    Raises
    ------
    RunFolderError
        If the folder is no run or cannot be written, or no trial in it has finished.
    TemplateError
        If one of somebody's own templates cannot be rendered.
    """
    _require_results(folder)
    with folder.reporting():
        return _publish(folder, templates, say, tell)


def publish_to(
    target: RunFolder,
    folder: RunFolder,
    templates: pathlib.Path | None = None,
    say: report.Say = progress.tell,
    tell: report.Say | None = None,
) -> pathlib.Path:
    """Write a run's record, tables, report and packed trials into another folder; return its report's path.

    Raises
    ------
    RunFolderError, TemplateError
        As `publish`; or if the other folder holds a run of its own.
    """
    from bench.report.page import reads

    _require_results(folder)
    whole, thinned = reads.whole(folder), reads.of_each(folder)
    by_image, parts = reads.by_image(folder), reads.parts(folder)
    is_new = not os.path.lexists(target.path)
    packing.prepare(target)
    try:
        with target.reporting():
            packing.pack(folder, target, whole, thinned, by_image, parts)
            _warn(folder)
            return _publish(RunFolder(target.path), templates, say, tell)
    except BaseException:  # a half of a publication, on a disk that is full, helps nobody
        if is_new:
            shutil.rmtree(target.path, ignore_errors=True)
        raise


def _publish(
    folder: RunFolder, templates: pathlib.Path | None, say: report.Say, tell: report.Say | None
) -> pathlib.Path:
    units = folder.units()
    results = folder.results(units)
    folder.write_text("results.csv", tables.results_csv(results))
    folder.write_text("summary.csv", tables.summary_csv(results))
    folder.remove("timings.csv")  # of an earlier report
    if timed := networks.timed(folder, (unit for unit in units if isinstance(unit, Trial))):
        folder.write_text("timings.csv", tables.timings_csv(timed))
    folder.remove("snapshots.csv")
    if text := tables.snapshots_csv(results):
        folder.write_text("snapshots.csv", text)
    path = report.write(folder, templates, say, since.blocks(folder), tell)
    _warn(folder)
    return path


def _require_results(folder: RunFolder) -> None:
    if not folder.results(folder.units()):
        raise errors.RunFolderError(
            f"{folder.path} has no finished trial, so there is nothing to report; "
            "run the command in its run.json again"
        )


def _warn(folder: RunFolder) -> None:
    """Name what is damaged and was done without, on standard error."""
    damaged = [f"trials/{unit.key}/result.json" for unit in folder.damaged(folder.units())]
    if names := [*damaged, *folder.given_up]:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        remedy = (
            "get the published run again"
            if folder.is_packed
            else "to run a trial again, remove its folder in trials/ and give the run's command"
        )
        line = f"{folder.path}: damaged and left out: {', '.join(names[:MOST_NAMED])}{more}; {remedy}"
        progress.warn(line, quiet=False)
