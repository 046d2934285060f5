"""A file or a folder of a user's own, read once: what is in the cache is known without opening it again.

A source is known by where it lies, how it is read, and by size, times and place of each of its files as the
system tells them. Whoever writes to one of them changes these.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.datasets import cache, large
from bench.datasets.dataset import Dataset, Outline, Split
from bench.datasets.dataset import outline as dataset_outline
from bench.datasets.messages import problem, shown
from bench.datasets.reading import Reading
from bench.datasets.sources import own

_NONE = Split(images=np.empty((0, 0, 0, 0), np.float32), labels=np.empty(0, np.int64))


def _mark(path: Path) -> str:
    """Return what changes with any file of a source; empty where that cannot be told."""
    digest = hashlib.sha256()
    try:
        for line in sorted(_looks(path)):
            digest.update(os.fsencode(line) + b"\0")
    except OSError:
        return ""
    return digest.hexdigest()


def _looks(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield _look(path.stat(), "")
        return
    places, seen = [os.fspath(path)], set[str]()
    while places:
        place = places.pop()
        if (real := os.path.realpath(place)) in seen:  # a link that leads back
            continue
        seen.add(real)
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name.startswith("."):  # of a file manager
                    continue
                if entry.is_dir():
                    places.append(entry.path)
                    yield entry.path
                else:
                    yield _look(entry.stat(follow_symlinks=entry.is_file()), entry.path)


def _look(about: os.stat_result, name: str) -> str:
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino} {name}"


def load(path: Path, reading: Reading, tell: cache.Told = cache.nobody) -> Dataset:
    """Load it, by way of the cache if it is large; raises as `own.load`, and if it changes meanwhile."""
    before = _mark(path)
    if (found := _read(path, reading, before)) is not None:
        return found
    dataset = cache.kept(own.load(path, reading, tell), tell)
    if _mark(path) != before:
        raise problem(
            shown(path),
            expected="files that stay as they are while they are read",
            received="others than at the beginning",
            remedy="run the same command again once nothing writes to them",
        )
    if cache.is_kept(dataset):
        _write(path, reading, before, dataset)
    return dataset


def outline(path: Path, reading: Reading) -> Outline:
    """Return what it will be taken for; what is not converted yet is told as `own.outline` does."""
    found = _read(path, reading, _mark(path))
    return own.outline(path, reading) if found is None else dataset_outline(found)


def sha256(path: Path, reading: Reading) -> str:
    """Return the fingerprint that it has once loaded."""
    found = _read(path, reading, _mark(path))
    return own.sha256(path, reading) if found is None else found.sha256


def _read(path: Path, reading: Reading, now: str) -> Dataset | None:
    """Return the data set of a source that looks as it did when it was converted; None of any other."""
    place = _place(path, reading)
    try:
        told = json.loads(place.read_bytes())
        if told["version"] != cache.VERSION or told["mark"] != now:
            return None
        about = {name: _frozen(value) for name, value in told["about"].items()}
        return cache.opened(told["key"], Dataset(train=_NONE, validation=_NONE, test=_NONE, **about))
    except (OSError, ValueError, KeyError, TypeError):  # not there, or damaged: it is converted again
        return None


def _write(path: Path, reading: Reading, then: str, dataset: Dataset) -> None:
    """Note what a source was read as; where that cannot be written, it is read again the next time."""
    about = {
        field.name: getattr(dataset, field.name)
        for field in dataclasses.fields(dataset)
        if not isinstance(getattr(dataset, field.name), Split)
    }
    told = {"version": cache.VERSION, "mark": then, "key": cache.key(dataset), "about": about}
    place = _place(path, reading)
    part = place.with_name(f".{place.name}.{uuid.uuid4().hex[:12]}.part")
    try:
        part.write_text(json.dumps(told), encoding="utf-8")
        os.replace(part, place)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _place(path: Path, reading: Reading) -> Path:
    name = f"{os.path.realpath(path)}{reading}"
    return large.folder() / f"{hashlib.sha256(os.fsencode(name)).hexdigest()[:32]}.json"
