"""Where the files of trials are read: a run folder, or the archive that a published run has in their place.

Both are a stranger's: only regular files are read, and none beyond a bound.
"""

import errno
import io
import os
import pathlib
import zipfile
from collections.abc import Hashable
from typing import Protocol

from bench import errors, foreign
from bench.keeping import run_json, trial_files

_NONE_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)  # a name too long is nobody's
_PIECE = 4096  # zipfile unpacks a piece of LZMA whole, however long it becomes


class Place(Protocol):
    """Files by their names, as `trials/0123456789ab/result.json`."""

    def read(self, name: str, most: int) -> bytes:
        """The content of a file.

        Raises
        ------
        FileNotFoundError
            If there is none.
        DamagedFileError
            If it is no regular file, has more than `most` bytes, or cannot be unpacked.
        OSError
            If it is there and cannot be read.
        """

    def names(self, folder: str) -> list[str]:
        """Names of what is in a folder, sorted; none if there is no such folder."""

    def state(self, name: str) -> Hashable:
        """What changes when a file does; None if there is none.

        Raises
        ------
        OSError
            If it cannot be looked at.
        """


class DamagedFileError(Exception):
    """A file is there, and is not what the program wrote."""


class Loose:
    """A folder."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path

    def read(self, name: str, most: int) -> bytes:
        """As `Place.read`."""
        try:
            return foreign.read_bytes(self._path / name, most=most)
        except OSError as error:
            if error.errno in _NONE_THERE:
                raise FileNotFoundError(name) from None
            if error.errno is None:  # not the system's: what it found is no such file
                raise DamagedFileError(error.strerror) from None
            raise

    def names(self, folder: str) -> list[str]:
        """As `Place.names`."""
        try:
            return sorted(os.listdir(self._path / folder))
        except OSError:
            return []

    def state(self, name: str) -> Hashable:
        """As `Place.state`."""
        try:
            about = os.stat(self._path / name)
        except OSError as error:
            if error.errno in _NONE_THERE:
                return None
            raise
        return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


class Packed:
    """An archive; what of it is damaged is found when it is read, and costs that alone.

    Raises
    ------
    RunFolderError
        If it cannot be opened.
    """

    def __init__(self, path: pathlib.Path) -> None:
        def refusal(problem: str) -> errors.RunFolderError:
            return errors.RunFolderError(
                f"{path} cannot be read ({problem}); expected what `bench report --publish` wrote; "
                "get the published run again"
            )

        try:
            content = foreign.read_bytes(path)
        except OSError as error:
            raise refusal(error.strerror or str(error)) from None
        with foreign.guarded(refusal):
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._members = {member.filename: member for member in self._archive.infolist()}

    def read(self, name: str, most: int) -> bytes:
        """As `Place.read`."""
        if name not in self._members:
            raise FileNotFoundError(name)
        member = self._members[name]
        with foreign.guarded(DamagedFileError), self._archive.open(member) as file:
            trial_files.refuse_bomb(member.compress_size, member.file_size, most)
            return b"".join(iter(lambda: file.read(_PIECE), b""))  # never more than the size that it says

    def names(self, folder: str) -> list[str]:
        """As `Place.names`."""
        inside = (name.split("/") for name in self._members)
        return sorted({parts[1] for parts in inside if len(parts) > 1 and parts[0] == folder})

    def state(self, name: str) -> Hashable:
        """As `Place.state`."""
        return self._members[name].CRC if name in self._members else None


def of(path: pathlib.Path) -> Place:
    """Where the trials of a run folder are read."""
    return Packed(path / run_json.PACKED) if os.path.lexists(path / run_json.PACKED) else Loose(path)
