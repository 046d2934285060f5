"""Who may write a run folder: one driver at a time, and one report at a time."""

import contextlib
import os
import pathlib
from collections.abc import Iterator

import filelock

from bench import errors

DRIVER, REPORT = ".lock", ".report.lock"
PATIENCE = 120.0
"""Seconds that a report waits for another one; it takes a few, and a minute for the largest runs."""


@contextlib.contextmanager
def driver(folder: pathlib.Path) -> Iterator[None]:
    """Keep other drivers out; the lock ends with the process that holds it, however that ends.

    On a file system without locks a file stands for it, which stays if that process is killed.

    Raises
    ------
    RunFolderError
        If another run is writing here.
    OSError
        If the lock cannot be made.
    """
    lock = _lock(folder / DRIVER)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise errors.RunFolderError(
            f"another run is writing to {folder}; wait for it, or choose another folder with --output "
            f"(if there is no such run, remove {folder / DRIVER})"
        ) from None
    with _released(lock, folder / DRIVER):
        yield


@contextlib.contextmanager
def report(folder: pathlib.Path, patience: float = PATIENCE) -> Iterator[None]:
    """Wait until no other report is written here: tables, page and pictures are of one state of the run.

    One that takes longer than `patience` seconds is waited for no longer: files are written whole in any
    case, and somebody who looks at a run must not end it.

    Raises
    ------
    OSError
        If the lock cannot be made.
    """
    lock = _lock(folder / REPORT)
    try:
        lock.acquire(timeout=patience)
    except filelock.Timeout:
        yield
        return
    with _released(lock, folder / REPORT):
        yield


def _lock(path: pathlib.Path) -> filelock.BaseFileLock:
    if path.is_symlink():  # an older filelock would empty what it leads to
        raise OSError(None, f"{path} is a link; remove it", os.fspath(path))
    return filelock.FileLock(path)


@contextlib.contextmanager
def _released(lock: filelock.BaseFileLock, path: pathlib.Path) -> Iterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # of a folder that somebody has removed or made read-only
            path.unlink(missing_ok=True)
        lock.release()
