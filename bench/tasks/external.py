"""An external coder -> its row: made by a file, held to the contract, measured as models are."""

import dataclasses
import functools
import importlib.metadata
import inspect
import os
import sys
import time
import types
from collections.abc import Collection, Sequence
from typing import Any, cast

from bench import errors, tasks
from bench.ask import external as asked
from bench.ask.trial import External
from bench.datasets import Dataset
from bench.keeping.result import MOST_LETTERS, Measures, Outcome, Result
from bench.machine import memory
from bench.models import likelihoods, plugins
from bench.models.coder import Coder
from bench.models.plugins import Plugin
from bench.tasks.checked import Checked, CoderError
from bench.tasks.features import Extractor

_OURS = {"bench", "numpy"}
_MOST_LIBRARIES = 6


def load(plugin: Plugin, source: str, *, several: bool = False) -> None:
    """Run a file, once a process, so that it has the name; with `several`, to be called with seeds.

    Raises
    ------
    UsageError
        In one line, if it cannot be run, or has no such name.
    """
    folder = os.path.dirname(os.path.abspath(plugin.name))
    if folder not in sys.path:  # as Python does for a script: it may import what lies beside it
        sys.path.append(folder)
    try:
        module = plugins.module(plugins.hold(plugin))
    except plugins.PluginError as error:
        raise errors.UsageError(str(error).removeprefix("plug-in ")) from None
    if not hasattr(module, source):
        known = [name for name in vars(module) if not name.startswith("_")]
        raise errors.UsageError(f"{plugin.name}: {errors.unknown('name', source, known)}")
    found = getattr(module, source)
    if several and "seed" not in (_parameters(found) or ()):
        raise errors.UsageError(
            f"--seeds: expected one, as {source} is no function with a parameter seed; write "
            f"def {source}(seed): ... in {plugin.name}, to return the coder of a seed"
        )


def run(
    unit: External,
    dataset: Dataset,
    groups: Sequence[str],
    extractor: Extractor | None = None,
    outside: Dataset | None = None,
    *,
    is_explored: bool = False,
) -> Outcome:
    """Make a coder and measure it as a trial is: by `bench.tasks.measure`.

    Raises
    ------
    CoderError
        If it is none, or breaks its contract.
    """
    memory.reset_peak()
    module = plugins.module(unit.file)
    made, taken = _made(module, unit, dataset)
    start = time.perf_counter()
    coder = Checked(made, dataset.test.images)
    found = tasks.measure(cast(Coder, coder), dataset, groups, extractor, outside, is_explored=is_explored)
    numbers: Measures = {
        **found.measures,
        **_fit_seconds(made, taken),
        "measure_seconds": time.perf_counter() - start,
        "peak_memory_mb": memory.peak_mb(),
    }
    texts = {**found.texts, "library": libraries(plugins.known[unit.file].text)}
    title = " ".join(str(getattr(made, "title", "") or "").split())[:MOST_LETTERS]
    result = Result(
        unit=dataclasses.replace(unit, latent_dim=coder.code_size),
        status="ok",
        data_sha256=dataset.sha256,
        measures=numbers,
        reasons=found.reasons,
        groups=tuple(groups),
        texts={name: text for name, text in {**texts, "title": title, "loss": _loss(made)}.items() if text},
    )
    return Outcome(result=result, images=found.images)


def libraries(text: str) -> str:
    """What a file imports beside this package, NumPy and the standard library, with versions."""
    named = {name.split(".")[0] for name in asked.imported(text)}
    found = sorted(named - _OURS - sys.stdlib_module_names)
    known = [told for name in found if (told := _version(name))]
    return ", ".join(known[:_MOST_LIBRARIES])


def _version(module: str) -> str:
    """`scikit-learn 1.9.1`; empty for a module of no package, such as a file beside this one."""
    try:
        return f"{module} {importlib.metadata.version(module)}"
    except importlib.metadata.PackageNotFoundError:
        packages = importlib.metadata.packages_distributions().get(module, [])
    return f"{packages[0]} {importlib.metadata.version(packages[0])}" if packages else ""


def _made(module: types.ModuleType, unit: External, dataset: Dataset) -> tuple[Any, float | None]:
    """The coder itself, or what a function or class of that name makes, with what it asks for.

    The second is the seconds that it took where it asked for the data, to fit something to them.
    """
    found = getattr(module, unit.source)
    if (asked_for := _parameters(found)) is None:
        return found, None
    given = {"seed": unit.seed, "dataset": dataset}
    start = time.perf_counter()
    made = found(**{name: value for name, value in given.items() if name in asked_for})
    return made, time.perf_counter() - start if "dataset" in asked_for else None


def _parameters(found: Any) -> Collection[str] | None:
    """What a function or class takes; None of what is none, such as a coder."""
    if not (inspect.isroutine(found) or inspect.isclass(found) or isinstance(found, functools.partial)):
        return None
    return inspect.signature(found).parameters


def _loss(coder: Any) -> str:
    """Of which loss its likelihood is that; empty where it is another, or none."""
    said = getattr(coder, "loss", "")
    return said if isinstance(said, str) and said in likelihoods.CONSTANTS else ""


def _fit_seconds(coder: Any, taken: float | None) -> dict[str, float]:
    """What training it took, as it says, or as was seen."""
    seconds = getattr(coder, "fit_seconds", None)
    if seconds is None:
        return {} if taken is None else {"fit_seconds": taken}
    if not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
        raise CoderError(f"fit_seconds: expected seconds, received {seconds!r:.80}")
    return {"fit_seconds": float(seconds)}
