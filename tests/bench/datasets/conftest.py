"""Small real images, Fashion-MNIST where this machine has it, and Python processes of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets

from bench import errors

REPOSITORY = Path(__file__).resolve().parents[3]
FASHION_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
# Nothing listens there: a process with these has no network, on any machine.
NO_NETWORK = {
    name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
}

RunPython = Callable[..., subprocess.CompletedProcess[str]]
AssertProblem = Callable[..., None]


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where converted data sets of a test are kept."""
    place = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    return place / "autoencoder-bench" / "data"


@pytest.fixture(scope="session")
def run_python() -> RunPython:
    """Run a script in a fresh process: Keras reads `KERAS_HOME` only when it is first imported."""

    def run(script: str, keras_home: Path) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
        environment |= NO_NETWORK
        environment["KERAS_HOME"] = str(keras_home)
        environment.setdefault("KERAS_BACKEND", "torch")
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def fashion_files() -> dict[str, Path]:
    """The four files of the real Fashion-MNIST, which no test writes to."""
    home = os.environ.get("KERAS_HOME") or REPOSITORY.parent / "shared" / "keras-home"
    folder = Path(home).expanduser() / "datasets" / "fashion-mnist"
    files = {name: folder / name for name in FASHION_FILES}
    if not all(path.is_file() for path in files.values()):
        pytest.skip(f"needs Fashion-MNIST in {folder}: set KERAS_HOME to a Keras cache that has it")
    return files


@pytest.fixture(scope="session")
def toys() -> dict[str, np.ndarray]:
    """Real 8x8 digits of three classes, 0..16 brought to uint8, as Keras writes a data set."""
    images, labels = sklearn.datasets.load_digits(n_class=3, return_X_y=True)
    images = np.round(images.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    return {
        "x_train": images[:100],
        "y_train": labels[:100],
        "x_test": images[100:130],
        "y_test": labels[100:130],
    }


@pytest.fixture(scope="session")
def assert_problem() -> AssertProblem:
    """Assert that a message is one line, and says what was expected, what came and what to do."""

    def check(error: errors.DataError, *phrases: str) -> None:
        message = str(error)
        assert "\n" not in message
        assert "expected " in message
        assert ", received " in message
        remedy = message.rpartition("; ")[2]
        assert len(remedy.split()) >= 3
        for phrase in phrases:
            assert phrase in message

    return check
