"""A grid file -> trials. A grid is blocks; a block is the product of its lists; repeats count once.

```toml
description = "what this grid asks"
baselines = ["pca"]     # beside the trials; without this line those of `bench.ask.baseline_cards.DEFAULT`
measures = ["basic"]    # groups of measures, where `--measures` names none; without this line the usual ones
train = true            # false: the blocks say alone which baselines there are
plugins = ["mine.py"]   # files with models or architectures of your own, from the folder of this one

[defaults]              # for every block; what is missing here has the default of `bench.ask.axes`
dataset = "digits"
epochs = 30

[[block]]               # 2 x 2 configurations
model = ["ae", "vae"]
latent_dim = [2, 16]

[[block]]               # an option of one model is an axis like any other
model = "vae"
beta = [0.25, 4]
```

Numbers of papers that it is to reproduce are rows of it: see `bench.ask.published`.
"""

import contextlib
import dataclasses
import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench import datasets, errors
from bench.ask import axes, baseline_cards, contradictions, grid_file, lookup, published
from bench.ask.baselines import beside
from bench.ask.blocks import Choices, checked, expand, taken
from bench.ask.published import Published
from bench.ask.trial import Trial, Unit
from bench.machine.backend import BACKENDS
from bench.models.plugins import Plugin

USUAL = "quick"  # where none is asked for


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grid:
    """A grid file after it was read.

    Attributes
    ----------
    measures
        The groups of measures that are taken where the command line names none; None for the usual ones.
    trains
        Whether its trials are run; if not, they say alone which baselines there are.
    published
        The numbers of papers that it is to reproduce.
    """

    name: str
    description: str
    blocks: tuple[Choices, ...]
    plugins: tuple[Plugin, ...] = ()
    baselines: tuple[str, ...] = baseline_cards.DEFAULT
    measures: tuple[str, ...] | None = None
    trains: bool = True
    published: tuple[Published, ...] = ()

    def trials(self, backend: str) -> list[Trial]:
        """All trials on one backend, in the order of the file, without repeats.

        Trials that differ in snapshots alone are one, with those of all: their numbers are the same.

        Raises
        ------
        GridError
            If settings of a trial contradict each other.
        """
        found = _merged(trial for block in self.blocks for trial in expand(block, backend))
        for trial in found:
            try:
                contradictions.check(trial)
            except errors.GridError as error:
                raise errors.GridError(f"grid {self.name}: {error}") from None
        return found

    def units(self, backend: str) -> list[Unit]:
        """All that a run of the file measures: its trials on one backend, and the baselines beside them."""
        trials = self.trials(backend)
        return [*(trials if self.trains else ()), *beside(trials, self.baselines)]


def _merged(trials: Iterable[Trial]) -> list[Trial]:
    """Each once, with the snapshots of all that are the same but for these."""
    found: dict[Trial, set[int]] = {}
    for trial in trials:
        found.setdefault(trial.with_snapshots(()), set()).update(trial.snapshots)
    return [trial.with_snapshots(epochs) for trial, epochs in found.items()]


def load(name: str) -> Grid:
    """Read the grid `name`: one that comes with the program, or a path to a TOML file.

    Raises
    ------
    GridError
        If the file is missing, is no TOML, or holds an unknown axis, model or value; the message names
        file, block and value and lists what is known.
    """
    path = grid_file.known().get(name, pathlib.Path(os.path.expanduser(name)))
    content = grid_file.read(path, name)
    where = f"grid {path.name}"
    with _within(where):
        found = _grid(content, path, name if path == grid_file.known().get(name) else path.stem)
    if found.published:
        units = found.units(BACKENDS[0])
        with _within(where):
            published.check(found.published, units, found.measures)
    return found


def _grid(content: Mapping[str, Any], path: pathlib.Path, name: str) -> Grid:
    """What a file says; an error begins with the part of the file that it is about."""
    with _within(": "):
        if bad := next((key for key in content if key not in grid_file.KEYS), None):
            raise errors.GridError(errors.unknown("key", bad, grid_file.KEYS))
        about: dict[str, Any] = {
            "plugins": grid_file.plugins_of(content, path),  # before blocks, which may name what is in them
            "description": grid_file.description(content),
            "baselines": grid_file.baselines(content),
            "measures": grid_file.measures(content),
            "trains": grid_file.trains(content),
        }
    rows = published.read(content.get("published", []), content.get("published_defaults", {}))
    return Grid(name=name, blocks=_blocks(content), published=rows, **about)


@contextlib.contextmanager
def _within(part: str) -> Iterator[None]:
    """Put the part of a file before what is wrong with it."""
    try:
        yield
    except (errors.GridError, errors.DataError) as error:
        raise errors.GridError(f"{part}{error}") from None


