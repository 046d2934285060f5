"""Files that are written whole or not at all."""

import errno
import os
import pathlib

_NO_SYNC = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)  # what shared and user-space file systems may answer


def write(path: pathlib.Path, content: bytes) -> None:
    """Write a file and the folders above it: by rename, and synced, so that it lasts.

    Raises
    ------
    OSError
        If that cannot be done; what was there before is then still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    _sync_folder(path.parent)


def _sync_folder(path: pathlib.Path) -> None:
    """Make a rename last through a loss of power, where system and file system let a folder be synced."""
    if os.name != "posix":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(folder)
