"""The runs there are in `reports/`, and the one that a command names."""

import pathlib

from bench import errors
from bench.keeping.store import RunFolder

REPORTS = pathlib.Path("reports")


def find(name: str) -> RunFolder:
    """The run folder `name`, or the run of that name in `reports/`.

    Raises
    ------
    RunFolderError
        If there is neither.
    """
    for run in (RunFolder(name), RunFolder(REPORTS / name)):
        if run.is_run():
            return run
    known = under(REPORTS)
    near = errors.did_you_mean(name, [*(run.path.name for run in known), *(str(run.path) for run in known)])
    raise errors.RunFolderError(
        f"no run {name!r}{near}: expected a folder with a run.json, or a name in {REPORTS}/; "
        "`python -m bench list runs` shows those there are"
    )


def under(parent: pathlib.Path) -> list[RunFolder]:
    """The runs in a folder, by name."""
    if not parent.is_dir():
        return []
    return [run for path in sorted(parent.iterdir()) if (run := RunFolder(path)).is_run()]
