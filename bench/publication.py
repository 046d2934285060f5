"""Tables and report of a run, from what its folder holds."""

import pathlib

from bench import errors, report, tables
from bench.store import RunFolder


def publish(folder: RunFolder) -> pathlib.Path:
    """Write `results.csv`, `summary.csv`, `index.html` and `README.md`; return the path of the report.

    Raises
    ------
    RunFolderError
        If the folder is no run, or no trial in it has finished.
    """
    results = folder.results(folder.units())
    if not results:
        raise errors.RunFolderError(
            f"{folder.path} has no finished trial, so there is nothing to report; "
            "run the command in its run.json again"
        )
    folder.write_text("results.csv", tables.results_csv(results))
    folder.write_text("summary.csv", tables.summary_csv(results))
    return report.write(folder)
