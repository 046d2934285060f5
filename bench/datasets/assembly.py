"""Raw arrays of any source -> a checked, scaled and split `Dataset`."""

import dataclasses
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from bench.datasets import checks, labels, large, levels, pixels, resizing, shapes, splitting
from bench.datasets.dataset import Dataset, Split
from bench.datasets.levels import Levels
from bench.datasets.messages import problem
from bench.datasets.reading import UNSAID, Reading

_BLOCK = 2**20  # values that are scaled at a time where a copy of them has to have more digits
_FLOAT32_WHITES = (1e-30, 1e38)  # between these, float32 has all its digits for all levels of grey


PARTS = ("train", "validation", "test")


@dataclasses.dataclass(frozen=True, kw_only=True)
class RawPart:
    """Images and labels of one part as they came from somewhere; nothing about them is certain yet.

    Attributes
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, channels)
    labels : ndarray in one of the forms of the module `labels`, optional
    x, y : str
        What they are called where they came from.
    """

    images: np.ndarray
    labels: np.ndarray | None
    x: str
    y: str


RawParts = Mapping[str, RawPart]
"""By the names of `PARTS`, in their order; there is always one for training."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RawArrays:
    """Four arrays as Keras returns and writes them; nothing about them is certain yet.

    Attributes
    ----------
    x_train, x_test : ndarray of shape (n, height, width) or (n, height, width, channels)
    y_train, y_test : ndarray of shape (n,) or (n, 1)
        None, both of them, without labels.
    """

    x_train: np.ndarray
    y_train: np.ndarray | None
    x_test: np.ndarray
    y_test: np.ndarray | None

    def parts(self) -> RawParts:
        """The same, by part."""
        return {
            "train": RawPart(images=self.x_train, labels=self.y_train, x="x_train", y="y_train"),
            "test": RawPart(images=self.x_test, labels=self.y_test, x="x_test", y="y_test"),
        }


def assemble(
    raw: RawParts,
    *,
    name: str,
    where: str,
    splitter: splitting.Splitter,
    class_names: Sequence[str] | None = None,
    reading: Reading = UNSAID,
    notes: Sequence[str] = (),
) -> Dataset:
    """Check, scale and split the arrays of a source.

    Parameters
    ----------
    raw : RawParts
    name : str
        The name of the data set.
    where : str
        Begins the message of an error: the data set as the user knows it.
    splitter : callable
        Chooses the validation images where there are test images and none for validation; given the labels
        of all training images.
    class_names : sequence of str, optional
        The name of label k at position k; the labels themselves if not given.
    reading : Reading
        What the user says of the pixels.
    notes : sequence of str
        What was done to the images before, in words.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        In one line, for anything that the modules `shapes`, `pixels` and `checks` do not let pass.
    """
    images = checked_parts(raw, where, reading)
    extents = {
        f"{where}: {part.x}": pixels.extent(images[key], f"{where}: {part.x}") for key, part in raw.items()
    }
    how = pixels.scale(extents, reading)
    found = classes(raw, where, class_names)
    numbers = dict(zip(raw, found.numbers, strict=True))
    low, high = min(one.low for one in extents.values()), max(one.high for one in extents.values())

    kept = _kept(images, reading, [*extents.values()], how)

    def split(key: str, chosen: splitting.Selection = splitting.ALL) -> Split:
        part = Split(images=kept[key], labels=numbers[key]).rows(chosen)
        if isinstance(part.images, Levels):
            return part
        sized = resizing.arrays(part.images, reading, low, high)
        return dataclasses.replace(part, images=scaled(sized, how))

    drawn = splitting.divided(numbers["train"], len(images["train"]), raw.keys(), splitter)
    parts = {key: split("train", chosen) for key, chosen in drawn.items()}
    parts |= {key: split(key) for key in raw if key != "train"}
    return Dataset(
        name=name,
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
        class_names=found.names,
        novel=found.novel,
        sha256=fingerprint(*_arrays(raw), reading=reading),
        notes=tuple(filter(None, (pixels.told([*extents.values()], how), *changes(raw, reading), *notes))),
        value_range=(float(how.black), float(how.white)),
    )


def _kept(
    images: Mapping[str, np.ndarray], reading: Reading, extents: Sequence[pixels.Extent], how: pixels.Scale
) -> Mapping[str, np.ndarray]:
    """The images of a large set as whole numbers, if they are such; else as they are."""
    count = sum(len(each) for each in images.values())
    values = count * math.prod(resizing.shape(images["train"].shape[1:], reading))
    are_bytes = images["train"].dtype == np.uint8 or not resizing.is_needed(images["train"].shape, reading)
    if values < levels.LEAST or not are_bytes or not levels.are_such(extents, how):
        return images
    low, high = min(one.low for one in extents), max(one.high for one in extents)
    found = {key: resizing.arrays(each, reading, low, high) for key, each in images.items()}
    return {key: cast(np.ndarray, Levels(levels.bytes_of(each), how.white)) for key, each in found.items()}


def checked_parts(raw: RawParts, where: str, reading: Reading = UNSAID) -> dict[str, np.ndarray]:
    """Return images of one size in all parts, with channels last, values untouched."""
    for part in raw.values():
        if part.labels is not None:
            shapes.require_images_first(part.images, part.labels, f"{where}: {part.x}")
    found = {
        key: shapes.checked_images(part.images, f"{where}: {part.x}", reading) for key, part in raw.items()
    }
    for key, images in found.items():
        if images.shape[1:] != found["train"].shape[1:]:
            raise problem(
                f"{where}: {raw[key].x}",
                expected=f"images of the shape of {raw['train'].x}, {found['train'].shape[1:]}",
                received=f"{images.shape[1:]}",
                remedy="resize the images to one size with the same channels",
            )
    return found


def classes(raw: RawParts, where: str, class_names: Sequence[str] | None = None) -> checks.Classes:
    """Return the classes of all parts, none where some labels are missing or none; raises as `assemble`."""
    found: dict[str, np.ndarray] = {}
    for part in raw.values():
        if part.labels is not None:
            count, place = shapes.count(part.images), f"{where}: {part.y}"
            found[part.y] = checks.one_each(part.labels, count, place)
    if not _are_labelled(raw):
        return checks.none({part.x: shapes.count(part.images) for part in raw.values()}, where)
    tested = raw["test"].y if "test" in raw else ""
    return checks.contiguous_labels(found, where, class_names, may_be_novel=tested)


def _are_labelled(raw: RawParts) -> bool:
    return all(part.labels is not None and not labels.are_no_classes(part.labels) for part in raw.values())


def changes(raw: RawParts, reading: Reading) -> tuple[str, ...]:
    """Return what is done to sizes and labels, and what is split off, in words."""
    forms = (labels.told(part.labels) for part in raw.values() if part.labels is not None)
    split = splitting.told(raw.keys(), is_labelled=_are_labelled(raw))
    return tuple(filter(None, (resizing.told(reading), *dict.fromkeys(forms), split)))


def _arrays(raw: RawParts) -> list[np.ndarray]:
    pairs = ((part.images, part.labels) for part in raw.values())
    return [array for pair in pairs for array in pair if array is not None]


def scaled(images: np.ndarray, how: pixels.Scale) -> np.ndarray:
    """Return the images from `how.black`..`how.white` to 0..1, float32, C-contiguous; in one pass."""
    if how.black or not _FLOAT32_WHITES[0] <= how.white <= _FLOAT32_WHITES[1]:
        return _scaled_with_more_digits(images, how)
    if how.white == 1:
        found = np.ascontiguousarray(images.astype(np.float32, copy=False))
    else:
        found = large.empty(images.shape, np.float32)
        np.divide(images, how.white, out=found, dtype=np.float32, casting="unsafe")
    return np.clip(found, 0, 1) if how.clips else found


def _scaled_with_more_digits(images: np.ndarray, how: pixels.Scale) -> np.ndarray:
    """The same where float32 cannot tell the values apart, or cannot hold them: a thousand million and 1."""
    kind = np.result_type(images.dtype, np.float64)
    black = kind.type(how.black)
    found = large.empty(images.shape, np.float32)
    step = max(1, _BLOCK // math.prod(images.shape[1:]))
    for start in range(0, len(images), step):
        block = images[start : start + step].astype(kind)
        block -= black
        block /= kind.type(how.white) - black
        found[start : start + step] = np.clip(block, 0, 1)
    return found


def fingerprint(*arrays: np.ndarray, reading: Reading = UNSAID) -> str:
    """Return the SHA-256 of the dtypes, shapes and values of arrays, in hexadecimal digits.

    What the user says of the pixels is part of it: it makes other images of the same values.
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(heading(array.dtype, array.shape))
        digest.update(np.ascontiguousarray(array).data)
    digest.update(str(reading).encode())
    return digest.hexdigest()


def heading(dtype: np.dtype, shape: tuple[int, ...]) -> bytes:
    """Return what stands for an array before its values in a fingerprint."""
    return f"{dtype.str}{shape}".encode()
