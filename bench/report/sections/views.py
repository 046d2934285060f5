"""A view of one configuration: numbers of its seeds side by side, its places, curves and pictures."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence

from bench import measures
from bench.ask import axes
from bench.ask.trial import Trial
from bench.keeping.result import Result
from bench.keeping.store import PACKED
from bench.measures import latent, likelihood, rates, reconstruction, robustness, training
from bench.report import words
from bench.report.blocks import isolation, pictures
from bench.report.blocks.pictures import Picture, Pictures, Row
from bench.report.blocks.seed_curves import seed_curves
from bench.report.blocks.table import configuration_link, filters
from bench.report.blocks.view import Group, Line, View
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.naming import identity, seed_of, settings_of
from bench.report.sections import origin, pictured

SAMPLES = 5  # of each kind; a view of each of 60 configurations has some
MOST_SEEDS = 6
"""Columns of a view; the numbers of further seeds are in results.csv."""
_UNRANKED = ("validation_loss", "test_elbo", "fit_seconds", "epoch_seconds", "measure_seconds")
"""Of one objective or loss alone, or of what ran beside: places by them say nothing."""

Ranks = Mapping[str, Mapping[str, str]]
"""By measure and name: `3 of 60`."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Beside:
    """What a view needs to know of the others: the order of merit, places, and whose pictures are shown."""

    order: tuple[Configuration, ...]
    ranks: Ranks
    pictured: frozenset[str]
    measures: frozenset[str]
    is_compared: bool


def view(evidence: Evidence, one: Configuration, beside: Beside) -> View:
    """All that is known of one."""
    said: list[str] = []
    histories = {seed: evidence.folder.history(result.unit) for seed, result in _seeds(one).items()}
    index = next((i for i, each in enumerate(beside.order) if each is one), None)
    return View(
        key=one.unit.key,
        name=one.name,
        mark=one.mark,
        place="" if index is None else f"{index + 1} of {len(beside.order)} by MSE",
        previous=_neighbour(beside, index, -1),
        next=_neighbour(beside, index, 1),
        compare=f"#compare?compare.0={one.unit.key}" if beside.is_compared else "",
        settings=_settings(one),
        seeds=tuple((seed, result.unit.key) for seed, result in _seeds(one).items()),
        groups=_groups(one, beside),
        failed=_failed(evidence, one),
        empty=_empty(one),
        curves=isolation.attempt("chart", lambda: seed_curves(histories), said.append),
        pictures=isolation.attempt("picture", lambda: _pictures(evidence, one, beside), said.append),
        models=_models(evidence, one),
        command=_command(evidence, one),
        places=_places(evidence, one),
        lost=" ".join(said),
    )


def _seeds(one: Configuration) -> dict[str, Result]:
    """The trials by what their columns are called."""
    return {
        "value" if (seed := seed_of(result.unit)) is None else f"seed {seed}": result
        for result in one.results[:MOST_SEEDS]
    }


def _neighbour(beside: Beside, index: int | None, step: int) -> tuple[str, str] | None:
    if index is None or not 0 <= index + step < len(beside.order):
        return None
    other = beside.order[index + step]
    return other.name, configuration_link(other)


def _settings(one: Configuration) -> str:
    """All of them, in a line."""
    values = filters(one.settings)
    return words.capital(", ".join(f"{axis}{words.NBSP}{value}" for axis, value in values.items()))


@functools.cache
def _purposes() -> dict[str, str]:
    """Measure to the title of its group."""
    titles = {
        "Reconstruction": (*reconstruction.MEASURES, *robustness.MEASURES),
        "What its codes hold": (*latent.MEASURES, *latent.OF_FEW_LABELS),
        "What its codes cost": (*rates.MEASURES, *likelihood.MEASURES),
        "Training": training.MEASURES,
    }
    return {one.name: title for title, ones in titles.items() for one in ones}


def _title(name: str) -> str:
    if name.startswith("validation_") and name != "validation_loss":
        return "On validation images, which decide what to take"
    return _purposes().get(name) or ("New images" if _is_of("generation", name) else "Others")


def _is_of(task: str, name: str) -> bool:
    return name in measures.TASKS[task].numbers


def _groups(one: Configuration, beside: Beside) -> tuple[Group, ...]:
    found: dict[str, list[Line]] = {}
    for name in (each.name for each in measures.every()):
        if name in beside.measures and one.values(name):
            found.setdefault(_title(name), []).append(_line(one, name, beside.ranks))
    return tuple(Group(title=title, lines=tuple(lines)) for title, lines in found.items())


