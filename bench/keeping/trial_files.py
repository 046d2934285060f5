"""The files of a trial, to bytes and back: epochs as CSV, pictures as `.npz`, times of a network as JSON.

What reads raises whatever its parser does over damaged bytes: `bench.keeping.store` guards it.
"""

import csv
import io
import itertools
import json
import math
import operator
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bench import foreign
from bench.keeping import gallery, shape
from bench.keeping.result import LARGEST, History

MOST_TEXT = 2**26
"""Bytes of a result or a timing."""
MOST_HISTORY, MOST_EPOCHS = 2**24, 10**5
"""Bytes of a history, and its rows."""
MOST_ARRAYS = 2**28
"""Bytes of a trial's arrays, unpacked: all pictures of colour images of 320 by 320, the map of codes too."""
_PLAUSIBLE, _MOST_SHRUNK = 2**24, 500  # black pictures shrink to nothing: of a few that is no sign

LOSSES = ("epoch", "loss")
"""Columns that every history has; with `val_loss`, unless the validation images were trained on."""


def history_to_csv(rows: History) -> str:
    """An epoch a row, nine digits a number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.9g}" for name, value in row.items()} for row in rows)
    return text.getvalue()


def history_from_csv(content: bytes) -> History:
    """The epochs; raises `ValueError` and others if they are not what `history_to_csv` gives."""
    found = csv.DictReader(io.StringIO(content.decode("utf-8")), strict=True)
    few = itertools.islice(found, MOST_EPOCHS + 1)
    rows = [{name: _trained(float(value)) for name, value in row.items()} for row in few]
    if len(rows) > MOST_EPOCHS:
        raise ValueError(f"more than {MOST_EPOCHS:,} epochs")
    for row in rows:
        if not {*LOSSES} <= row.keys():
            raise ValueError(f"expected columns {', '.join(LOSSES)}, received {', '.join(row)}")
        if not 0 < row["epoch"] < math.inf:
            raise ValueError(f"expected epochs from 1, received {row['epoch']}")
    return rows


def _trained(value: float) -> float:
    """A number as training has it: what is too large for its floats is infinite there."""
    return value if abs(value) <= LARGEST or math.isnan(value) else math.copysign(math.inf, value)


def arrays_to_npz(arrays: Mapping[str, np.ndarray], *, compressed: bool = True) -> bytes:
    """Arrays to the content of a `.npz` file; uncompressed for what is compressed with other files."""
    buffer = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def refuse_bomb(packed: int, unpacked: int, most: int = MOST_ARRAYS) -> None:
    """Refuse what was packed to fill a memory, by its sizes in bytes.

    Raises
    ------
    ValueError
        If it unpacks to more than `most` bytes, or is large and shrank beyond what pictures do.
    """
    if unpacked > most or unpacked > max(_PLAUSIBLE, _MOST_SHRUNK * packed):
        raise ValueError(f"{packed:,} bytes unpack to {unpacked:,}")


def arrays_from_npz(
    content: bytes, give_up: Callable[[str], object] = lambda name: None
) -> dict[str, np.ndarray]:
    """The arrays of a `.npz` file; `give_up` is told the names of those that are there and cannot be used.

    Raises
    ------
    Exception
        Of many kinds, if it is no `.npz` file, or holds more than a trial leaves.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    refuse_bomb(len(content), sum(member.file_size for member in members))
    if {member.compress_type for member in members} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ValueError("packed in a way that NumPy does not pack")
    if len(members) > _MOST_MEMBERS:
        raise ValueError(f"{len(members):,} arrays")
    found: dict[str, np.ndarray] = {}
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        for name in arrays.files:
            try:
                with foreign.guarded(ValueError):
                    _refuse_long(name, _shape(arrays.zip, name))  # before it is unpacked
                    found[name] = _as_left_by_a_trial(name, arrays[name])
            except ValueError:
                give_up(name)
    named = {*arrays.files} & {"labels", "point_labels", "class_labels", "error_labels"}
    for pair in (*_TOGETHER, *(_LABELLED if named else ())):
        if found.keys() & {*pair} and not _belong_together(found, *pair):
            give_up(" and ".join(pair))
            found = {name: array for name, array in found.items() if name not in pair}
    return found


