"""A user's `.npz` file: what is taken, how it is scaled, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from bench import datasets, errors

Arrays = dict[str, np.ndarray]


def save(path: Path, arrays: Arrays) -> str:
    """Write arrays to `path/toys.npz`."""
    file = path / "toys.npz"
    np.savez(file, **arrays)
    return str(file)


def test_a_stratified_fifth_of_the_training_images_is_for_validation(tmp_path: Path, toys: Arrays) -> None:
    order = np.argsort(toys["y_train"])  # sorted by class, as users' files often are
    sorted_toys = toys | {"x_train": toys["x_train"][order], "y_train": toys["y_train"][order]}
    dataset = datasets.load(save(tmp_path, sorted_toys))
    assert (len(dataset.train.images), len(dataset.validation.images)) == (80, 20)
    everything = np.bincount(toys["y_train"])
    np.testing.assert_allclose(np.bincount(dataset.validation.labels), everything / 5, atol=1)
    np.testing.assert_array_equal(
        np.bincount(dataset.train.labels) + np.bincount(dataset.validation.labels), everything
    )


def test_the_test_images_stay_as_they_are(tmp_path: Path, toys: Arrays) -> None:
    dataset = datasets.load(save(tmp_path, toys))
    assert dataset.name == "toys"
    assert dataset.image_shape == (8, 8, 1)
    np.testing.assert_array_equal(dataset.test.labels, toys["y_test"])
    np.testing.assert_array_equal(np.round(dataset.test.images[..., 0] * 255), toys["x_test"])


def test_images_keep_their_labels(tmp_path: Path, toys: Arrays) -> None:
    dataset = datasets.load(save(tmp_path, toys))
    label_of = {image.tobytes(): label for image, label in zip(toys["x_train"], toys["y_train"], strict=True)}
    for part in (dataset.train, dataset.validation):
        for image, label in zip(
            np.round(part.images[..., 0] * 255).astype(np.uint8), part.labels, strict=True
        ):
            assert label_of[image.tobytes()] == label


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x,
        lambda x: x.astype(np.int64),
        lambda x: x.astype(">u2"),
        lambda x: x.astype(np.float32),
        lambda x: x.astype(np.float64) / 255,
        lambda x: (x / 255).astype(np.float32),
        lambda x: (x / 255).astype(np.float32)[..., np.newaxis],
        np.asfortranarray,
    ],
    ids=[
        "uint8",
        "int64",
        "big-endian",
        "float32 to 255",
        "float64 to 1",
        "float32 to 1",
        "channel",
        "Fortran",
    ],
)
def test_pixels_are_scaled_alike_whatever_their_dtype(tmp_path: Path, toys: Arrays, convert) -> None:
    converted = toys | {name: convert(toys[name]) for name in ("x_train", "x_test")}
    dataset = datasets.load(save(tmp_path, converted))
    assert dataset.test.images.dtype == np.float32
    assert dataset.test.images.min() == 0
    assert dataset.test.images.max() == 1
    np.testing.assert_allclose(dataset.test.images[..., 0], toys["x_test"] / 255, atol=1e-6)


def test_boolean_images_are_black_and_white(tmp_path: Path, toys: Arrays) -> None:
    binary = toys | {name: toys[name] > 100 for name in ("x_train", "x_test")}
    dataset = datasets.load(save(tmp_path, binary))
    assert set(np.unique(dataset.train.images)) == {0, 1}


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_any_number_of_channels_is_taken(tmp_path: Path, toys: Arrays, channels: int) -> None:
    stacked = toys | {name: np.stack([toys[name]] * channels, axis=-1) for name in ("x_train", "x_test")}
    assert datasets.load(save(tmp_path, stacked)).image_shape == (8, 8, channels)


def test_labels_in_a_column_are_taken(tmp_path: Path, toys: Arrays) -> None:
    column = toys | {name: toys[name][:, np.newaxis] for name in ("y_train", "y_test")}
    np.testing.assert_array_equal(datasets.load(save(tmp_path, column)).test.labels, toys["y_test"])


def test_labels_are_numbered_from_0_and_keep_their_names(tmp_path: Path, toys: Arrays) -> None:
    spread = toys | {name: toys[name].astype(np.int16) * 10 - 3 for name in ("y_train", "y_test")}
    dataset = datasets.load(save(tmp_path, spread))
    assert dataset.class_names == ("-3", "7", "17")
    assert dataset.test.labels.dtype == np.int64
    np.testing.assert_array_equal(dataset.test.labels, toys["y_test"])


def test_the_hash_changes_with_a_pixel_and_with_a_label_and_not_with_the_file(
    tmp_path: Path, toys: Arrays
) -> None:
    original = datasets.load(save(tmp_path, toys)).sha256
    np.savez_compressed(tmp_path / "squeezed.npz", **toys)
    assert datasets.load(str(tmp_path / "squeezed.npz")).sha256 == original
    pixel = toys["x_test"].copy()
    pixel[0, 0, 0] += 1
    assert datasets.load(save(tmp_path, toys | {"x_test": pixel})).sha256 != original
    label = toys["y_test"].copy()
    label[0] = (label[0] + 1) % 3
    assert datasets.load(save(tmp_path, toys | {"y_test": label})).sha256 != original


def spoiled(images: np.ndarray, value: float) -> np.ndarray:
    """Return the images in 0..1, with one pixel set."""
    images = images / 255
    images[0, 0, 0] = value
    return images


BAD_ARRAYS = {
    "no rank of images": (lambda t: {"x_train": t["x_train"].reshape(100, 64)}, "x_train", "shape (100, 64)"),
    "no images": (
        lambda t: {"x_test": t["x_test"][:0], "y_test": t["y_test"][:0]},
        "x_test",
        "shape (0, 8, 8)",
    ),
    "a single number": (lambda t: {"x_train": np.array(3)}, "x_train", "shape ()"),
    "complex": (lambda t: {"x_train": t["x_train"] * 1j}, "x_train", "complex128"),
    "text": (lambda t: {"x_train": t["x_train"].astype(str)}, "x_train", "<U"),
    "NaN": (lambda t: {"x_train": spoiled(t["x_train"], np.nan)}, "x_train", "NaN"),
    "infinite": (lambda t: {"x_test": spoiled(t["x_test"], np.inf)}, "x_test", "infinite values"),
    "negative": (lambda t: {"x_train": spoiled(t["x_train"], -0.1)}, "x_train", "from -0.1"),
    "negative integer": (lambda t: {"x_train": -t["x_train"].astype(int)}, "x_train", "from -255"),
    "too bright": (lambda t: {"x_train": t["x_train"].astype(np.uint16) * 2}, "x_train", "to 510"),
    "too bright float": (lambda t: {"x_train": t["x_train"] * 2.0}, "x_train", "to 510"),
    "an overshoot of 1": (lambda t: {"x_train": spoiled(t["x_train"], 1.02)}, "x_train", "to 1.02"),
    "floats to 16": (lambda t: {"x_train": t["x_train"] * (16 / 255)}, "x_train", "to 16"),
    "integers 0 and 1": (lambda t: {"x_train": t["x_train"] // 255}, "x_train", "from 0 to 1"),
    "two scales": (lambda t: {"x_test": t["x_test"] / 255}, "x_test", "scale of x_train, 0..255"),
    "two sizes": (lambda t: {"x_test": t["x_test"][:, :6]}, "x_test", "(6, 8, 1)"),
    "channels in one part": (lambda t: {"x_test": np.stack([t["x_test"]] * 3, -1)}, "x_test", "(8, 8, 3)"),
    "labels missing": (lambda t: {"y_train": t["y_train"][:99]}, "y_train", "expected 100 labels"),
    "float labels": (lambda t: {"y_train": t["y_train"] / 2}, "y_train", "float64"),
    "names in one part": (lambda t: {"y_test": np.array(["a", "b", "c"])[t["y_test"]]}, "y_test", "a, b, c"),
    "rows for some": (
        lambda t: {"y_train": np.stack([t["y_train"]] * 2, 1)[:99]},
        "y_train: expected 100 labels",
        "received 99",
    ),
    "labels in a row": (lambda t: {"y_train": t["y_train"][None] % 2}, "y.ravel()", "(1, 100)"),
    "no columns": (
        lambda t: {"y_train": t["y_train"][:, None][:, :0]},
        "; save one class number for",
        "(100, 0)",
    ),
    "no rows": (lambda t: {"y_train": np.eye(2)[:0]}, "; save one class number for", "(0, 2)"),
    "labels beyond int64": (
        lambda t: {"y_train": t["y_train"].astype(np.uint64) + 2**63},
        "number the classes",
        "9223372036854775810 of dtype uint64",
    ),
    "images stacked last": (
        lambda t: {"x_test": np.moveaxis(t["x_test"], 0, -1)},
        "np.moveaxis(x, -1, 0)",
        "(8, 8, 30)",
    ),
    "pictures stacked last": (
        lambda t: {"x_train": np.stack([np.moveaxis(t["x_train"], 0, -1)] * 3, 2)},
        "np.moveaxis(x, -1, 0)",
        "(8, 8, 3, 100)",
    ),
    "too few of a class": (
        lambda t: {"y_train": np.repeat([0, 1, 2], [50, 46, 4])},
        "at least 5",
        "4 of class '2'",
    ),
    "pickled objects": (lambda t: {"x_train": np.array([[1], [2, 3]], dtype=object)}, "x_train", "pickled"),
}


@pytest.mark.parametrize(("change", "part", "received"), BAD_ARRAYS.values(), ids=BAD_ARRAYS.keys())
def test_bad_arrays_end_in_one_line(
    tmp_path: Path, toys: Arrays, assert_problem, change, part, received
) -> None:
    file = save(tmp_path, toys | change(toys))
    with pytest.raises(errors.DataError) as caught:
        datasets.load(file)
    assert_problem(caught.value, "toys.npz", part, received)


def test_arrays_of_no_known_name_are_listed(tmp_path: Path, toys: Arrays, assert_problem) -> None:
    file = save(tmp_path, {"cats": toys["x_train"], "y_train": toys["y_train"]})
    with pytest.raises(errors.DataError) as caught:
        datasets.load(file)
    assert_problem(caught.value, "'cats', 'y_train'", "--images NAME")


def damaged_inside(file: Path) -> None:
    """Overwrite bytes in the middle, where the first array is; the list of contents stays."""
    content = bytearray(file.read_bytes())
    content[2000:2100] = bytes(100)
    file.write_bytes(content)


DAMAGE = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("x_train"),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:3000]),
    "damaged inside": damaged_inside,
    "a .npy file": lambda file: file.write_bytes(b"\x93NUMPY\x01\x00"),
}


@pytest.mark.parametrize("compressed", [False, True], ids=["stored", "compressed"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_an_unreadable_file_ends_in_one_line(
    tmp_path, toys: Arrays, assert_problem, damage, compressed
) -> None:
    file = tmp_path / "toys.npz"
    (np.savez_compressed if compressed else np.savez)(file, **toys)
    damage(file)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(file))
    assert_problem(caught.value, "toys.npz", "readable .npz file", "again")
