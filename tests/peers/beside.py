"""What tests of other libraries share: the files of examples/ beside each other, and some images."""

import importlib
import sys

import numpy as np
import pytest

from bench import datasets
from tests.conftest import REPOSITORY


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    """Files beside each other import each other, as for `python examples/peers.py`."""
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(sys, "path", [*sys.path, str(REPOSITORY / "examples")])
    torch.manual_seed(0)


def library(name: str):
    package = {"pythae": "pythae.models", "autoencoders": "autoencoders"}[name]
    pytest.importorskip(package, reason=f"no {name}: tox -e peers")
    return importlib.import_module(f"peers_{name}")


def images(count: int = 64):
    """Rows of pixels of `digits`, `(count, 784)`."""
    import torch

    found = datasets.load_once("digits").train.images[:count]
    return torch.from_numpy(np.asarray(found)).flatten(1)
