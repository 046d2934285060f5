"""What somebody else may have written: bytes that are read with care, and text that is shown as it is meant.

Whoever reads a file of a user reads it through `read_bytes`, and parses it inside `guarded`. Whatever shows
a text of a user shows it as `visible`.
"""

import contextlib
import os
import pathlib
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bench import errors

_LONGEST, _BEGINNING = 1500, 800  # letters of a line, and before what is left out: its end is the remedy

MOST_BYTES = 2**30
"""What a file of a run may have, where its reader names no bound of its own."""


@contextlib.contextmanager
def guarded(refusal: Callable[[str], Exception]) -> Iterator[None]:
    """Inside, bytes of a user are parsed: whatever goes wrong over them becomes one error.

    Libraries raise nearly anything over damaged bytes (`TokenError`, `LZMAError`, `MemoryError`,
    `RecursionError`, `NotImplementedError`), so no list of errors is kept here. Ours pass as they are.

    Parameters
    ----------
    refusal
        The error to raise, given the kind and the first line of what went wrong.
    """
    try:
        yield
    except errors.BenchError:
        raise
    except Exception as error:
        raise refusal(visible(errors.one_line(error))) from error


@contextlib.contextmanager
def opened(path: pathlib.Path, *, most: int | None = None) -> Iterator[BinaryIO]:
    """A regular file, open to be read.

    Raises
    ------
    OSError
        If it cannot be read, is none (a folder, or a pipe, which would be waited for for ever), or has more
        than `most` bytes.
    """
    # Without O_NONBLOCK to open a pipe that nobody writes to does not return.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(None, "it is not a regular file", os.fspath(path))
        if most is not None and about.st_size > most:
            raise OSError(None, f"it has {about.st_size:,} bytes, more than {most:,}", os.fspath(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def read_bytes(path: pathlib.Path, *, most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file; raises as `opened`."""
    with opened(path, most=most) as file:
        return file.read(most + 1)


def visible(text: object) -> str:
    r"""A text of a user with all that could act on a terminal, or is no character at all, written out.

    Control and formatting characters (ESC, line breaks, marks that turn the direction of writing) and bytes
    of names that are not UTF-8 become `\x1b`, `\u202e` and their like; everything else stays.

    Examples
    --------
    >>> print(visible("caf\udce9 \x1b[31mred"))
    caf\xe9 \x1b[31mred
    """
    plain = str(text)
    if plain.isascii() and plain.isprintable():
        return plain  # most of a report, looked at a hundred times as fast
    return "".join(_written_out(each) if _acts(each) else each for each in plain)


def visible_lines(text: object) -> str:
    """The same for what has lines: line breaks, of any system, and tabs stay."""
    lines = re.split("\r\n?|\n", str(text))
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in lines)


_JOINERS = "\u200c\u200d"  # part of words in Persian and Hindi, and of pictures


def _acts(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cn":  # unassigned: it may be in use by now, unless it never will be, as XML has it
        return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _JOINERS


def _written_out(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 2**16 else f"\\U{code:08x}"


def shortened(line: str) -> str:
    """The line with the middle left out of whatever is too long to be read: words, then all of it."""
    line = re.sub(r"\S{400,}", lambda found: f"{found[0][:100]}...{found[0][-100:]}", line)
    return line if len(line) <= _LONGEST else f"{line[:_BEGINNING]} ... {line[_BEGINNING - _LONGEST :]}"
