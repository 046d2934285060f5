"""A grid file -> trials. A grid is blocks; a block is the product of its lists; repeats count once.

```toml
description = "what this grid asks"
baselines = ["pca"]     # beside the trials; without this line those of `bench.ask.baseline_cards.DEFAULT`
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
"""

import codecs
import contextlib
import dataclasses
import itertools
import os
import pathlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench import datasets, errors, foreign
from bench.ask import axes, baseline_cards, contradictions, plugins
from bench.ask.blocks import Choices, checked, expand, taken
from bench.ask.trial import Trial
from bench.machine.backend import BACKENDS
from bench.models.plugins import Plugin

GRIDS = pathlib.Path(__file__).parent / "grids"
USUAL = "quick"  # where none is asked for


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grid:
    """A grid file after it was read: a name, a sentence, and blocks of lists."""

    name: str
    description: str
    blocks: tuple[Choices, ...]
    plugins: tuple[Plugin, ...] = ()
    baselines: tuple[str, ...] = baseline_cards.DEFAULT

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


def _merged(trials: Iterable[Trial]) -> list[Trial]:
    """Each once, with the snapshots of all that are the same but for these."""
    found: dict[Trial, set[int]] = {}
    for trial in trials:
        found.setdefault(trial.with_snapshots(()), set()).update(trial.snapshots)
    return [trial.with_snapshots(epochs) for trial, epochs in found.items()]


def known() -> dict[str, pathlib.Path]:
    """The grids that come with the program: name -> file."""
    return {path.stem: path for path in sorted(GRIDS.glob("*.toml"))}


def load(name: str) -> Grid:
    """Read the grid `name`: one that comes with the program, or a path to a TOML file.

    Raises
    ------
    GridError
        If the file is missing, is no TOML, or holds an unknown axis, model or value; the message names
        file, block and value and lists what is known.
    """
    path = known().get(name, pathlib.Path(os.path.expanduser(name)))
    content = _read(path, name)
    defaults = content.pop("defaults", {})
    blocks = content.pop("block", None)
    plugged = _plugins(content.pop("plugins", []), path)
    description = content.pop("description", "")
    beside = _baselines(content.pop("baselines", None), path)
    where = f"grid {path.name}"
    if content:
        raise errors.GridError(f"{where}: {errors.unknown('key', next(iter(content)), _TOP_LEVEL)}")
    if not isinstance(blocks, list) or not blocks or not all(isinstance(block, dict) for block in blocks):
        raise errors.GridError(f"{where}: expected at least one [[block]], found none")
    if not isinstance(defaults, dict) or not isinstance(description, str):
        raise errors.GridError(f"{where}: expected a table [defaults] and a text as description")
    names = [name for name in {**axes.COMMON, **axes.SHARED_OPTIONS, **axes.of_views()} if name != "model"]
    if bad := next((name for name in defaults if name not in names), None):
        raise errors.GridError(f"{where}, [defaults]: {errors.unknown('axis', bad, names)}")
    checked_blocks = (
        _check_block({**defaults, **block}, f"{where}, block {number}")
        for number, block in enumerate(blocks, start=1)
    )
    blocks = tuple(itertools.chain(*checked_blocks))
    return Grid(name=path.stem, description=description, blocks=blocks, plugins=plugged, baselines=beside)


_TOP_LEVEL = ("description", "baselines", "plugins", "defaults", "block")


def _baselines(named: Any, path: pathlib.Path) -> tuple[str, ...]:
    if named is None:
        return baseline_cards.DEFAULT
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise errors.GridError(f"grid {path.name}: expected a list of names as baselines, received {named!r}")
    try:
        return baseline_cards.chosen(named)
    except errors.GridError as error:
        raise errors.GridError(f"grid {path.name}: {error}") from None


def _plugins(named: Any, path: pathlib.Path) -> tuple[Plugin, ...]:
    """The plug-ins that a grid names, by paths from its folder: they are added, for its blocks to use."""
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise errors.GridError(f"grid {path.name}: expected a list of files as plugins, received {named!r}")
    return plugins.load([os.path.join(path.parent, os.path.expanduser(one)) for one in named])


_MOST_BYTES = 2**20


def _read(path: pathlib.Path, name: str) -> dict[str, Any]:
    # os.path answers False where pathlib raises, for a name too long.
    if path.suffix != ".toml" or not os.path.isfile(path):
        raise errors.GridError(_no_grid(name, path))
    try:
        content = foreign.read_bytes(path, most=_MOST_BYTES)
    except OSError as error:
        raise errors.GridError(f"grid {path.name}: cannot be read: {error.strerror}") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise errors.GridError(f"grid {path.name}: expected UTF-8, received UTF-16; save it again as UTF-8")
    no_toml = f"grid {path.name}: cannot be read as TOML: "
    with foreign.guarded(lambda problem: errors.GridError(no_toml + problem)):
        return tomllib.loads(content.decode("utf-8-sig"))  # Notepad and PowerShell write a byte order mark


def _no_grid(name: str, path: pathlib.Path) -> str:
    """The line for a grid that does not exist, with the one that is most like it, here or beside it."""
    beside = []
    with contextlib.suppress(OSError, ValueError):
        beside = [str(path.with_name(file)) for file in os.listdir(path.parent) if file.endswith(".toml")]
    near = errors.did_you_mean(name, [*known(), *beside])
    expected = f"one of {', '.join(known())} or an existing .toml file"
    return f"expected a grid, {expected}; received {name!r}{near}"


def _check_block(block: Mapping[str, Any], where: str) -> list[Choices]:
    """The block, one for each of its models, with every value checked."""
    try:
        chosen = {name: _as_list(name, values) for name, values in block.items()}
        models = [str(axes.COMMON["model"].check(model)) for model in chosen.pop("model", [])]
        if not models:
            raise errors.GridError(f"a block needs a model; known: {', '.join(axes.COMMON['model'].names())}")
        for name in chosen:
            _check_axis(name)
        return [checked({"model": [model], **chosen}) for model in models]
    except (errors.GridError, errors.DataError) as error:
        raise errors.GridError(f"{where}: {error}") from None


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
        present = {value for trial in trials if (value := _value(trial, name)) is not None}
        for value in values:
            if value not in present:
                there = ", ".join(str(v) for v in sorted(present)) or "nothing"
                raise errors.GridError(f"--only {name}={value}: the grid has no such trial; it has {there}")
    kept = [t for t in trials if all(_value(t, name) in values for name, values in wanted.items())]
    if not kept:
        asked = ", ".join(f"{name}={','.join(map(str, values))}" for name, values in wanted.items())
        raise errors.GridError(f"--only {asked}: no trial of the grid has all of these at once")
    return kept


def _value(trial: Trial, name: str) -> axes.Value | None:
    if name in axes.COMMON:
        return getattr(trial, name)
    axis = axes.options_of(trial.model, trial.architecture).get(name)
    return None if axis is None else dict(trial.options).get(name, axis.default)


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
    return "-".join(parts).replace("_", "-")