def _blocks(content: Mapping[str, Any]) -> tuple[Choices, ...]:
    """The blocks of a file with its defaults, one for each of their models."""
    blocks, defaults = content.get("block"), content.get("defaults", {})
    with _within(": "):
        if not isinstance(blocks, list) or not blocks or not all(isinstance(one, dict) for one in blocks):
            raise errors.GridError("expected at least one [[block]], found none")
        if not isinstance(defaults, dict):
            raise errors.GridError("expected a table [defaults]")
    names = [name for name in {**axes.COMMON, **axes.SHARED_OPTIONS, **axes.of_views()} if name != "model"]
    with _within(", [defaults]: "):
        if bad := next((name for name in defaults if name not in names), None):
            raise errors.GridError(errors.unknown("axis", bad, names))
    found: list[Choices] = []
    for number, block in enumerate(blocks, start=1):
        with _within(f", block {number}: "):
            found += _check_block({**defaults, **block})
    return tuple(found)


def _check_block(block: Mapping[str, Any]) -> list[Choices]:
    """The block, one for each of its models, with every value checked."""
    chosen = {name: _as_list(name, values) for name, values in block.items()}
    models = [str(axes.COMMON["model"].check(model)) for model in chosen.pop("model", [])]
    if not models:
        raise errors.GridError(f"a block needs a model; known: {', '.join(axes.COMMON['model'].names())}")
    for name in chosen:
        _check_axis(name)
    return [checked({"model": [model], **chosen}) for model in models]


def _check_axis(name: str) -> None:
    if name not in (known := axes.named()):
        raise errors.GridError(errors.unknown("axis", name, known))


def _as_list(name: str, values: Any) -> list[Any]:
    listed = values if isinstance(values, list) else [values]
    if not listed:
        raise errors.GridError(f"{name} is an empty list; expected at least one value")
    return listed


def replace(grid: Grid, changes: Mapping[str, list[axes.Value]]) -> Grid:
    """`--set`: the values of an axis replaced in every block, one of whose networks has it.

    Raises
    ------
    GridError
        If no network of the grid has the axis, or one that has it does not take a value.
    """
    blocks = [dict(block) for block in grid.blocks]
    if "model" in changes:
        blocks = [{**block, "model": [model]} for block in blocks for model in changes["model"]]
    if "architecture" in changes:
        blocks = [{**block, "architecture": list(changes["architecture"])} for block in blocks]
    blocks = [_of_networks(block) for block in blocks]
    for name, values in changes.items():
        if name in ("model", "architecture"):
            continue
        hosts = [block for block in blocks if name in taken(block)]
        if not hosts:
            raise errors.GridError(f"--set {name}: no model or architecture of grid {grid.name} takes it")
        for block in hosts:
            block[name] = [taken(block)[name].check(value) for value in values]
    return dataclasses.replace(grid, blocks=tuple(blocks))


def _of_networks(block: Choices) -> Choices:
    """A block whose model or architecture was replaced: options that none of its networks has go."""
    own = taken(block)
    return {
        name: [own[name].check(value) for value in values] for name, values in block.items() if name in own
    }


def narrow(trials: Sequence[Trial], wanted: Mapping[str, list[axes.Value]]) -> list[Trial]:
    """`--only`: the trials whose axis has one of these values, for each axis that is named.

    Raises
    ------
    GridError
        If a value is one that no trial has, or if nothing is left.
    """
    for name, values in wanted.items():
        present = {value for trial in trials if (value := lookup.value(trial, name)) is not None}
        for value in values:
            if value not in present:
                there = ", ".join(str(v) for v in sorted(present)) or "nothing"
                raise errors.GridError(f"--only {name}={value}: the grid has no such trial; it has {there}")
    kept = [t for t in trials if all(lookup.value(t, name) in values for name, values in wanted.items())]
    if not kept:
        asked = ", ".join(f"{name}={','.join(map(str, values))}" for name, values in wanted.items())
        raise errors.GridError(f"--only {asked}: no trial of the grid has all of these at once")
    return kept


def parse_choices(texts: Iterable[str]) -> dict[str, list[axes.Value]]:
    """Several `AXIS=A,B`; the values of an axis that is named twice are joined."""
    choices: dict[str, list[axes.Value]] = {}
    for text in texts:
        name, values = parse_choice(text)
        choices.setdefault(name, []).extend(values)
    return choices


def parse_choice(text: str) -> tuple[str, list[axes.Value]]:
    """`AXIS=A,B` of the command line -> the axis and its values.

    Raises
    ------
    GridError
        If the axis is unknown, or a value is not one that it takes.
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    _check_axis(name)
    if not equals or not values:
        raise errors.GridError(f"expected {name}=VALUE or {name}=A,B, received {text!r}")
    if name != "dataset" and axes.named()[name][0].form is None and "=" in values:
        apart = next(part.strip() for part in values.split(",") if "=" in part)
        raise errors.GridError(
            f"expected values of {name} alone, received {text!r}; give {apart} an option of its own"
        )
    return name, [axes.parse(name, value.strip()) for value in values.split(",")]


def default_folder_name(grid: Grid, trials: Sequence[Trial], backends: Sequence[str]) -> str:
    """`<grid>-<dataset>`, and the backends where they are not the default: `quick-digits`."""
    names = {trial.dataset for trial in trials}
    dataset = datasets.title(next(iter(names))) if len(names) == 1 else "several"
    others = [] if list(backends) == [BACKENDS[0]] else list(backends)
    parts = [grid.name, dataset, *others]
    return "-".join(parts).replace("_", "-").replace("/", "-")
