"""Plug-ins of this folder, added to the catalogue for a test."""

import pathlib

import pytest

from bench.ask import plugins as asked
from bench.models import catalogue

HERE = pathlib.Path(__file__).parent
NAMES = ("wae", "vq", "two_stage", "cvae")


@pytest.fixture
def plugged(forgotten):
    """Adds a plug-in by its name; gives its card."""

    def add(name):
        asked.load([str(HERE / f"{name}.py")])
        return catalogue.MODELS[name]

    return add
