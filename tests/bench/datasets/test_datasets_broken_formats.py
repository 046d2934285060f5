"""Files of arrays beside `.npz` that are damaged or mean nothing: each is one line."""

import gzip
import io
import os
import random
import struct
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

from bench import datasets, errors
from bench.datasets.sources import flat

from .test_datasets_formats import (
    WAYS,
    Arrays,
    Write,
    as_idx,
    as_npy,
    idx,
)


def shorter(path: Path) -> None:
    """Cut the largest file of a data set to a half."""
    files = [path] if path.is_file() else [file for file in path.iterdir() if not file.name.startswith(".")]
    largest = max(files, key=lambda file: file.stat().st_size)
    content = largest.read_bytes()
    largest.write_bytes(content[: len(content) // 2 - 1])


def empty(path: Path) -> None:
    files = [path] if path.is_file() else [file for file in path.iterdir() if file.suffix != ".md"]
    max(files, key=lambda file: file.stat().st_size).write_bytes(b"")


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("spoil", [shorter, empty])
def test_a_file_that_is_cut_or_empty_is_one_line(
    tmp_path: Path, toys: Arrays, assert_problem, write: Write, spoil
) -> None:
    place = write(tmp_path, toys)
    spoil(place)
    for function in (datasets.load, datasets.sha256):
        with pytest.raises(errors.DataError) as caught:
            function(str(place))
        assert_problem(caught.value, "toys")


def fewer_labels(place: Path, toys: Arrays) -> Path:
    folder = as_idx(place, toys)
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(toys["y_train"][:-1]))
    return folder


def other_magic(place: Path, toys: Arrays) -> Path:
    folder = as_idx(place, toys)
    (folder / "train-images-idx3-ubyte").write_bytes(b"\x00\x00\x07\x03" + bytes(100))
    return folder


def huge_idx(place: Path, toys: Arrays) -> Path:
    folder = as_idx(place, toys)
    header = struct.pack(">4I", 0x0803, 2**31, 2**10, 2**10)
    (folder / "train-images-idx3-ubyte").unlink()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + bytes(1000)))
    return folder


def unwritten_hdf5(place: Path, toys: Arrays) -> Path:
    with h5py.File(place / "toys.h5", "w") as content:
        content.create_dataset("x_train", shape=(10**9, 32, 32), dtype="u1", chunks=(100, 32, 32))
        content["y_train"] = toys["y_train"]
    return place / "toys.h5"


def linked_hdf5(place: Path, toys: Arrays) -> Path:
    with h5py.File(place / "other.h5", "w") as content:
        content["x"], content["y"] = toys["x_train"], toys["y_train"]
    with h5py.File(place / "toys.h5", "w") as content:
        content["x"], content["y"] = h5py.ExternalLink("other.h5", "/x"), h5py.ExternalLink("other.h5", "/y")
    return place / "toys.h5"


def external_hdf5(place: Path, toys: Arrays) -> Path:
    (place / "secret.bin").write_bytes(toys["x_train"].tobytes())
    with h5py.File(place / "toys.h5", "w") as content:
        content.create_dataset("x", (100, 8, 8), "u1", external=[(str(place / "secret.bin"), 0, 6400)])
        content["y"] = toys["y_train"]
    return place / "toys.h5"


def references(place: Path, toys: Arrays) -> Path:
    with h5py.File(place / "toys.h5", "w") as content:
        content["x"] = toys["x_train"]
        content.create_dataset("y", (100,), h5py.ref_dtype)
    return place / "toys.h5"


def structures(place: Path, toys: Arrays) -> Path:
    scipy.io.savemat(place / "toys.mat", {"x": {"a": 1}, "y": toys["y_train"]})
    return place / "toys.mat"


def table(place: Path, text: str) -> Path:
    (place / "toys.csv").write_text(text)
    return place / "toys.csv"


