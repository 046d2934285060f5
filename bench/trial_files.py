"""The files of a trial, to bytes and back: epochs as CSV, pictures as `.npz`; and those of all, packed."""

import csv
import io
import lzma
import pathlib
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from bench import errors
from bench.result import History


def history_to_csv(rows: History) -> str:
    """An epoch a row, nine digits a number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.9g}" for name, value in row.items()} for row in rows)
    return text.getvalue()


def history_from_csv(text: str) -> History:
    """The epochs; none if the text was cut off in the middle."""
    try:
        return [
            {name: float(value) for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))
        ]
    except (ValueError, TypeError):
        return []


def arrays_to_npz(arrays: Mapping[str, np.ndarray], *, compressed: bool = True) -> bytes:
    """Arrays to the content of a `.npz` file; uncompressed for what is compressed with other files."""
    buffer = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def arrays_from_npz(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of a `.npz` file; none if it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}


def packed(path: pathlib.Path) -> zipfile.Path:
    """The trials of a published run, which are in one file.

    Raises
    ------
    RunFolderError
        If the file cannot be read, or any part of it is damaged.
    """
    try:
        found = zipfile.ZipFile(path)
        if damaged := found.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
    except (OSError, EOFError, zipfile.BadZipFile, lzma.LZMAError) as error:
        raise errors.RunFolderError(
            f"{path} cannot be read ({error}); expected what `bench report --publish` wrote; "
            "get the published run again"
        ) from None
    return zipfile.Path(found)
