"""A table with an image in each row (`.csv`): a column for each pixel, or one that holds all of them.

The column of labels is called `label`, `class`, `target`, `emotion` or the like, or as `--labels` says; one
called `usage`, `split` or `part` tells the parts apart, as in FER2013. What is left has to be the pixels.
"""

import contextlib
import csv
import dataclasses
import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import foreign
from bench.datasets.messages import counted, listed, named, problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import archive, roles
from bench.datasets.sources.stored import Held, Store

MOST_BYTES = 2**31  # of a file, which is read as a whole
_PART_COLUMNS = ("usage", "split", "part", "set", "subset")
_TEST_WORDS = {"privatetest": "test", "publictest": "validation"}  # of FER2013
_NUMBER = re.compile(r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*")
_AGAIN = "or save the images with numpy.savez_compressed"


@contextlib.contextmanager
def opened(path: Path, reading: Reading) -> Iterator[Store]:
    """A table, read.

    Raises
    ------
    DataError
        If it cannot be read, or its columns are not clear.
    """
    with archive.guarded(path, "CSV file", _AGAIN):
        text = foreign.read_bytes(path, most=MOST_BYTES).decode("utf-8-sig")
        rows = _rows(text, path)
        first = next(rows, [])
        header = first if any(not _NUMBER.fullmatch(cell) for cell in first) else []
        columns = _columns(header or first, bool(header), path, reading)
        body = rows if header else _chained(first, rows)
        pixels, labels, parts = _read(body, columns, path)
    yield _store(pixels, labels, parts, path, reading, columns.note)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Columns:
    """Which columns hold what: positions, -1 where there is none."""

    count: int
    label: int = -1
    part: int = -1
    packed: int = -1
    note: str = ""


def _rows(text: str, path: Path) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(2**24)
    return (row for row in reader if row)


def _chained(first: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    if first:
        yield first
    yield from rows


def _columns(header: Sequence[str], is_named: bool, path: Path, reading: Reading) -> _Columns:
    """By their names; without names the first is the label, as in MNIST's tables, if the rest is square."""
    count = len(header)
    if not is_named:
        size = math.prod(reading.shape) if reading.shape else 0
        has_label = count == size + 1 if size else not _is_square(count) and _is_square(count - 1)
        note = "the first column, which has no name, read as labels" if has_label else ""
        return _Columns(count=count, label=0 if has_label else -1, note=note)
    lower = [name.strip().lower() for name in header]
    labels = [k for k, name in enumerate(header) if _is_label(name, reading)]
    if len(labels) > 1:
        raise problem(
            shown(path),
            expected="one column of labels",
            received=listed(named(header[k]) for k in labels),
            remedy="say which it is with --labels NAME (in a grid file @labels=NAME)",
        )
    part = next((k for k, name in enumerate(lower) if name in _PART_COLUMNS), -1)
    rest = [k for k in range(count) if k not in (*labels, part)]
    return _Columns(
        count=count,
        label=labels[0] if labels else -1,
        part=part,
        packed=rest[0] if len(rest) == 1 else -1,
        note=f"column {named(header[labels[0]])} read as labels" if labels else "",
    )


def _is_label(name: str, reading: Reading) -> bool:
    return name.strip() == reading.labels if reading.labels else roles.parsed(name, reading)[1] == "labels"


def _read(
    rows: Iterator[list[str]], columns: _Columns, path: Path
) -> tuple[np.ndarray, list[str], list[str]]:
    images: list[np.ndarray] = []
    labels: list[str] = []
    parts: list[str] = []
    apart = {k for k in (columns.label, columns.part) if k >= 0}
    for number, row in enumerate(rows, 1):
        if len(row) != columns.count:
            raise _of_row(path, number, f"{columns.count} columns, as in the first row", f"{len(row)}")
        cells = (
            row[columns.packed].split()
            if columns.packed >= 0
            else [c for k, c in enumerate(row) if k not in apart]
        )
        try:
            images.append(np.array(cells, np.float64).astype(np.float32))
        except ValueError:
            odd = next((cell for cell in cells if not _NUMBER.fullmatch(cell)), "")
            raise _of_row(path, number, "numbers for pixels", named(odd) if odd else "none") from None
        if len(images[-1]) != len(images[0]):
            raise _of_row(
                path, number, f"{counted(len(images[0]), 'pixel')} as in the first", str(len(images[-1]))
            )
        labels += [row[columns.label].strip()] if columns.label >= 0 else []
        parts += [row[columns.part].strip().lower()] if columns.part >= 0 else []
    if not images:
        raise problem(
            shown(path), expected="a row for each image", received="no rows", remedy="put some images there"
        )
    return np.stack(images), labels, parts


def _of_row(path: Path, number: int, expected: str, received: str) -> Exception:
    where = f"{shown(path)}: row {number:,}"
    remedy = (
        "correct the row; columns are the label and the pixels, or say with --labels NAME which is the label"
    )
    return problem(where, expected=expected, received=received, remedy=remedy)


def _store(
    pixels: np.ndarray, labels: list[str], parts: list[str], path: Path, reading: Reading, note: str
) -> Held:
    """The arrays of a table by part; whole numbers as integers, and rows that are squares as images."""
    notes = [note] if note else []
    if bool((pixels == np.round(pixels)).all()) and pixels.min() >= 0 and pixels.max() < 2**16:
        pixels = pixels.astype(np.uint8 if pixels.max() < 256 else np.uint16)
    if not reading.shape and _is_square(pixels.shape[1]):
        side = math.isqrt(pixels.shape[1])
        notes.append(f"rows of {pixels.shape[1]:,} pixels read as {side}x{side}")
        pixels = pixels.reshape(-1, side, side)
    names = np.array([_part(name, path) for name in parts] or ["train"] * len(pixels))
    arrays: dict[str, np.ndarray] = {}
    for part in dict.fromkeys(sorted(set(names), key=list(roles.PART_WORDS).index)):
        chosen = names == part
        arrays[f"x_{part}"] = pixels[chosen]
        if labels:
            arrays[f"y_{part}"] = np.array(labels)[chosen]
    return Held(arrays, notes, has_own_names=False)


def _part(name: str, path: Path) -> str:
    if part := _TEST_WORDS.get(name) or roles.part_of(name):
        return part
    raise problem(
        shown(path),
        expected="train, val or test in the column that tells the parts apart",
        received=named(name),
        remedy="correct the column, or leave it out",
    )


def _is_square(count: int) -> bool:
    return count > 3 and math.isqrt(count) ** 2 == count
