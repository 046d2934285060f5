"""Static MNIST in each of its forms, made small; the real set where `MNIST_STATIC` names its `.npz` file."""

import dataclasses
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from bench import datasets, errors
from bench.ask import axes, contradictions, grid
from bench.ask.bound_size import USUAL, BoundSize
from bench.datasets.sources import static_mnist
from bench.tasks import classes, likelihood

COUNTS = {"train": 40, "valid": 12, "test": 20}


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, np.ndarray]:
    """Fewer images in the place of those that were published, and a cache of Keras's without any file."""
    generator = np.random.default_rng(0)
    made = {part: (generator.random((n, 784)) < 0.2).astype(np.uint8) for part, n in COUNTS.items()}
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(static_mnist, "COUNTS", COUNTS)
    sums = {part: hashlib.sha256(pixels.tobytes()).hexdigest() for part, pixels in made.items()}
    monkeypatch.setattr(static_mnist, "PIXELS", sums)
    (tmp_path / "datasets").mkdir()
    return made


def write(form: str, parts: dict[str, np.ndarray], folder: Path) -> None:
    if form == "npz":
        arrays = {f"x_{part}": pixels.reshape(-1, 28, 28) for part, pixels in parts.items()}
        np.savez_compressed(folder / "mnist_static.npz", **arrays)
        return
    for part, pixels in parts.items():
        path = folder / f"binarized_mnist_{part}.amat"
        if form == "text":
            np.savetxt(path, pixels, fmt="%d")
        else:
            scipy.io.savemat(path, {"X": pixels}, appendmat=False, do_compression=True)


@pytest.mark.parametrize("form", ["npz", "text", "matlab"])
def test_each_form_gives_the_published_pixels_in_their_own_three_parts(form, parts, tmp_path):
    write(form, parts, tmp_path / "datasets")
    assert static_mnist.missing() == ""
    found = static_mnist.load()
    for part, split in (("train", found.train), ("valid", found.validation), ("test", found.test)):
        assert split.images.dtype == np.float32
        np.testing.assert_array_equal(np.asarray(split.images[:]), parts[part].reshape(-1, 28, 28, 1))
        assert split.labels is None
    assert (found.name, found.is_binarised, found.is_sorted) == ("mnist_static", True, True)
    assert (found.value_range, found.notes) == ((0.0, 255.0), ())
    assert classes.lacking(found) == "images without labels: the published set has none"


def test_without_its_files_the_error_says_where_to_get_them(parts, tmp_path):
    write("text", parts, tmp_path / "datasets")
    (tmp_path / "datasets" / "binarized_mnist_valid.amat").unlink()
    assert static_mnist.missing().startswith("binarized_mnist_valid.amat in ")
    with pytest.raises(errors.DataError) as caught:
        static_mnist.load()
    told = str(caught.value)
    assert "mnist_static.npz" in told and "larocheh" in told and "binarize=dynamic" in told
    assert "\n" not in told


@pytest.mark.parametrize("form", ["npz", "text", "matlab"])
@pytest.mark.parametrize("damage", ["pixel", "order", "fewer"])
def test_other_pixels_are_refused_in_one_line(form, damage, parts, tmp_path):
    if damage == "pixel":
        parts["test"][3, 5] ^= 1
    else:
        parts["test"] = parts["test"][::-1] if damage == "order" else parts["test"][:-1]
    write(form, parts, tmp_path / "datasets")
    with pytest.raises(errors.DataError, match=r"\(test\): expected 15,680 pixels, 0 or 1") as caught:
        static_mnist.load()
    assert "take the file as it was published" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"0 1 2", b"not numbers", b"\0" * 126 + b"IM" + b"\xff" * 40])
def test_a_file_of_something_else_is_refused_in_one_line(content, parts, tmp_path):
    write("text", parts, tmp_path / "datasets")
    (tmp_path / "datasets" / "binarized_mnist_train.amat").write_bytes(content)
    with pytest.raises(errors.DataError, match=r"binarized_mnist_train\.amat"):
        static_mnist.load()


def test_a_bound_on_some_of_its_sorted_test_images_is_on_drawn_ones_and_says_so(parts, tmp_path):
    write("npz", parts, tmp_path / "datasets")
    found = static_mnist.load()
    rows = likelihood.bounded(found, 8)
    assert len(set(rows)) == 8 and (np.diff(rows) > 0).all() and rows[-1] > 8
    np.testing.assert_array_equal(rows, likelihood.bounded(found, 8))
    told = likelihood.told(found, BoundSize(samples=100, images=8))
    assert told.endswith("each of 8, drawn once because they are sorted by class, of 20 test images")
    assert likelihood.bounded(found, 20) == slice(20)
    assert likelihood.told(found, USUAL) == "", "all of them, and as many codes as ever"


def test_what_cannot_be_asked_of_it_is_refused_before_anything_runs():
    (first, *_) = grid.load("quick").trials("torch")

    def refused(**changes: str) -> str:
        own = axes.as_options({**dict(first.options), "binarize": changes.pop("binarize")})
        with pytest.raises(errors.GridError) as caught:
            contradictions.check(dataclasses.replace(first, options=own, **changes))
        return str(caught.value)

    assert "black and white as they were published" in refused(dataset="mnist_static", binarize="dynamic")
    assert "expected one of mnist, fashion_mnist" in refused(dataset="digits", binarize="dynamic-777")


@pytest.mark.skipif("MNIST_STATIC" not in os.environ, reason="MNIST_STATIC names no file of the real set")
def test_the_real_set_is_the_published_one(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist_static.npz").symlink_to(os.environ["MNIST_STATIC"])
    found = datasets.load("mnist_static")
    ones = [
        int(np.asarray(part.images[:]).sum(dtype=np.float64))
        for part in (found.train, found.validation, found.test)
    ]
    assert ones == [5_118_041, 1_028_036, 1_038_896]
