"""What a run folder holds, in the shape that the report asks for: trials gathered into configurations."""

import collections
import dataclasses
import functools
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from bench import statistics
from bench.ask import axes, baselines
from bench.ask.known import CATALOGUE, Known
from bench.ask.trial import Baseline, External, Trial, Unit
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.report import words
from bench.report.evidence import naming
from bench.report.evidence.naming import identity, seed_of, settings_of
from bench.statistics import Interval

OF_CARDS = ("model", "architecture")
"""The axes whose values are described by cards, and may have options of their own."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """Trials or external coders that differ in nothing but their seed, or one baseline.

    Attributes
    ----------
    name
        What tells it from the others of the run: `VAE conv, latent 16, β 4`.
    results
        Those that ended well, by seed; the first is the one whose pictures are shown.
    planned
        Number of seeds in the grid.
    """

    name: str
    settings: Mapping[str, Any]
    results: tuple[Result, ...]
    planned: int

    @property
    def unit(self) -> Unit:
        """The trial or baseline whose pictures stand for the configuration."""
        return self.results[0].unit

    @property
    def is_baseline(self) -> bool:
        """Whether there is no network."""
        return isinstance(self.unit, Baseline)

    @property
    def is_external(self) -> bool:
        """Whether it was made elsewhere, and measured here."""
        return isinstance(self.unit, External)

    @property
    def mark(self) -> str:
        """What stands behind its name where it is none of our networks."""
        return naming.mark(self.unit)

    @property
    def loss(self) -> str:
        """What its likelihood compares within, as far as it says: baselines are those of `mse`."""
        told = self.results[0].texts.get("loss", "")
        return "mse" if self.is_baseline else str(self.settings.get("loss", told))

    @property
    def family(self) -> str:
        """Model and architecture: `VAE conv`."""
        architecture = self.settings.get("architecture")
        return words.model(self.settings["model"]) + (f" {architecture}" if architecture else "")

    @property
    def objective(self) -> Hashable:
        """What its trials minimised; None for a baseline."""
        return self.unit.objective if isinstance(self.unit, Trial) else None

    def values(self, name: str) -> list[float]:
        """The measure of each seed that has it."""
        found = (result.measures.get(name) for result in self.results)
        return [float(value) for value in found if value is not None]

    def by_seed(self, name: str) -> dict[int, float]:
        """The measure of each seed that has it, by seed; empty for a baseline."""
        return {
            seed: float(value)
            for result in self.results
            if (seed := seed_of(result.unit)) is not None and (value := result.measures.get(name)) is not None
        }

    def measure(self, name: str) -> Interval:
        """Mean over seeds with its interval."""
        return statistics.mean_interval(self.values(name))

    def mean(self, name: str) -> float | None:
        """Mean over seeds."""
        return self.measure(name).mean

    @property
    def has_unconverged_probe(self) -> bool:
        """Whether the linear classifier of the codes of some seed stopped before it converged."""
        return 0 in self.values("latent_accuracy_converged")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """A whole run.

    Attributes
    ----------
    run
        `run.json`, its data sets by the names that they have in `datasets`.
    planned
        Every trial of the run, baselines apart, finished or not.
    results
        Of all trials and baselines that have finished, as the run folder has them.
    configurations, externals, baselines
        Those with at least one trial, external coder or baseline that ended well.
    failures
        Results of trials and baselines that did not.
    base
        Each axis to its most common value: what is left out of names. Of several backends none is common,
        so that every name says which it is.
    cards
        What is known of the models and architectures of the run.
    left_out
        Trials that ended well and are in no configuration: see `collapse`.
    """

    folder: RunFolder
    run: Mapping[str, Any]
    planned: tuple[Trial, ...]
    finished: int
    results: tuple[Result, ...]
    configurations: tuple[Configuration, ...]
    baselines: tuple[Configuration, ...]
    failures: tuple[Result, ...]
    base: Mapping[str, Any]
    externals: tuple[Configuration, ...] = ()
    cards: Known = CATALOGUE
    left_out: tuple[Result, ...] = ()

    @property
    def everything(self) -> tuple[Configuration, ...]:
        """Configurations, external coders, then baselines."""
        return (*self.rivals, *self.baselines)

    @property
    def rivals(self) -> tuple[Configuration, ...]:
        """What is ranked: configurations and external coders."""
        return (*self.configurations, *self.externals)

    @functools.cached_property
    def datasets(self) -> tuple[str, ...]:
        """The data sets, in the order of the grid; binarised images are a data set of their own."""
        units = self.planned or [one.unit for one in self.baselines]  # of a grid that trains nothing
        known = [settings_of(unit)["dataset"] for unit in units]
        return tuple(dict.fromkeys([*known, *(one.settings["dataset"] for one in self.externals)]))

    @functools.cached_property
    def backends(self) -> tuple[str, ...]:
        """The backends, in the order of the grid."""
        return tuple(dict.fromkeys(trial.backend for trial in self.planned))

    @property
    def focus(self) -> "Evidence":
        """The part on one backend, for what chooses among models and settings: that with most to show.

        The same configuration on two backends is neither two seeds nor two models.
        """
        if len(self.backends) < 2:
            return self
        counts = collections.Counter(one.settings["backend"] for one in self.configurations)
        return self.on(max(self.backends, key=lambda backend: counts[backend]))

    def on(self, backend: str) -> "Evidence":
        """The part on one backend; baselines have none, so they stay."""
        return dataclasses.replace(
            self,
            planned=tuple(trial for trial in self.planned if trial.backend == backend),
            configurations=tuple(one for one in self.configurations if one.settings["backend"] == backend),
        )

    def suffix(self, dataset: str) -> str:
        """The end of the id of what stands once for each data set; empty where there is one."""
        return "" if len(self.datasets) == 1 else f"-{self.datasets.index(dataset) + 1}"

    def about(self, dataset: str) -> "Evidence":
        """The part on one data set."""
        return dataclasses.replace(
            self,
            planned=tuple(one for one in self.planned if settings_of(one)["dataset"] == dataset),
            configurations=tuple(one for one in self.configurations if one.settings["dataset"] == dataset),
            externals=tuple(one for one in self.externals if one.settings["dataset"] == dataset),
            baselines=tuple(one for one in self.baselines if one.settings["dataset"] == dataset),
        )

    def own_options(self, axis: str) -> set[str]:
        """The options that only some values of an axis have."""
        if axis not in OF_CARDS:
            return set()
        chosen = {getattr(trial, axis) for trial in self.planned}
        return {name for value in chosen for name in self.cards.card(axis, value).named_options}

    def own_defaults(self) -> set[str]:
        """The common settings for which some architecture of the run has a default of its own."""
        chosen = {trial.architecture for trial in self.planned}
        names = {name for value in chosen for name in self.cards.architecture(value).defaults}
        return names & axes.COMMON.keys()

    def against(self, model: str) -> str:
        """The model that one builds on; empty if it builds on none, or if nothing is known of it."""
        try:
            return self.cards.model(model).against
        except ValueError:
            return ""

    @property
    def has_intervals(self) -> bool:
        """Whether any configuration has two seeds that ended well."""
        return any(len(configuration.results) > 1 for configuration in self.configurations)

    def name(self, settings: Mapping[str, Any]) -> str:
        """What tells a configuration, or what has some of its settings, from the others of the run."""
        return naming.name(settings, self.base)

    def name_of(self, unit: Unit) -> str:
        """What tells a trial from the others of the run: its configuration and its seed."""
        seed = naming.seed_of(unit)
        return self.name(settings_of(unit)) + ("" if seed is None else f", seed {seed}")

    def name_without_backend(self, settings: Mapping[str, Any]) -> str:
        """The name that a configuration or network has on every backend."""
        return self.name({name: value for name, value in settings.items() if name != "backend"})

    def baseline(self, dataset: str, model: str, latent_dim: int | None = None) -> Configuration | None:
        """A baseline of this data set, if it finished."""
        wanted = {"dataset": dataset, "model": model, "latent_dim": latent_dim}
        return next((found for found in self.baselines if found.settings == wanted), None)

    def beside(self, one: Configuration, name: str) -> Configuration | None:
        """The baseline that was fitted to the images a configuration was trained on, with as many numbers."""
        wanted = baselines.beside([one.unit], (name,)) if isinstance(one.unit, Trial) else []
        return next((found for found in self.baselines if found.unit in wanted), None)

    def linear(self, one: Configuration) -> Configuration | None:
        """The linear optimum of what a configuration minimises; None where there is none in the run."""
        wanted = baselines.linear_optimum(one.unit) if isinstance(one.unit, Trial) else None
        return next((found for found in self.baselines if found.unit == wanted), None)


def gather(folder: RunFolder) -> Evidence:
    """Read a run folder."""
    run, units = folder.read_run(), folder.units()
    results = folder.results(units)
    trials = tuple(unit for unit in units if isinstance(unit, Trial))
    base = naming.base(map(settings_of, trials))
    found = _configurations(units, results, base)
    return Evidence(
        folder=folder,
        run={**run, "datasets": _datasets(run.get("datasets", {}), units)},
        planned=trials,
        finished=sum(isinstance(result.unit, Trial) for result in results),
        results=tuple(results),
        configurations=tuple(one for one in found if isinstance(one.unit, Trial)),
        externals=tuple(one for one in found if isinstance(one.unit, External)),
        baselines=tuple(one for one in found if one.is_baseline),
        failures=tuple(result for result in results if result.status != "ok"),
        base=base,
        cards=folder.cards,
    )


def _datasets(known: Mapping[str, Any], units: Iterable[Unit]) -> dict[str, Any]:
    """What `run.json` knows of the data sets, by the names that they have here."""
    named = {settings_of(unit)["dataset"]: unit.dataset for unit in units}
    others = {name: name for name in known if name not in named.values()}
    return {name: known[source] for name, source in {**named, **others}.items() if source in known}


def _configurations(
    units: Iterable[Unit], results: Iterable[Result], base: Mapping[str, Any]
) -> list[Configuration]:
    planned = collections.Counter(identity(unit) for unit in units if not isinstance(unit, Baseline))
    groups: dict[Any, list[Result]] = {identity(unit): [] for unit in units}
    for result in results:
        if result.status == "ok":
            groups[identity(result.unit)].append(result)
    return [
        Configuration(
            name=naming.name(settings_of(group[0].unit), base),
            settings=settings_of(group[0].unit),
            results=tuple(group),
            planned=planned.get(known, 1),
        )
        for known, group in groups.items()
        if group
    ]