_KEPT = ("kept_originals", "kept_reconstructions")
_OF_POINTS = ("point_images", "point_reconstructions")
_PICTURES = dict.fromkeys(
    ("originals", "reconstructions", "samples", "mixture_samples", *_OF_POINTS, *_KEPT), ("u", 4)
)
_POINTS = ("points", "components", "layout")
_NEAREST = ("near_prior", "near_mixture")
_ROWS_OF_PICTURES = dict.fromkeys(("interpolations", "map", "traversals", *_NEAREST), ("u", 5))
_LABELS = dict.fromkeys("labels point_labels class_labels error_labels traversal_units".split(), ("iu", 1))
_ERRORS = {"error_images": ("u", 6), "error_mse": ("f", 2)}
_PLACES = {**dict.fromkeys(_POINTS, ("f", 2)), "map_extent": ("f", 1)}
_FORMS = {**_PICTURES, **_ROWS_OF_PICTURES, **_LABELS, **_ERRORS, **_PLACES}
"""Kinds of numbers, and how many dimensions, of arrays that the report draws."""
_TOGETHER = (
    ("traversals", "traversal_units"),
    ("class_mse", "class_labels"),
    ("map", "map_extent"),
    _KEPT,
    ("error_images", "error_mse"),
)
"""Arrays none of which means anything without the other."""
_LABELLED = (
    ("originals", "labels"),
    ("points", "point_labels"),
    ("error_images", "error_labels"),
    ("error_mse", "error_labels"),
)
"""The same where images have labels."""
_MOST_LABELS = 10**5
_MOST_MEMBERS = 1000
_LARGEST_POINT = 1e30
"""Of a code that is drawn: differences, and sums of squares of a few, are still numbers."""
BY_IMAGE = "image_"
"""How names of arrays with a number for each test image begin: none is drawn."""
_SLACK = 4
"""Times what a gallery has now, another version may have written."""
_MOST_LONG = 10**5
"""Of an array that is no picture: a class or a unit each."""
_LENGTHS = {
    **dict.fromkeys(("originals", "labels", "reconstructions"), (gallery.MOST_IMAGES,)),
    **dict.fromkeys(("samples", "mixture_samples"), (gallery.SAMPLES,)),
    **dict.fromkeys(("points", "point_labels"), (gallery.MOST_POINTS,)),
    **dict.fromkeys(_OF_POINTS, (gallery.MOST_HOVERED,)),
    "components": (gallery.MOST_LAID_OUT, gallery.MOST_COMPONENTS),
    "layout": (gallery.MOST_LAID_OUT,),
    **dict.fromkeys(_NEAREST, (2, gallery.MOST_NEAREST)),
    "interpolations": (gallery.MOST_INTERPOLATIONS, gallery.INTERPOLATION_STEPS),
    **dict.fromkeys(_KEPT, (gallery.MOST_KEPT,)),
    "error_images": (gallery.MOST_ERROR_CLASSES, len(gallery.ERRORS), 2),
    "error_mse": (gallery.MOST_ERROR_CLASSES, len(gallery.ERRORS)),
    "map": (gallery.MAP_SIDE, gallery.MAP_SIDE),
    "traversals": (gallery.MOST_TRAVERSED, gallery.TRAVERSAL_STEPS),
    "traversal_units": (gallery.MOST_TRAVERSED,),
}
"""What a gallery has at most, along the first dimensions of its arrays."""


def _shape(archive: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    """That of an array in a `.npz` file, from its header alone."""
    with archive.open(f"{name}.npy") as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("a header that no array of a trial needs")
        return np.lib.format.read_array_header_1_0(file)[0]


def _refuse_long(name: str, shape: tuple[int, ...]) -> None:
    """Raise `ValueError` for more images, points or numbers than any trial leaves: each would be drawn."""
    if name.startswith(BY_IMAGE):
        return
    most = tuple(_SLACK * length for length in _LENGTHS.get(name, ()))
    if (not most and math.prod(shape) > _MOST_LONG) or any(map(operator.gt, shape, most)):
        raise ValueError(f"{name}: {shape}")


def _as_left_by_a_trial(name: str, array: np.ndarray) -> np.ndarray:
    """The array, if it has the form that the gallery gives those of its name; else a `ValueError`."""
    kinds, dimensions = _FORMS.get(name, ("biuf", array.ndim))
    if array.dtype.kind not in kinds or array.ndim != dimensions:
        raise ValueError(f"{name}: {array.dtype}, {array.ndim} dimensions")
    if name in _LABELS and not ((array >= 0) & (array < _MOST_LABELS)).all():
        raise ValueError(f"{name}: expected numbers of classes or units")
    if kinds == "u" and (array.dtype != np.uint8 or min(array.shape[1:]) == 0):
        raise ValueError(f"{name}: expected images")
    pair = (*array.shape[:1], 2)
    if array.shape != {"points": pair, "layout": pair, "map_extent": (4,)}.get(name, array.shape):
        raise ValueError(f"{name}: {array.shape}")
    return _drawable(name, array) if array.dtype.kind == "f" else array


def _drawable(name: str, array: np.ndarray) -> np.ndarray:
    """The array, in which a point that is too far away to be drawn is infinitely far; or a `ValueError`."""
    if name in _POINTS:
        return np.where(np.abs(array) > _LARGEST_POINT, np.inf, array).astype(np.float32)
    if (np.abs(array[np.isfinite(array)].astype(np.float64)) > LARGEST).any():
        raise ValueError(f"{name}: larger than what any model computes with")
    return array


def _belong_together(found: Mapping[str, np.ndarray], first: str, second: str) -> bool:
    if not (first in found and second in found):
        return False
    return first == "map" or found[first].shape[:1] == found[second].shape[:1]


def timing_from_json(content: bytes) -> dict[str, Any]:
    """Settings and times of a network; raises `ValueError` and others if they are none."""
    found = json.loads(content.decode("utf-8"))
    shape.record({"step_seconds": _above_zero})(found)
    times = {name: value for name, value in found.items() if "_seconds" in name}
    shape.by_name(_seconds)(times)
    for name in times:
        if name.removesuffix("_q1").removesuffix("_q3") not in times:
            raise ValueError(f"{name} without its median")
    return dict(found)


def _seconds(value: Any) -> None:
    shape.number(value)
    if not 0 <= value <= LARGEST:
        raise shape.WrongShapeError(f"expected seconds, received {shape.told(value)}")


def _above_zero(value: Any) -> None:
    _seconds(value)
    if value == 0:
        raise shape.WrongShapeError("expected seconds above 0, received 0")
