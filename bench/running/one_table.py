"""`bench table`: one table of a report, for a paper or a program."""

from bench import errors
from bench.keeping import known_runs


def text(run: str, name: str | None, form: str) -> str:
    """A table as a file of that format; without a name, a line for each table there is.

    Raises
    ------
    RunFolderError
        If there is no such run.
    UsageError
        If it has no table of that name.
    """
    folder = known_runs.find(run)
    from bench import report
    from bench.report.blocks import exports

    tables = report.tables(folder)
    if name is None:
        width = max(map(len, tables), default=0)
        return "\n".join(f"{known:<{width}}  {table.caption}" for known, table in tables.items())
    if name not in tables:
        near = errors.did_you_mean(name, tables)
        raise errors.UsageError(f"{run} has no table {name!r}{near}; those there are: {', '.join(tables)}")
    return exports.FORMATS[form](tables[name])
