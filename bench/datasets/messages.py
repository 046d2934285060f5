"""One line for what is wrong with a data set: what was expected, what came, what to do."""

from collections.abc import Iterable
from pathlib import Path

from bench import errors, foreign, paths

_LONGEST_PATH = 240  # characters of it that a message has room for: whoever is to mend a file must find it
_LONGEST_LIST = 160
_LONGEST_RECEIVED = 400


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
        With a message of one line, whatever line breaks and other characters that act the phrases had.
    """
    message = f"{where}: expected {expected}, received {shortened(received, _LONGEST_RECEIVED)}; {remedy}"
    return errors.DataError(foreign.visible(one_line(message)))


def one_line(text: object) -> str:
    """Return `str(text)` with every run of white space, line breaks included, as one space."""
    return " ".join(str(text).split())


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters: of a longer one, the beginning and the end.

    Examples
    --------
    >>> shortened("a very long name.npz", 11)
    'a ver…e.npz'
    """
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[half - most + 1 :]}"


def shown(path: Path) -> str:
    """Return a path in quotes, with `~` for the home folder: reports are shared, home folders are not."""
    return repr(shortened(foreign.visible(paths.without_home(str(path))), _LONGEST_PATH)).replace(
        "\\\\", "\\"
    )


def named(name: str) -> str:
    """Return a name of a user's in quotes, to be read."""
    return f"'{shortened(foreign.visible(name), 60)}'"


def listed(items: Iterable[object], limit: int = 10) -> str:
    """Return the items joined by commas: the first `limit` of them, or as many as there is room for."""
    texts = [str(item) for item in items]
    while limit > 1 and sum(map(len, texts[:limit])) > _LONGEST_LIST:
        limit -= 1
    rest = len(texts) - limit
    return ", ".join(texts[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 image`, `1,200 images`."""
    return f"{count:,} {noun}{'' if count == 1 else 'es' if noun.endswith('s') else 's'}"
