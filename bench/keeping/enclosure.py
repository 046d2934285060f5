"""A folder that the program writes: whole files, and nothing outside of it, whatever links lie in it."""

import contextlib
import errno
import os
import pathlib
import shutil
from collections.abc import Iterator

from bench import errors
from bench.keeping import files

_OTHER = "choose another folder (run: --output, report: --publish)"
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), f"make room, or {_OTHER}"),
    errno.ENAMETOOLONG: _OTHER.replace("another folder", "a folder of a shorter name"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), f"get the right to write there, or {_OTHER}"),
    **dict.fromkeys(
        (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY),
        f"something else has its name: remove that, or {_OTHER}",
    ),
}


class Enclosure:
    """A folder, by its path; it may be a link itself, but what lies in it must lie in it."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def write_text(self, name: str | os.PathLike[str], text: str) -> pathlib.Path:
        """Write a file in UTF-8, whole or not at all; bytes of names that are none are written out."""
        return self.write_bytes(name, text.encode("utf-8", errors="backslashreplace"))

    def write_bytes(self, name: str | os.PathLike[str], content: bytes) -> pathlib.Path:
        """Write a binary file, whole or not at all.

        Raises
        ------
        RunFolderError
            If that cannot be done, or would be done elsewhere.
        """
        path = self.inside(name)
        with said("write", path):
            files.write(path, content)
        return path

    def remove(self, name: str | os.PathLike[str]) -> None:
        """Remove a file or folder, if it is there; of a link, only the link; raises as `write_bytes`."""
        path = self.inside(name)
        with said("remove", path):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def inside(self, name: str | os.PathLike[str]) -> pathlib.Path:
        """The path of a name.

        Raises
        ------
        RunFolderError
            If the folder that it is in lies elsewhere, by a link or by its name.
        """
        path = self.path / name
        root, where = os.path.realpath(self.path), os.path.realpath(path.parent)
        if os.path.commonpath([root, where]) != root:
            raise errors.RunFolderError(
                f"{path.parent} leads out of {self.path}, to {where}; expected a folder of its own; "
                f"remove that link, or {_OTHER}"
            )
        return path


@contextlib.contextmanager
def said(doing: str, path: pathlib.Path) -> Iterator[None]:
    """Inside, what the system refuses becomes one `RunFolderError`, with what helps against its cause."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, _OTHER)
        raise errors.RunFolderError(
            f"cannot {doing} {path}: {error.strerror or error}; {remedy}, then run the same command again: "
            "what is finished is kept"
        ) from None
