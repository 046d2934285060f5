"""Which arrays of a file are taken for what, by their names, their axes, or a switch."""

from pathlib import Path

import numpy as np
import pytest

from bench import datasets, errors
from bench.datasets import labels
from bench.datasets.reading import UNSAID, Reading
from bench.datasets.sources import roles

Arrays = dict[str, np.ndarray]


@pytest.fixture
def save(tmp_path: Path):
    """Write arrays to `toys.npz`, and return its path."""

    def write(*unnamed: np.ndarray, **arrays: np.ndarray) -> str:
        np.savez(tmp_path / "toys.npz", *unnamed, **arrays)
        return str(tmp_path / "toys.npz")

    return write


def sizes(dataset: datasets.Dataset) -> list[int]:
    return [len(part.images) for part in (dataset.train, dataset.validation, dataset.test)]


def agree(name: str) -> datasets.Dataset:
    """Load a data set; what was said of it before, and its fingerprint, are those of the loaded one."""
    read = datasets.load(name)
    assert str(datasets.outlook.__wrapped__(name)) == str(datasets.outline(read))
    assert datasets.sha256(name) == read.sha256
    assert read.train.images.dtype == np.float32
    return read


def test_three_parts_are_taken_as_medmnist_has_them(save, toys: Arrays) -> None:
    x, y = toys["x_train"], toys["y_train"].reshape(-1, 1).astype(np.uint8)
    name = save(
        train_images=x[:60],
        train_labels=y[:60],
        val_images=x[60:80],
        val_labels=y[60:80],
        test_images=x[80:],
        test_labels=y[80:],
    )
    read = agree(name)
    assert sizes(read) == [60, 20, 20]
    np.testing.assert_array_equal(np.round(read.validation.images[..., 0] * 255), x[60:80])
    np.testing.assert_array_equal(read.train.labels, y[:60, 0])
    assert "validation images as they are given" in read.notes


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("x", "y"),
        ("X", "Y"),
        ("images", "labels"),
        ("data", "target"),
        ("imgs", "class"),
        ("xTrain", "train_y"),
    ],
)
def test_a_whole_without_parts_is_split_by_a_stated_rule(save, toys: Arrays, x: str, y: str) -> None:
    read = agree(save(**{x: toys["x_train"], y: toys["y_train"]}))
    assert sizes(read) == [60, 20, 20]
    for part in (read.train, read.validation, read.test):
        counts = np.bincount(part.labels)
        np.testing.assert_allclose(counts, np.bincount(toys["y_train"]) * len(part.labels) / 100, atol=1)
    together = np.concatenate([read.train.images, read.validation.images, read.test.images])
    originals = {image.tobytes() for image in toys["x_train"]}
    assert {np.round(image * 255).astype(np.uint8).tobytes() for image in together} == originals
    assert "no test part: a stratified fifth is set aside for it, and as many for validation" in str(
        read.notes
    )


def test_a_set_with_validation_and_no_test_part_has_one_split_off(save, toys: Arrays) -> None:
    x, y = toys["x_train"], toys["y_train"]
    read = agree(save(x_train=x[:80], y_train=y[:80], x_valid=x[80:], y_valid=y[80:]))
    assert sizes(read) == [64, 20, 16]
    np.testing.assert_array_equal(read.validation.labels, y[80:])


def test_arrays_without_names_are_told_apart_by_their_axes(save, toys: Arrays) -> None:
    two = agree(save(toys["y_train"], toys["x_train"]))
    assert sizes(two) == [60, 20, 20]
    assert "arrays without names taken by their axes and order: 'arr_1' as images for train" in str(two.notes)
    four = agree(save(*toys.values()))
    keras = datasets.load(save(**toys))
    np.testing.assert_array_equal(four.test.images, keras.test.images)


def test_what_is_neither_images_nor_labels_is_left_aside_and_never_opened(save, toys: Arrays) -> None:
    pickled = np.array([{"a": 1}], dtype=object)
    read = agree(save(**toys, metadata=pickled, class_names=np.array(["a"])))
    assert "left aside: 'metadata', 'class_names'" in read.notes
    assert sizes(read) == [80, 20, 30]


def test_names_without_end_are_left_aside_and_shortened(save, toys: Arrays) -> None:
    read = agree(save(**toys, **{"x" + "_\u202e" * 5000: toys["x_test"]}))
    (note,) = [note for note in read.notes if note.startswith("left aside")]
    assert note.isprintable()
    assert len(note) < 200


