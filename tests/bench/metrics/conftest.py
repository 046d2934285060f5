"""Real images for the metrics: Fashion-MNIST where it is on disk, else scikit-learn's digits at 28x28."""

import gzip
import os
import pathlib
import types

import numpy as np
import pytest
import scipy.ndimage
import sklearn.datasets
import sklearn.decomposition

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
TRAIN, TEST = 1500, 297


def _keras_home() -> pathlib.Path:
    return pathlib.Path(os.environ.get("KERAS_HOME", REPOSITORY.parent / "shared" / "keras-home"))


def _read_idx(path: pathlib.Path, offset: int, count: int) -> np.ndarray:
    with gzip.open(path) as file:
        file.seek(offset)
        return np.frombuffer(file.read(count), np.uint8)


def _fashion_mnist() -> tuple[np.ndarray, np.ndarray]:
    folder, count = _keras_home() / "datasets" / "fashion-mnist", TRAIN + TEST
    images_file, labels_file = folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz"
    if not (images_file.exists() and labels_file.exists()):
        pytest.skip(f"no Fashion-MNIST in {folder}")
    images = _read_idx(images_file, 16, count * 784).reshape(count, 28, 28, 1)
    return (images / 255).astype(np.float32), _read_idx(labels_file, 8, count).astype(np.int64)


def _digits() -> tuple[np.ndarray, np.ndarray]:
    digits = sklearn.datasets.load_digits()
    upscaled = scipy.ndimage.zoom(digits.images / 16, (1, 3.5, 3.5), order=1)
    return upscaled[..., None].astype(np.float32), digits.target


@pytest.fixture(scope="session", params=[_digits, _fashion_mnist], ids=["digits", "fashion_mnist"])
def samples(request: pytest.FixtureRequest) -> types.SimpleNamespace:
    """Codes `(n, 12)` and labels of both parts; images `(n, 28, 28, 1)` and reconstructions of the test."""
    images, labels = request.param()
    train, test = images[:TRAIN].reshape(TRAIN, -1), images[TRAIN:].reshape(TEST, -1)
    pca = sklearn.decomposition.PCA(12, svd_solver="covariance_eigh").fit(train)
    reconstructions = pca.inverse_transform(pca.transform(test)).clip(0, 1)
    return types.SimpleNamespace(
        train_codes=pca.transform(train),
        train_labels=labels[:TRAIN],
        test_codes=pca.transform(test),
        test_labels=labels[TRAIN:],
        images=images[TRAIN:],
        reconstructions=reconstructions.reshape(images[TRAIN:].shape),
    )