ROW = ",".join("7" * 4)
BROKEN: dict[str, tuple[Write, str]] = {
    "labels of another length": (fewer_labels, "expected 100 labels, one for each image, received 99"),
    "an IDX file of no known type": (other_magic, "begins with 00 00 07 03"),
    "an IDX file that claims more": (huge_idx, "packed at most 200-fold"),
    "an HDF5 file that claims more": (unwritten_hdf5, "packed at most 200-fold"),
    "links out of an HDF5 file": (linked_hdf5, "no arrays"),
    "values outside an HDF5 file": (external_hdf5, "received 'y'"),
    "references": (references, "an array of numbers"),
    "structures of MATLAB": (structures, "an array of training images"),
    "a row that is short": (
        lambda p, t: table(p, f"label,a,b,c,d\n1,{ROW}\n1,7,7\n"),
        "row 2: expected 5 columns",
    ),
    "a text among pixels": (
        lambda p, t: table(p, f"label,a,b,c,d\n1,{ROW}\n1,7,7,x,7\n"),
        "row 2: expected numbers for pixels, received 'x'",
    ),
    "two columns of labels": (
        lambda p, t: table(p, f"label,class,a,b,c,d\n1,1,{ROW}\n"),
        "expected one column of labels, received 'label', 'class'",
    ),
    "a header alone": (lambda p, t: table(p, "label,a,b,c,d\n"), "received no rows"),
    "a part of another name": (lambda p, t: table(p, "label,pixels,usage\n1,7 7 7 7,holiday\n"), "'holiday'"),
    "rows of no square": (lambda p, t: table(p, "label,a,b,c,d,e\n" + f"1,{ROW},7\n" * 9), "--shape 28x20"),
    "NaN in one row": (
        lambda p, t: table(p, "label,a,b,c,d\n" + f"1,{ROW}\n" * 8 + "1,7,nan,7,7\n"),
        "first in image 8 ",
    ),
}


@pytest.mark.parametrize(("write", "told"), BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("function", [datasets.load, datasets.outlook.__wrapped__])
def test_what_a_format_does_not_bear_is_one_line(
    tmp_path: Path, toys: Arrays, assert_problem, function, write: Write, told: str
) -> None:
    with pytest.raises(errors.DataError) as caught:
        function(str(write(tmp_path, toys)))
    assert_problem(caught.value, told)


def test_pictures_beside_arrays_and_too_many_files_are_asked_about(
    tmp_path: Path, toys: Arrays, assert_problem
) -> None:
    folder = as_npy(tmp_path, toys)
    (folder / "one.png").write_bytes(b"x")
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "both: 'one.png' and ")
    (folder / "one.png").unlink()
    for number in range(20):
        np.save(folder / f"cat-{number}.npy", toys["x_test"])
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "16 files at most", "received 24")


def test_pipes_in_place_of_files_are_not_waited_for(tmp_path: Path, toys: Arrays) -> None:
    folder = as_npy(tmp_path, toys)
    (folder / "x_train.npy").unlink()
    os.mkfifo(folder / "x_train.npy")
    with pytest.raises(errors.DataError, match="training images"):
        datasets.load(str(folder))
    with pytest.raises(errors.DataError, match="not a regular file"), flat.npy(folder / "x_train.npy", None):
        pass


def changed(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(found))
        found[place : place + 1] = chance.randbytes(1)
    return bytes(found[: chance.randrange(1, len(found))] if chance.random() < 0.2 else found)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["npy", "h5", "mat", "csv", "gz"])
def test_damaged_files_end_in_a_data_set_or_a_line(tmp_path: Path, toys: Arrays, kind: str) -> None:
    chance, small = random.Random(5), {"x": toys["x_train"][:30], "y": toys["y_train"][:30]}
    written, file = io.BytesIO(), tmp_path / ("x-idx3-ubyte.gz" if kind == "gz" else f"toys.{kind}")
    if kind == "npy":
        np.save(written, small["x"])
    elif kind == "h5":
        with h5py.File(written, "w") as content:
            content.create_dataset("x", data=small["x"], compression="gzip")
            content["y"] = small["y"]
    elif kind == "mat":
        scipy.io.savemat(written, small)
    elif kind == "csv":
        np.savetxt(written, np.column_stack([small["y"], small["x"].reshape(-1, 64)]), "%d", ",")
    else:
        written.write(gzip.compress(idx(small["x"])))
    for _ in range(100):
        file.write_bytes(changed(written.getvalue(), chance))
        for function in (datasets.load, datasets.outlook.__wrapped__):
            try:
                function(str(file))
            except errors.DataError as error:
                assert str(error).isprintable()
                assert len(str(error)) < 900