def _line(one: Configuration, name: str, ranks: Ranks) -> Line:
    results = _seeds(one).values()
    return Line(
        label=words.head(name),
        better=measures.named(name).better,
        mean=words.interval(name, one.measure(name)) if len(results) > 1 else "",
        values=tuple(words.number(name, result.measures.get(name)) for result in results),
        rank=ranks.get(name, {}).get(one.name, ""),
    )


def ranks(ones: Sequence[Configuration], names: Sequence[str]) -> Ranks:
    """The place of each by the mean of each measure of which one way is better; equals share a place."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        better = measures.named(name).better
        known = {one.name: sum(values) / len(values) for one in ones if (values := one.values(name))}
        if not better or name in _UNRANKED or len(set(known.values())) < 2:
            continue
        ordered = sorted(known.values(), reverse=better == "higher")
        found[name] = {each: f"{1 + ordered.index(value)} of {len(known)}" for each, value in known.items()}
    return found


def _failed(evidence: Evidence, one: Configuration) -> tuple[tuple[str, str, str], ...]:
    if not evidence.failures:
        return ()
    return tuple(
        (f"seed {seed_of(result.unit)}", result.status, result.error)
        for result in evidence.failures
        if identity(result.unit) == identity(one.unit)
    )


def _empty(one: Configuration) -> tuple[tuple[str, str], ...]:
    """Reasons with the measures that have no number of any seed for it, in the order of the definitions."""
    found: dict[str, list[str]] = {}
    for each in measures.every():
        reasons = [result.reasons[each.name] for result in one.results if each.name in result.reasons]
        if reasons and not one.values(each.name):
            found.setdefault(reasons[0], []).append(each.label)
    return tuple((reason, ", ".join(labels)) for reason, labels in found.items())


def _pictures(evidence: Evidence, one: Configuration, beside: Beside) -> Pictures | None:
    """Test images, what each seed makes of them, and samples of the first."""
    wanted = [result for result in _seeds(one).values() if result.unit.key in beside.pictured]
    alone = [dataclasses.replace(one, results=(result,)) for result in wanted]
    shown = [pictured.show(evidence, each, SAMPLES) for each in alone]
    titles = ["Reconstructions" if one.is_baseline else f"Seed {seed_of(each.unit)}" for each in wanted]
    found = [(title, each.reconstructions, each) for title, each in zip(titles, shown, strict=True)]
    found += [("Samples", each.samples, each) for each in shown[:1]]
    found += [("From a mixture", each.mixture_samples, each) for each in shown[:1]]
    rows = [
        Row(title=title, pictures=(_coarse(picture),), key=each.one.unit.key)
        for title, picture, each in found
        if picture
    ]
    rows += [Row(title=each.one.name, pictures=(), lost=each.lost) for each in shown if each.lost]
    if not rows:
        return None
    first = pictured.first_originals(evidence, alone[:1])
    originals = (Row(title="Originals", pictures=(first[1],)),) if first else ()
    return Pictures(rows=(*originals, *rows))


def _coarse(picture: Picture) -> Picture:
    return dataclasses.replace(picture, pixels=pictures.coarse(picture.pixels))


def _models(evidence: Evidence, one: Configuration) -> tuple[str, ...]:
    kept = (result.unit for result in one.results if evidence.folder.has_model(result.unit))
    return tuple(
        f'model = models.load("trials/{unit.key}/model.keras")  # seed {seed_of(unit)}' for unit in kept
    )


def _command(evidence: Evidence, one: Configuration) -> str:
    """The last command of the run with what tells this configuration from the others of it."""
    if not isinstance(one.unit, Trial):
        return ""
    planned = [settings_of(trial) for trial in evidence.planned]
    known = {*axes.COMMON, *axes.options_of(one.unit.model, one.unit.architecture, evidence.cards)}
    only = {
        name: value
        for name, value in one.settings.items()
        if name in known and len({each[name] for each in planned if name in each}) > 1
    }
    return origin.narrowed(evidence, only, one.unit.backend)


def _places(evidence: Evidence, one: Configuration) -> str:
    within = f" in {PACKED}" if evidence.folder.is_packed else ""
    return ", ".join(f"trials/{result.unit.key}/{within}" for result in one.results[:MOST_SEEDS])
