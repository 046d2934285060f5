"""Files that are written whole or not at all, by as many processes at a time as like."""

import contextlib
import errno
import fcntl
import os
import pathlib
import stat
import time
import uuid
from collections.abc import Iterable, Iterator

_NO_SYNC = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)  # what shared and user-space file systems may answer
_ATTEMPTS = 3  # to write a part, where another process has swept it away
_OLD = 86400.0  # seconds after which a file is left over for sure, where no lock can say so
_NEW = 1.0  # seconds: its writer may not have come to locking it


def write(path: pathlib.Path, content: bytes) -> None:
    """Write a file and the folders above it: by rename, and synced, so that it lasts.

    Each writer has a part of its own, `.NAME.<random>.part`, so that several may write one file at a time:
    the last one stays. What a writer that is dead left beside the file is removed.

    Raises
    ------
    OSError
        If that cannot be done; what was there before is then still there, and nothing else.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            _write(path, content)
            break
        except FileNotFoundError:  # swept away where locks tell the sweeper nothing
            if attempt == _ATTEMPTS:
                raise
    _sync_folder(path.parent)
    _remove_dead(path.parent.glob(f".{_escaped(path.name)}.*.part"))


def sweep(folder: pathlib.Path) -> None:
    """Remove the parts that writers left in a folder, and below, when they were killed."""
    _remove_dead(folder.rglob(".*.part"))


def _write(path: pathlib.Path, content: bytes) -> None:
    with _part_of(path) as (part, handle):
        with open(handle, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(handle)
        os.replace(part, path)


@contextlib.contextmanager
def _part_of(path: pathlib.Path) -> Iterator[tuple[pathlib.Path, int]]:
    """A new file that says by a lock that its writer lives; removed if it does not become another."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with contextlib.suppress(OSError):  # not every file system has locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield part, handle
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _remove_dead(parts: Iterable[pathlib.Path]) -> None:
    for part in parts:
        with contextlib.suppress(OSError):  # somebody else's, or gone
            if is_left_over(part):
                part.unlink()


def is_left_over(path: pathlib.Path, *, least: float = _NEW) -> bool:
    """Whether a file belongs to no process any more: nobody holds its lock.

    It must be `least` seconds old, and a day where there are no locks.

    Raises
    ------
    OSError
        If it is gone, or no regular file that may be opened.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(handle)
        # A time far ahead is that of a clock that has been set back since.
        if not stat.S_ISREG(about.st_mode) or abs(time.time() - about.st_mtime) < least:
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return abs(time.time() - about.st_mtime) > _OLD
    finally:
        os.close(handle)
    return True


def _escaped(name: str) -> str:
    """A name in which `glob` finds no pattern."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)


def _sync_folder(path: pathlib.Path) -> None:
    """Make a rename last through a loss of power, where system and file system let a folder be synced."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(folder)