def test_two_meanings_are_asked_about_and_then_read_as_said(save, toys: Arrays, assert_problem) -> None:
    fine = np.arange(100) % 4
    name = save(images=toys["x_train"], fine_labels=fine, coarse_labels=fine // 2)
    for function in (datasets.load, datasets.outlook, datasets.sha256):
        with pytest.raises(errors.DataError) as caught:
            function(name)
        assert_problem(caught.value, "'fine_labels', 'coarse_labels'", "--labels NAME", "@labels=NAME")
    assert len(agree(f"{name}@labels=fine_labels").class_names) == 4
    assert len(agree(f"{name}@labels=coarse_labels").class_names) == 2
    odd = save(photos=toys["x_train"], kind=toys["y_train"])
    assert len(agree(f"{odd}@images=photos@labels=kind").class_names) == 3


def test_rows_of_pixels_are_images_where_their_shape_is_said(save, toys: Arrays, assert_problem) -> None:
    name = save(x=toys["x_train"].reshape(100, 64), y=toys["y_train"])
    with pytest.raises(errors.DataError) as caught:
        datasets.load(name)
    assert_problem(caught.value, "shape (100, 64)", "--shape 8x8")
    said = agree(f"{name}@shape=8x8")
    assert said.sha256 != datasets.load(f"{name}@shape=4x16").sha256
    assert said.image_shape == (8, 8, 1)
    with pytest.raises(errors.DataError, match="rows of 63 values, as --shape 7x9 says"):
        datasets.load(f"{name}@shape=7x9")


def test_rows_of_colours_need_to_say_how_channels_lie(save, toys: Arrays, assert_problem) -> None:
    planes = np.stack([toys["x_train"], toys["x_train"] // 2, 255 - toys["x_train"]], axis=1)
    name = save(x=planes.reshape(100, 192), y=toys["y_train"])
    with pytest.raises(errors.DataError) as caught:
        datasets.load(f"{name}@shape=8x8x3")
    assert_problem(caught.value, "3 channels of a row", "--channels first")
    read = agree(f"{name}@shape=8x8x3@channels=first")
    whole = datasets.load(save(x=np.moveaxis(planes, 1, -1), y=toys["y_train"]))
    np.testing.assert_array_equal(read.train.images, whole.train.images)


LABELS = {
    "one-hot": (lambda y: np.eye(3)[y], "one-hot rows read as class numbers", ("0", "1", "2")),
    "one-hot integers": (lambda y: np.eye(3, dtype=int)[y], "one-hot rows", ("0", "1", "2")),
    "whole floats": (lambda y: y.astype(np.float32), "labels of float32 read as whole", ("0", "1", "2")),
    "names": (lambda y: np.array(["cat", "dog", "café"])[y], "", ("café", "cat", "dog")),
    "bytes": (lambda y: np.array([b"b", b"a", b"caf\xe9"])[y], "", ("a", "b", "caf\\xe9")),
    "numbers as texts": (lambda y: (y * 5).astype(str), "", ("0", "5", "10")),
    "booleans": (lambda y: y > 0, "", ("0", "1")),
}


@pytest.mark.parametrize(("change", "note", "names"), LABELS.values(), ids=LABELS.keys())
def test_labels_of_any_form_are_classes(save, toys: Arrays, change, note: str, names) -> None:
    read = agree(save(**toys | {name: change(toys[name]) for name in ("y_train", "y_test")}))
    assert read.class_names == names
    assert read.test.labels.dtype == np.int64
    assert any(note in told for told in read.notes)
    groups = {tuple(np.unique(toys["y_test"][read.test.labels == k])) for k in range(len(names))}
    assert sum(map(len, groups)) == 3  # no class of before is in two of now


BROKEN = {
    "an image alone": (lambda t: {"images": t["x_train"][:1]}, "images: expected at least 5 training images"),
    "labels in one part": (
        lambda t: {name: t[name] for name in ("x_train", "x_test", "y_test")},
        "'x_train' without, and others with labels; save the missing labels under a name such as y_train",
    ),
    "test alone": (lambda t: {"x_test": t["x_test"], "y_test": t["y_test"]}, "training images"),
    "nothing": (lambda t: {}, "received no arrays"),
    "two of images": (lambda t: {**t, "train_data": t["x_train"]}, "'x_train', 'train_data'"),
    "a fraction among labels": (lambda t: {**t, "y_train": t["y_train"] + 0.5}, "float64 with "),
    "no number among labels": (
        lambda t: {**t, "y_train": np.where(np.arange(100) == 9, np.nan, t["y_train"])},
        "float64 with nan",
    ),
    "three names and three numbers": (
        lambda t: {**t, "y_train": np.array(["a", "b", "c"])[t["y_train"]]},
        "labels like those of y_train: a, b, c",
    ),
    "validation of another size": (
        lambda t: {**t, "x_val": t["x_test"][:, :7], "y_val": t["y_test"]},
        "x_val: expected images of the shape of x_train, (8, 8, 1)",
    ),
    "validation of another class": (
        lambda t: {**t, "x_val": t["x_test"], "y_val": t["y_test"] + 1},
        "y_val: expected labels that y_train has",
    ),
}


@pytest.mark.parametrize(("change", "told"), BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("function", [datasets.load, datasets.outlook])
def test_arrays_that_are_no_data_set_end_in_one_line(
    save, toys: Arrays, assert_problem, function, change, told: str
) -> None:
    name = save(**change(toys))
    with pytest.raises(errors.DataError) as caught:
        function(name)
    assert_problem(caught.value, "toys.npz", told)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kmnist-train-imgs.npz/arr_0", ("train", "images")),
        ("t10k-labels-idx1-ubyte.gz/t10k-labels", ("test", "labels")),
        ("train_32x32.mat/X", ("train", "images")),
        ("train/target", ("train", "labels")),
        ("x_tr", ("train", "images")),
        ("validation_images", ("validation", "images")),
        ("label_data.npz/y", ("", "labels")),
        ("class_names", ("", "")),
        ("testament", ("", "")),
    ],
)
def test_names_are_read_word_by_word(name: str, expected: tuple[str, str]) -> None:
    assert roles.parsed(name, UNSAID) == expected


def test_a_name_that_is_said_goes_before_what_words_mean() -> None:
    assert roles.parsed("train_fine_labels", Reading(labels="fine_labels")) == ("train", "labels")
    assert roles.parsed("train_coarse_labels", Reading(labels="fine_labels")) == ("train", "")


def test_only_single_ones_are_one_hot() -> None:
    assert labels.is_one_hot(np.eye(4))
    assert not labels.is_one_hot(np.zeros((4, 4)))
    assert not labels.is_one_hot(np.ones((4, 1)))
    assert not labels.is_one_hot(np.eye(4) * 2)
