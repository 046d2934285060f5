"""The sets that Keras downloads, with the real Fashion-MNIST, and without a network."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from bench.datasets.sources import keras_sets
from tests.conftest import REPOSITORY

FASHION_FACTS = """
import json
import re
import numpy as np
from bench import datasets
dataset = datasets.load("fashion_mnist")
import keras
(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
parts = dataset.train, dataset.validation, dataset.test
raw = (x_train[:50_000], y_train[:50_000]), (x_train[50_000:], y_train[50_000:]), (x_test, y_test)
print(json.dumps({
    "name": dataset.name,
    "image_shape": dataset.image_shape,
    "class_names": dataset.class_names,
    "sha256": dataset.sha256,
    "counts": [len(part.images) for part in parts],
    "dtypes": sorted({str(part.images.dtype) for part in parts} | {str(part.labels.dtype) for part in parts}),
    "range": [float(dataset.train.images.min()), float(dataset.train.images.max())],
    "same_pixels": [bool((np.rint(p.images[..., 0] * 255) == x).all()) for p, (x, y) in zip(parts, raw)],
    "same_labels": [bool((p.labels == y).all()) for p, (x, y) in zip(parts, raw)],
}))
"""

PROBLEMS = """
from bench import datasets, errors
for name in NAMES:
    try:
        datasets.load(name)
    except errors.DataError as error:
        print(error)
"""


def cache(home: Path, files: dict[str, Path]) -> Path:
    """Make a Keras cache of links, so that the files themselves are safe."""
    folder = home / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name, path in files.items():
        (folder / name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def fashion(tmp_path_factory: pytest.TempPathFactory, fashion_files, run_python) -> dict:
    """What a process finds in the real Fashion-MNIST."""
    home = tmp_path_factory.mktemp("keras")
    cache(home, fashion_files)
    process = run_python(FASHION_FACTS, home)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_fashion_mnist_has_its_official_parts_and_names(fashion: dict) -> None:
    assert fashion["name"] == "fashion_mnist"
    assert fashion["image_shape"] == [28, 28, 1]
    assert fashion["counts"] == [50_000, 10_000, 10_000]
    assert fashion["class_names"][0] == "T-shirt/top"
    assert fashion["class_names"][9] == "Ankle boot"
    assert len(set(fashion["class_names"])) == 10


def test_fashion_mnist_is_float32_between_0_and_1(fashion: dict) -> None:
    assert fashion["dtypes"] == ["float32", "int64"]
    assert fashion["range"] == [0, 1]


def test_validation_is_the_last_ten_thousand_training_images(fashion: dict) -> None:
    assert fashion["same_pixels"] == [True, True, True]
    assert fashion["same_labels"] == [True, True, True]


def test_the_published_md5_is_that_of_the_idx_file(fashion_files: dict[str, Path]) -> None:
    labels = gzip.decompress(fashion_files["t10k-labels-idx1-ubyte.gz"].read_bytes())
    array = np.frombuffer(labels, np.uint8, offset=8)
    assert keras_sets.idx_md5(array) == hashlib.md5(labels).hexdigest() == "15d484375f8d13e6eb1aabb0c3f46965"
    images = gzip.decompress(fashion_files["t10k-images-idx3-ubyte.gz"].read_bytes())
    array = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28)
    assert keras_sets.idx_md5(array) == hashlib.md5(images).hexdigest() == "8181f5470baa50b63fa0f6fddb340f0a"


def cut_short(content: bytes) -> bytes:
    """Return what an interrupted download leaves."""
    return content[: len(content) // 2]


def one_label_changed(content: bytes) -> bytes:
    """Return a whole archive, with one byte inside that is not as published."""
    labels = bytearray(gzip.decompress(content))
    labels[-1] = (labels[-1] + 1) % 10
    return gzip.compress(bytes(labels))


def one_label_missing(content: bytes) -> bytes:
    """Return a whole archive with one label less than there are images."""
    return gzip.compress(gzip.decompress(content)[:-1])


@pytest.mark.parametrize("damage", [cut_short, one_label_changed, one_label_missing])
def test_a_file_that_is_not_as_published_is_named(tmp_path, fashion_files, run_python, damage) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    folder = cache(tmp_path, fashion_files)
    (folder / name).unlink()
    (folder / name).write_bytes(damage(fashion_files[name].read_bytes()))
    process = run_python(f"NAMES = ['fashion_mnist']\n{PROBLEMS}", tmp_path)
    assert process.returncode == 0, process.stderr
    (message,) = process.stdout.splitlines()
    assert str(folder / name) in message
    assert "expected contents with the published MD5 15d484375f8d13e6eb1aabb0c3f46965, received " in message
    assert "delete this file so that Keras downloads it again" in message


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory, run_python) -> tuple[Path, list[str], str]:
    """An empty cache, what loading from it without a network says, and what went to standard error."""
    home = tmp_path_factory.mktemp("empty")
    process = run_python(f"NAMES = ['fashion_mnist', 'mnist', 'cifar10']\n{PROBLEMS}", home)
    assert process.returncode == 0, process.stderr
    return home, process.stdout.splitlines(), process.stderr


@pytest.mark.parametrize(
    ("position", "name", "files", "folder"),
    [
        (0, "fashion_mnist", ("train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"), "fashion-mnist"),
        (1, "mnist", ("mnist.npz",), "datasets"),
        (2, "cifar10", ("cifar-10-batches-py-target_archive",), "datasets"),
    ],
)
def test_without_a_network_the_files_and_the_way_out_are_named(
    offline, position, name, files, folder
) -> None:
    home, messages, _ = offline
    message = messages[position]
    assert message.startswith(f"data set '{name}': expected ")
    assert all(file in message for file in files)
    assert f"{home}/datasets" in message
    assert folder in message
    assert "URL fetch failure" in message
    assert "`python -m bench run`" in message
    assert "`--dataset digits`" in message


def test_downloads_are_announced_on_standard_error(offline) -> None:
    _, messages, announcements = offline
    assert len(messages) == 3
    assert "Downloading data from" in announcements


def test_the_home_folder_is_not_shown(tmp_path: Path, run_python) -> None:
    home = tmp_path / "home"
    (home / "cache").mkdir(parents=True)
    script = f"import os; os.environ['HOME'] = {str(home)!r}; NAMES = ['mnist']\n{PROBLEMS}"
    process = run_python(script, home / "cache")
    assert process.returncode == 0, process.stderr
    assert "'~/cache/datasets'" in process.stdout
    assert str(home) not in process.stdout


def test_other_digits_in_the_place_of_mnist_are_refused_and_stay(tmp_path: Path, run_python) -> None:
    path = tmp_path / "datasets" / "mnist.npz"
    path.parent.mkdir()
    digits, labels = np.zeros((3, 28, 28), np.uint8), np.arange(3, dtype=np.uint8)
    for content, received in (
        (
            {"x_train": digits, "y_train": labels, "x_test": digits, "y_test": labels},
            "received [0-9a-f]{32} ",
        ),
        ({"x_train": digits / 2, "y_train": labels, "x_test": digits, "y_test": labels}, "type float64"),
        ({"x_train": digits}, "a damaged file"),
    ):
        np.savez_compressed(path, **content)
        process = run_python(f"NAMES = ['mnist']\n{PROBLEMS}", tmp_path)
        assert process.returncode == 0, process.stderr
        (message,) = process.stdout.splitlines()
        assert "expected contents with the published MD5 6bbc9ace898e44ae57da46a324031adb" in message
        assert re.search(received, message)
        assert path.exists()


def test_mnist_is_taken_by_its_contents_whatever_the_bytes_of_its_file(tmp_path: Path, run_python) -> None:
    found = REPOSITORY.parent / "shared" / "data" / "mnist.npz"
    if not found.is_file():
        pytest.skip(f"needs MNIST in {found}")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").symlink_to(found)
    script = "from bench import datasets; found = datasets.load('mnist'); print(found.train.images.shape, "
    process = run_python(f"{script}found.test.labels[:5], found.name)", tmp_path)
    assert process.stdout.split("\n")[0] == "(50000, 28, 28, 1) [7 2 1 0 4] mnist", process.stderr
