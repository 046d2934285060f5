"""What a run keeps among the temporary files while it goes on, and what runs that were killed left there."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import tempfile
import time
from collections.abc import Iterator

from bench.keeping import files

OURS = "autoencoder-bench-"
_ALIVE = ".alive"  # locked while the owner of a folder lives
_UNREAD = 3600.0  # seconds in which somebody may still want to read the log of a process that died


@contextlib.contextmanager
def folder() -> Iterator[pathlib.Path]:
    """A folder that only this user may enter, for one run; what earlier runs left is removed first.

    If this process is killed, the next one removes it.
    """
    sweep()
    path = pathlib.Path(tempfile.mkdtemp(prefix=OURS))  # mode 0700
    alive = os.open(path / _ALIVE, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with contextlib.suppress(OSError):  # not every file system has locks
            fcntl.flock(alive, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(alive)


def new_log(path: pathlib.Path) -> int:
    """Open a log for writing, which must be new, and lock it while this process has it open."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_APPEND | os.O_CLOEXEC
    handle = os.open(path, flags, 0o600)
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def sweep() -> None:
    """Remove folders and logs of this user whose processes are gone."""
    for path in pathlib.Path(tempfile.gettempdir()).glob(f"{OURS}*"):
        with contextlib.suppress(OSError):  # somebody else's, or another process was faster
            if path.lstat().st_uid != os.geteuid():
                continue
            if path.is_dir() and not path.is_symlink():
                if _is_left(path):
                    shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".log" and files.is_left_over(path, least=_UNREAD):
                path.unlink()


def _is_left(path: pathlib.Path) -> bool:
    try:
        return files.is_left_over(path / _ALIVE)
    except FileNotFoundError:  # its owner was killed before it made one, or makes it now
        return time.time() - path.lstat().st_mtime > _UNREAD
