"""Tables and report of a run, from what its folder holds; and a run made ready for others to read."""

import pathlib

from bench import errors, networks, packing, progress, report, tables
from bench.store import RunFolder
from bench.trial import Trial


def publish(
    folder: RunFolder, templates: pathlib.Path | None = None, say: report.Say = progress.tell
) -> pathlib.Path:
    """Write the tables, `index.html` and `README.md`; return the path of the report.

    `say` is told of each part of the report that could not be made: it is then not whole.

    The tables are `results.csv`, `summary.csv` and, where networks have been timed, `timings.csv`.

    Raises
    ------
    RunFolderError
        If the folder is no run, or no trial in it has finished.
    TemplateError
        If one of somebody's own templates cannot be rendered.
    """
    units = folder.units()
    results = folder.results(units)
    if not results:
        raise errors.RunFolderError(
            f"{folder.path} has no finished trial, so there is nothing to report; "
            "run the command in its run.json again"
        )
    folder.write_text("results.csv", tables.results_csv(results))
    folder.write_text("summary.csv", tables.summary_csv(results))
    (folder.path / "timings.csv").unlink(missing_ok=True)  # of an earlier report
    if timed := networks.timed(folder, (unit for unit in units if isinstance(unit, Trial))):
        folder.write_text("timings.csv", tables.timings_csv(timed))
    return report.write(folder, templates, say)


def publish_to(
    target: RunFolder,
    folder: RunFolder,
    templates: pathlib.Path | None = None,
    say: report.Say = progress.tell,
) -> pathlib.Path:
    """Write a run's record, tables, report and packed trials into another folder; return its report's path.

    Raises
    ------
    RunFolderError, TemplateError
        As `publish`; or if the other folder holds a run of its own.
    """
    from bench.report import reads

    if not folder.results(folder.units()):
        return publish(folder, templates, say)  # which says why it cannot
    packing.pack(folder, target, reads.whole(folder), reads.of_each(folder))
    return publish(RunFolder(target.path), templates, say)
