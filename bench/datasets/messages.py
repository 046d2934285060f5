"""One line for what is wrong with a data set: what was expected, what came, what to do."""

from collections.abc import Iterable
from pathlib import Path

from bench import errors, paths


def problem(where: str, *, expected: str, received: str, remedy: str) -> errors.DataError:
    """Build the error for bad data; the caller raises it.

    Parameters
    ----------
    where : str
        The data set, and the part of it where there is one.
    expected, received, remedy : str
        Phrases without a full stop.

    Returns
    -------
    DataError
        With a message of one line, whatever line breaks the phrases had.
    """
    message = f"{where}: expected {expected}, received {received}; {remedy}"
    return errors.DataError(one_line(message))


def one_line(text: object) -> str:
    """Return `str(text)` with every run of white space, line breaks included, as one space."""
    return " ".join(str(text).split())


def shown(path: Path) -> str:
    """Return a path in quotes, with `~` for the home folder: reports are shared, home folders are not."""
    return repr(paths.without_home(str(path)))


def listed(items: Iterable[object], limit: int = 10) -> str:
    """Return the items joined by commas, the first `limit` of them if there are more."""
    texts = [str(item) for item in items]
    rest = len(texts) - limit
    return ", ".join(texts[:limit]) + (f" and {rest} more" if rest > 0 else "")
