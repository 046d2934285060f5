"""MNIST binarised once, as the literature has it (Larochelle; after Salakhutdinov and Murray 2008).

It was never in Keras: its three files, or one `.npz` file with the same pixels, are looked for where Keras
keeps MNIST. Whatever their form, it is the pixels that are checked.
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bench import foreign
from bench.datasets import assembly, splitting
from bench.datasets.dataset import Dataset, Source
from bench.datasets.messages import listed, problem, shown
from bench.datasets.sources import archive, keras_sets, matlab5

NAME = "mnist_static"
SIDE = 28
PIXELS = {
    "train": "43490d4d6ac9002727af4426d8748609fdb7e4094fa65ad8d681ea60082a7a5a",
    "valid": "069b4f0beb389b776478c3e872b4df71c95ac4be64d7cbe6d32e24ebac8e6d5e",
    "test": "ca0294c3b8d984c7a1dc891015a8eea6f37bae59a34e35ea0fc8c47110a8dd86",
}
"""SHA-256 of the pixels of each part, 0 or 1, a byte each, in the published order."""
COUNTS = {"train": 50_000, "valid": 10_000, "test": 10_000}
NPZ = "mnist_static.npz"
PLACES = (
    "https://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/ (text), or "
    "https://github.com/mingzhang-yin/ARM-gradient (MATLAB)"
)
_MOST_BYTES = 2**28  # of a file; the longest text has 78 million
_VARIABLE = "X"  # of the MATLAB files
_WHITE = 255  # as grey levels have it: what white is in uint8


def files() -> dict[str, Path]:
    """Each part with the file it would come from."""
    return {part: keras_sets.cache_folder() / f"binarized_mnist_{part}.amat" for part in PIXELS}


def missing() -> str:
    """Name the files that are not there and where they are looked for; empty if one form is whole."""
    if (keras_sets.cache_folder() / NPZ).exists():
        return ""
    absent = [path.name for path in files().values() if not path.exists()]
    return f"{listed(absent)} in {shown(keras_sets.cache_folder())}" if absent else ""


def load() -> Dataset:
    """Load the three published parts: 50,000 images for training, 10,000 for validation, 10,000 for test.

    Raises
    ------
    DataError
        If the files are not there, or hold other pixels.
    """
    if missing():
        raise problem(
            f"data set {NAME!r}",
            expected=f"{listed(path.name for path in files().values())}, or {NPZ}, in "
            f"{shown(keras_sets.cache_folder())}",
            received="none or not all of them there",
            remedy=f"get them from {PLACES}, or work without: `--dataset mnist --set binarize=dynamic`",
        )
    parts = {part: _checked(part, *found) for part, found in _read().items()}
    named = {"train": parts["train"], "validation": parts["valid"], "test": parts["test"]}
    raw = {
        part: assembly.RawPart(images=images * np.uint8(_WHITE), labels=None, x=f"x_{part}", y=f"y_{part}")
        for part, images in named.items()
    }
    dataset = assembly.assemble(
        raw, name=NAME, where=f"data set {NAME!r}", splitter=splitting.last_ten_thousand
    )
    return dataclasses.replace(
        dataset,
        notes=(),
        is_binarised=True,
        is_sorted=True,
        why_unlabelled="images without labels: the published set has none",
    )


def _read() -> Mapping[str, tuple[Path, np.ndarray]]:
    """The values of each part as they stand in a file, with that file."""
    path = keras_sets.cache_folder() / NPZ
    if not path.exists():
        return {part: (path, _of_file(path)) for part, path in files().items()}
    with archive.opened(path) as content:
        if absent := [part for part in PIXELS if f"x_{part}" not in content.names]:
            raise problem(
                shown(path),
                expected="the arrays x_train, x_valid and x_test",
                received=f"none called {listed(f'x_{part}' for part in absent)}",
                remedy=f"take the files as they were published: {PLACES}",
            )
        return {part: (path, content.array(f"x_{part}")) for part in PIXELS}


def _of_file(path: Path) -> np.ndarray:
    """The values of a published file, which is text or, under the same name, MATLAB's version 5."""
    with archive.guarded(path, "file of binarised MNIST", f"from {PLACES}"):
        content = foreign.read_bytes(path, most=_MOST_BYTES)
        if content[126:128] in (b"IM", b"MI"):
            return matlab5.arrays(content, lambda name: name == _VARIABLE, _bounded)[_VARIABLE]
        return _of_text(content)


def _bounded(packed: int, size: int) -> int:
    if size > _MOST_BYTES:
        raise ValueError(f"an array of {size:,} bytes")
    return size


def _of_text(content: bytes) -> np.ndarray:
    """The digits of a text of 0, 1 and white space, uint8."""
    letters = np.frombuffer(content, np.uint8)
    digits = letters[letters > ord(" ")] - np.uint8(ord("0"))
    if digits.size and digits.max() > 1:
        raise ValueError("a text with something else than 0, 1 and white space")
    return digits


def _checked(part: str, path: Path, values: np.ndarray) -> np.ndarray:
    """The pixels of a part, `(n, 28, 28)` uint8 0 or 1; raises unless they are those that were published."""
    count = COUNTS[part] * SIDE * SIDE
    are_pixels = values.size == count and values.dtype.kind in "uifb"
    pixels = np.ascontiguousarray(values.reshape(-1) if are_pixels else [], np.uint8)
    received = hashlib.sha256(pixels.data).hexdigest()
    if not are_pixels or received != PIXELS[part]:
        raise problem(
            f"{shown(path)} ({part})",
            expected=f"{count:,} pixels, 0 or 1, with the SHA-256 {PIXELS[part]}",
            received=f"{received} of {values.size:,} values" if are_pixels else f"{values.size:,} values",
            remedy=f"take the file as it was published: {PLACES}",
        )
    return pixels.reshape(-1, SIDE, SIDE)


SOURCE = Source(
    name=NAME,
    summary="MNIST binarised once, as the literature measures likelihoods on; its files are to be put there",
    train_images=COUNTS["train"],
    image_shape=(SIDE, SIDE, 1),
    missing=missing,
    damaged=lambda: "",  # it is found out when it is loaded
    load=load,
    is_labelled=False,
    is_binarised=True,
)
