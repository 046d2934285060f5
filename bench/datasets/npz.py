"""A user's own images, in one `.npz` file with the four arrays that Keras writes."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from bench.datasets import assembly, splitting
from bench.datasets.dataset import Dataset
from bench.datasets.messages import listed, one_line, problem, shown

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def load(path: Path) -> Dataset:
    """Load a `.npz` file; a stratified fifth of its training images becomes the validation set.

    Parameters
    ----------
    path : Path
        A file with `x_train` and `x_test` of shape (n, height, width) or (n, height, width,
        channels), and `y_train` and `y_test` of shape (n,) or (n, 1), integer. The module
        `pixels` says which pixel values are taken, and how they are scaled.

    Returns
    -------
    Dataset
        Named after the file.

    Raises
    ------
    DataError
        If the file cannot be read, or holds something else.
    """
    return assembly.assemble(
        read(path), name=path.stem, where=shown(path), splitter=splitting.stratified_fifth
    )


def read(path: Path) -> assembly.RawArrays:
    """Read the four arrays, unchecked.

    Raises
    ------
    DataError
        For a file that is missing, damaged or no `.npz`, that lacks an array, or that holds pickled
        objects (which can run code when they are opened, and are never opened here).
    """
    try:
        # np.load takes what is no zip archive for a pickle or a single array: ask first.
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise zipfile.BadZipFile("not a zip archive, or cut short")
        with np.load(path, allow_pickle=False) as archive:
            _require_names(archive.files, path)
            return assembly.RawArrays(**{name: _member(archive, name, path) for name in ARRAYS})
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise problem(
            shown(path),
            expected=f"a readable .npz file with the arrays {listed(ARRAYS)}",
            received=_reason(error),
            remedy="copy or download the file again, or write it anew with numpy.savez_compressed",
        ) from error


def _require_names(names: list[str], path: Path) -> None:
    missing = [name for name in ARRAYS if name not in names]
    if missing:
        raise problem(
            shown(path),
            expected=f"the arrays {listed(ARRAYS)}",
            received=f"{listed(map(repr, names)) or 'none'}, without {listed(missing)}",
            remedy="save the file again with numpy.savez_compressed and these names",
        )


def _member(archive: np.lib.npyio.NpzFile, name: str, path: Path) -> np.ndarray:
    try:
        array = archive[name]
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise
        raise problem(
            f"{shown(path)}: {name}",
            expected="an array of numbers",
            received="pickled Python objects, which are not opened because they can run code",
            remedy="stack the images into one array of numbers and save it again",
        ) from error
    # A member that is no .npy file comes out as bytes.
    return array if isinstance(array, np.ndarray) else np.asarray(array)


def _reason(error: Exception) -> str:
    """Say what is wrong without the path, which the message has already."""
    strerror = error.strerror if isinstance(error, OSError) else None
    return one_line(strerror or error) or type(error).__name__
