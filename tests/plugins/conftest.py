"""Plug-ins of this folder, added to the catalogue for a test."""

import pathlib

import pytest

from bench.ask import plugins as asked
from bench.ask.views import VIEWS
from bench.datasets import SOURCES
from bench.measures import TASKS
from bench.models import catalogue, plugins

HERE = pathlib.Path(__file__).parent
NAMES = ("wae", "vq", "iwae", "vamp", "two_stage", "cvae")


def every():
    """All cards."""
    return [
        card
        for known in (catalogue.MODELS, catalogue.ARCHITECTURES, TASKS, SOURCES, VIEWS)
        for card in known.values()
    ]


@pytest.fixture
def forgotten():
    """What a test adds to the catalogue is taken back."""
    before = {card.plugin for card in every()}
    known = dict(plugins.known)
    yield
    for card in every():
        if card.plugin not in before:
            catalogue.forget(card)
    plugins.known.clear()
    plugins.known.update(known)


@pytest.fixture
def plugged(forgotten):
    """Adds a plug-in by its name; gives its card."""

    def add(name):
        asked.load([str(HERE / f"{name}.py")])
        return catalogue.MODELS[name]

    return add
