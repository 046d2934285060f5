"""Files of arrays beside `.npz`: each is read as `.npz` is."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

from bench import datasets, errors
from bench.datasets.sources import hdf5

Arrays = dict[str, np.ndarray]
Write = Callable[[Path, Arrays], Path]


def idx(array: np.ndarray) -> bytes:
    """An IDX file, as its format is described."""
    return (
        struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.astype("u1").tobytes()
    )


def as_idx(place: Path, toys: Arrays) -> Path:
    folder = place / "toys"
    folder.mkdir()
    for part, prefix in (("train", "train"), ("test", "t10k")):
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(idx(toys[f"x_{part}"]))
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(toys[f"y_{part}"]))
    return folder


def as_idx_gz(place: Path, toys: Arrays) -> Path:
    folder = as_idx(place, toys)
    for file in sorted(folder.iterdir()):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    return folder


def as_kuzushiji(place: Path, toys: Arrays) -> Path:
    folder = place / "toys"
    folder.mkdir()
    for part in ("train", "test"):
        np.savez_compressed(folder / f"kmnist-{part}-imgs.npz", toys[f"x_{part}"])
        np.savez_compressed(folder / f"kmnist-{part}-labels.npz", toys[f"y_{part}"])
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "README.md").write_text("about")
    return folder


def as_npy(place: Path, toys: Arrays) -> Path:
    folder = place / "toys"
    folder.mkdir()
    for name, array in toys.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def as_hdf5(place: Path, toys: Arrays) -> Path:
    with h5py.File(place / "toys.h5", "w") as content:
        for part in ("train", "test"):
            group = content.create_group(part)
            group.create_dataset("images", data=toys[f"x_{part}"], chunks=(10, 8, 8), compression="gzip")
            group.create_dataset("labels", data=toys[f"y_{part}"])
        content["scalar"] = 3
        content["soft"] = h5py.SoftLink("/train/images")
        content["outside"] = h5py.ExternalLink("/etc/other.h5", "/images")
    return place / "toys.h5"


def as_mat(place: Path, toys: Arrays) -> Path:
    folder = place / "toys"
    folder.mkdir()
    for part in ("train", "test"):
        content = {"X": np.moveaxis(toys[f"x_{part}"], 0, -1), "y": toys[f"y_{part}"].astype(float)[:, None]}
        scipy.io.savemat(folder / f"{part}_8x8.mat", content, do_compression=part == "test")
    return folder


def as_mat_7_3(place: Path, toys: Arrays) -> Path:
    """As MATLAB writes them: HDF5 behind 512 bytes, axes in the other order."""
    with h5py.File(place / "toys.mat", "w", userblock_size=512) as content:
        for part in ("train", "test"):
            content[f"{part}_data"] = np.moveaxis(toys[f"x_{part}"], 0, -1).transpose()
            content[f"{part}_label"] = toys[f"y_{part}"].astype(float)[:, None].transpose()
    return place / "toys.mat"


def as_csv(place: Path, toys: Arrays) -> Path:
    folder = place / "toys"
    folder.mkdir()
    header = ",".join(["label", *(f"{row}x{column}" for row in range(8) for column in range(8))])
    for part in ("train", "test"):
        rows = np.column_stack([toys[f"y_{part}"], toys[f"x_{part}"].reshape(-1, 64)])
        np.savetxt(folder / f"toys_{part}.csv", rows, "%d", ",", header=header, comments="")
    return folder


def as_fer(place: Path, toys: Arrays) -> Path:
    lines = ["emotion,pixels,Usage"]
    for part, usage in (("train", "Training"), ("test", "PrivateTest")):
        for image, label in zip(toys[f"x_{part}"], toys[f"y_{part}"], strict=True):
            lines.append(f"{label},{' '.join(map(str, image.ravel()))},{usage}")
    (place / "toys.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return place / "toys.csv"


WAYS = [as_idx, as_idx_gz, as_kuzushiji, as_npy, as_hdf5, as_mat, as_mat_7_3, as_csv, as_fer]


@pytest.mark.parametrize("write", WAYS)
def test_the_same_images_are_read_from_every_format(tmp_path: Path, toys: Arrays, write: Write) -> None:
    np.savez(tmp_path / "same.npz", **toys)
    expected = datasets.load(str(tmp_path / "same.npz"))
    name = str(write(tmp_path, toys))
    read = datasets.load(name)
    for part in ("train", "validation", "test"):
        ours, theirs = getattr(read, part), getattr(expected, part)
        np.testing.assert_array_equal(ours.images, theirs.images)
        np.testing.assert_array_equal(ours.labels, theirs.labels)
    assert (read.name, read.class_names) == ("toys", expected.class_names)
    told = datasets.outlook(name)
    assert (told.images, told.image_shape) == (datasets.outline(read).images, read.image_shape)
    assert datasets.sha256(name) == read.sha256


def test_mnists_tables_without_a_header_begin_with_the_label(tmp_path: Path, toys: Arrays) -> None:
    rows = np.column_stack([toys["y_train"], toys["x_train"].reshape(-1, 64)])
    np.savetxt(tmp_path / "toys.csv", rows, "%d", ",")
    read = datasets.load(str(tmp_path / "toys.csv"))
    assert read.image_shape == (8, 8, 1)
    assert "rows of 64 pixels read as 8x8" in read.notes
    assert "the first column, which has no name, read as labels" in read.notes
    assert len(read.test.images) == 20


def test_a_table_says_which_column_is_the_label(tmp_path: Path, toys: Arrays) -> None:
    header = ",".join([*(f"p{k}" for k in range(64)), "digit"])
    rows = np.column_stack([toys["x_train"].reshape(-1, 64), toys["y_train"]])
    np.savetxt(tmp_path / "toys.csv", rows, "%d", ",", header=header, comments="")
    with pytest.raises(errors.DataError, match="rows have, as --shape 28x20"):
        datasets.load(str(tmp_path / "toys.csv"))
    read = datasets.load(f"{tmp_path}/toys.csv@labels=digit")
    assert "column 'digit' read as labels" in read.notes
    assert read.class_names == ("0", "1", "2")


def test_what_matlab_stacks_last_is_moved_and_that_is_said(tmp_path: Path, toys: Arrays) -> None:
    read = datasets.load(str(as_mat(tmp_path, toys)))
    assert any("images along the last axis of 'X', as MATLAB has them" in note for note in read.notes)


def test_names_of_classes_in_hdf5_and_matlab_are_read(tmp_path: Path, toys: Arrays) -> None:
    names = np.array(["cat", "dog", "eel"])[toys["y_train"]]
    with h5py.File(tmp_path / "toys.hdf5", "w") as content:
        content["x"], content["y"] = toys["x_train"], names.astype(object)
    scipy.io.savemat(tmp_path / "toys.mat", {"x": toys["x_train"], "y": names.astype(object)})
    for file in ("toys.hdf5", "toys.mat"):
        read = datasets.load(str(tmp_path / file))
        assert read.class_names == ("cat", "dog", "eel")
        assert datasets.sha256(str(tmp_path / file)) == read.sha256


def test_an_hdf5_file_in_chunks_is_read_in_steps_as_it_was_written(tmp_path: Path, monkeypatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (101, 9, 7), dtype=np.uint8)
    with h5py.File(tmp_path / "chunks.h5", "w") as file:
        file.create_dataset("images", data=images, chunks=(8, 9, 7), compression="gzip")
        file.create_dataset("labels", data=np.arange(101) % 3)
    monkeypatch.setattr(hdf5, "BLOCK", 9 * 7 * 20)  # two chunks and a half
    with hdf5.opened(tmp_path / "chunks.h5", datasets.split("chunks.h5")[1]) as store:
        np.testing.assert_array_equal(store.array("images"), images)
        pieces = list(store.blocks("images"))
    assert len(pieces) == 7
    assert b"".join(pieces) == images.tobytes()
