"""What every data set of a plug-in has to keep to: checks as in `bench.running.contract`."""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import errors
from bench.cards import SourceCard
from bench.datasets import Dataset
from bench.datasets.sources import plugged
from bench.models import Card, plugins

FEWEST = 2
"""Images of a part: of one, nothing has a spread."""

_OTHER_PROCESS = """
import sys
from bench import datasets
from bench.models import plugins
plugins.add(plugins.Plugin(name=sys.argv[1], text=sys.stdin.read()))
print(datasets.sha256(sys.argv[2]))
"""
_ELSEWHERE = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "1"}


def loads(card: SourceCard) -> str:
    """Shapes, range and labels are those that a .npz file has to have, sizes those of the card."""
    plugged.assembled(card, *plugged.call(card))
    return ""


def parts(card: SourceCard) -> str:
    """Training, validation and test have two images each at least."""
    dataset = _loaded(card)
    for name, part in (("train", dataset.train), ("validation", dataset.validation), ("test", dataset.test)):
        if len(part.images) < FEWEST:
            return f"expected {FEWEST} images for {name}, received {len(part.images)}; give more"
    return ""


def is_seen(card: SourceCard) -> str:
    """There is something to be seen: images of each part differ from each other."""
    dataset = _loaded(card)
    for name, part in (("train", dataset.train), ("validation", dataset.validation), ("test", dataset.test)):
        if len(part.images) > 1 and (part.images == part.images[0]).all():
            return f"expected images that differ, received {len(part.images)} equal ones for {name}"
    return ""


def repeats(card: SourceCard) -> str:
    """A second call gives the same images, labels and names."""
    _loaded(card)
    plugged.load(card)
    return ""


def repeats_elsewhere(card: SourceCard) -> str:
    """Another process, as workers are, gets the same images and labels."""
    return elsewhere(card, _OTHER_PROCESS, _loaded(card).sha256, card.name)


def elsewhere(card: Card, script: str, here: str, *arguments: str) -> str:
    """What is wrong where a process with other hashes prints another SHA-256 than this one has."""
    plugin = plugins.known[card.plugin[:12]]
    done = subprocess.run(
        [sys.executable, "-c", script, plugin.name, *arguments],
        input=plugin.text,
        env={**os.environ, **_ELSEWHERE, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return f"it cannot be loaded there: {last}"
    there = (done.stdout.split() or [""])[-1]
    if there == here:
        return ""
    return (
        f"expected SHA-256 {here[:12]}, received {there[:12]}; let nothing depend on the order of a set, "
        "on hash(), or on the process"
    )


def changes_nothing(card: SourceCard) -> str:
    """Random numbers, folder, environment and settings of NumPy are left as they are."""
    return left_alone(lambda: plugged.call(card))


def left_alone(call: Callable[[], object]) -> str:
    """What a call changes of what all share; an error of it is another check's to say."""
    before = _surroundings()
    changed: list[str] = []
    for _ in range(2):  # packages that it imports at the first time may change these, which is not its doing
        with contextlib.suppress(errors.DataError):
            call()
        after = _surroundings()
        changed = [name for name, value in before.items() if str(after[name]) != str(value)]
        _restore(before)
    if not changed:
        return ""
    return f"it changes {', '.join(changed)}: draw from numpy.random.default_rng(seed), and put back the rest"


def _surroundings() -> dict[str, Any]:
    return {
        "random numbers of random": random.getstate(),
        "random numbers of NumPy": np.random.get_state(),
        "the working folder": os.getcwd(),
        "the environment": dict(os.environ),
        "errors of NumPy": np.geterr(),
    }


def _restore(before: dict[str, Any]) -> None:
    random_state, numpy_state, folder, environment, handling = before.values()
    random.setstate(random_state)
    np.random.set_state(numpy_state)
    os.chdir(folder)
    np.seterr(**handling)
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


def _loaded(card: SourceCard) -> Dataset:
    """From one call; where that is no data set, the first check has said why."""
    try:
        return plugged.assembled(card, *plugged.call(card))
    except errors.DataError:
        raise errors.DataError("it cannot be loaded, as the second check says") from None


ALL = (changes_nothing, loads, parts, is_seen, repeats, repeats_elsewhere)
"""The first looks at the first call of all."""
