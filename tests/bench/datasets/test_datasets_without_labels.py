"""Images without labels, of one class, or tested on classes that training images lack."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from bench import datasets, errors
from bench.datasets import contact_sheet, splitting

Arrays = dict[str, np.ndarray]


@pytest.fixture
def save(tmp_path: Path):
    """Write arrays to `toys.npz`, and return its path."""

    def write(**arrays: np.ndarray) -> str:
        np.savez(tmp_path / "toys.npz", **arrays)
        return str(tmp_path / "toys.npz")

    return write


def agree(name: str) -> datasets.Dataset:
    """Load a data set; what was said of it before, and its fingerprint, are those of the loaded one."""
    read = datasets.load(name)
    assert str(datasets.outlook.__wrapped__(name)) == str(datasets.outline(read))
    assert datasets.sha256(name) == read.sha256
    return read


def labels_of(read: datasets.Dataset) -> list[np.ndarray | None]:
    return [part.labels for part in (read.train, read.validation, read.test)]


def test_images_alone_are_split_in_random_order_with_a_seed_that_is_said(
    tmp_path: Path, toys: Arrays
) -> None:
    np.save(tmp_path / "pictures_of_mine.npy", toys["x_train"])
    read = agree(str(tmp_path / "pictures_of_mine.npy"))
    assert [len(part.images) for part in (read.train, read.validation, read.test)] == [60, 20, 20]
    assert labels_of(read) == [None, None, None]
    assert "no test part: a fifth is set aside for it, and as many for validation, drawn with the seed 0" in (
        read.notes
    )
    rest, drawn = splitting.stratified(np.zeros(100, int), 20)
    np.testing.assert_array_equal(np.round(read.test.images[..., 0] * 255), toys["x_train"][drawn])
    assert (np.diff(rest) < 0).any()


def test_arrays_of_other_files_are_taken_alone_too(tmp_path: Path, save, toys: Arrays) -> None:
    with h5py.File(tmp_path / "toys.h5", "w") as file:
        file["anything"] = toys["x_train"]
    read = agree(str(tmp_path / "toys.h5"))
    assert "'anything' read as images" in read.notes
    np.testing.assert_array_equal(read.test.images, agree(save(cats=toys["x_train"])).test.images)
    assert labels_of(agree(save(x_train=toys["x_train"], x_test=toys["x_test"]))) == [None, None, None]


@pytest.mark.parametrize(
    "rows",
    [
        lambda y: np.eye(3, dtype=int)[y] | np.eye(3, dtype=int)[0],
        lambda y: np.column_stack([y, y / 7]),
        lambda y: np.zeros((len(y), 3)),
    ],
)
def test_rows_that_are_no_classes_are_left_aside_and_that_is_said(save, toys: Arrays, rows) -> None:
    read = agree(save(**toys | {name: rows(toys[name]) for name in ("y_train", "y_test")}))
    assert labels_of(read) == [None, None, None]
    assert any(note.startswith("labels left aside: ") for note in read.notes)
    assert read.sha256 != agree(save(x_train=toys["x_train"], x_test=toys["x_test"])).sha256


def test_one_class_is_data(save, toys: Arrays) -> None:
    read = agree(save(**toys | {name: toys[name] * 0 + 7 for name in ("y_train", "y_test")}))
    assert read.class_names == ("7",)
    assert "1 class (7): accuracies and clusters are empty" in str(datasets.outline(read))


def test_test_images_may_be_of_classes_that_training_lacks(save, toys: Arrays) -> None:
    read = agree(save(**toys | {"y_test": toys["y_test"] - 1}))
    assert read.class_names == ("0", "1", "2", "-1")
    assert read.novel == 1
    np.testing.assert_array_equal(read.test.labels, (toys["y_test"] - 1) % 4)
    assert "3 classes (0, 1, 2), and 1 more (-1) that only test images have: accuracies" in str(
        datasets.outline(read)
    )


def test_a_contact_sheet_shows_images_without_names(save, toys: Arrays) -> None:
    rows = contact_sheet.rows(datasets.load(save(x=toys["x_train"])), 16, 8)
    assert [(name, len(shown)) for name, shown in rows] == [("", 8)] * 4
    assert contact_sheet.is_ours(contact_sheet.png(datasets.load(save(x=toys["x_train"]))))


BROKEN = {
    "one picture": (lambda x: {"x": x[0]}, "at least one image, shape (n, height, width)"),
    "four images": (lambda x: {"x": x[:4]}, "x: expected at least 5 training images, one for validation"),
    "labels of another length": (lambda x: {"x": x, "y": np.eye(3)[[0] * 9] + 1}, "expected 100 labels"),
    "two arrays of no name": (lambda x: {"a": x, "b": x}, "'a', 'b'; say which"),
    "test images alone": (lambda x: {"test": x}, "an array of training images"),
}


@pytest.mark.parametrize(("arrays", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_data_set_ends_in_one_line(save, toys: Arrays, assert_problem, arrays, told: str) -> None:
    for function in (datasets.load, datasets.outlook):
        with pytest.raises(errors.DataError) as caught:
            function(save(**arrays(toys["x_train"])))
        assert_problem(caught.value, "toys.npz", told)
