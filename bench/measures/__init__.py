"""Which measures there are, and all that is said of each: one card a task, one entry a measure.

Those of trials are in `result.json` and, as mean, low and high over seeds, in `summary.csv`; `results.csv`
has those that its contract names (`bench.keeping.tables.COLUMNS`). Those that are arrays are in `images.npz`.
Those of networks, `TIMES`, are in `timings.csv`, each but the time to compile with its quartiles, `_q1` and
`_q3`.

A run may have been measured by a task of a plug-in that is not here: it keeps the card of it, and whoever
reads such a run does so inside `of_run`. Nothing here imports more than the standard library.
"""

import contextlib
from collections.abc import Iterable, Iterator

from bench.measures import generation, latent, likelihood, rates, reconstruction, robustness, timing, training
from bench.measures.measure import Measure
from bench.measures.references import REFERENCES
from bench.measures.task import TaskCard
from bench.models import shelves

__all__ = [
    "KINDS",
    "REFERENCES",
    "TASKS",
    "TIMES",
    "Measure",
    "TaskCard",
    "counterparts",
    "every",
    "kind",
    "named",
    "of_plugins",
    "of_run",
    "of_table",
    "of_task",
]

TASKS: dict[str, TaskCard] = {}
"""Every task by name, in the order in which they are taken."""

TIMES = tuple(one.name for one in timing.MEASURES)
"""Those of a network, timed with the machine to itself."""

KINDS = {
    title: frozenset(one.name for one in found)
    for title, found in (
        ("Reconstruction", reconstruction.MEASURES),
        ("Codes", (*rates.MEASURES, *latent.MEASURES, *latent.OF_FEW_LABELS)),
        ("Generation", generation.MEASURES),
        ("Cost", (*filter(training.is_cost, training.MEASURES), *timing.MEASURES)),
    )
}
"""What readers look for who choose columns, and the measures that tell it."""

_every: dict[str, Measure] = {}
"""Every measure, in the order in which the report prints them."""


_of_run: dict[str, TaskCard] = {}


def _gather() -> None:
    """Put all measures in order; of what is in this package a run says nothing else."""
    tasks = (*TASKS.values(), *_of_run.values())
    measures = [one for card in tasks for one in card.measures]
    measures += [one for card in tasks for one in card.counterparts]
    _every.clear()
    for one in (*measures, *training.MEASURES, *timing.MEASURES):
        _every.setdefault(one.name, one)


def _register(card: TaskCard) -> None:
    """Make a task known; raises `ValueError` if its name, or that of one of its measures, is taken."""
    if card.name in TASKS:
        raise ValueError(f"expected a name that is not taken, received {card.name!r}; choose another")
    names = [one.name for one in (*card.measures, *card.counterparts)]
    if taken := sorted({name for name in names if name in _every or names.count(name) > 1}):
        raise ValueError(
            f"{card.name}: expected measures with names of their own, received {', '.join(taken)}, which are "
            "taken; choose other names"
        )
    TASKS[card.name] = card
    _gather()


def _forget(card: TaskCard) -> None:
    TASKS.pop(card.name)
    _gather()


@contextlib.contextmanager
def of_run(cards: Iterable[TaskCard]) -> Iterator[None]:
    """Inside, measures of tasks that are not here are known, too, as a run says of them."""
    before = dict(_of_run)
    _of_run.update((card.name, card) for card in cards if card.name not in TASKS)
    _gather()
    try:
        yield
    finally:
        _of_run.clear()
        _of_run.update(before)
        _gather()


def every() -> tuple[Measure, ...]:
    """All measures that are known, in the order in which the report prints them."""
    return tuple(_every.values())


def named(name: str) -> Measure:
    """What is said of a measure; raises `KeyError` for one that is not known."""
    return _every[name]


def of_table(table: str) -> tuple[str, ...]:
    """The names of those that stand in a table, as `Measure.tables` says."""
    return tuple(one.name for one in _every.values() if table in one.tables)


def kind(name: str) -> str:
    """What a measure is about, in a word, by which columns are chosen: one of `KINDS`, or empty."""
    return next((title for title, names in KINDS.items() if name in names), "")


def counterparts() -> dict[str, str]:
    """What is reported -> what decides: the same measure of validation images."""
    return {one.name: one.validation for one in _every.values() if one.validation}


def of_plugins() -> tuple[TaskCard, ...]:
    """The tasks that are not of this package, with those that a run alone knows."""
    return tuple(card for card in (*TASKS.values(), *_of_run.values()) if card.plugin)


def of_task(name: str) -> tuple[Measure, ...]:
    """Those of a task, without those on validation images."""
    return TASKS[name].measures


_gather()
shelves.shelve(TaskCard, TASKS, _register, _forget)
for _card in (
    TaskCard(
        name="basic",
        title="reconstruction, KL and ELBO, the latent space and its classifiers",
        code="bench.tasks.basic:add",
        measures=(*reconstruction.MEASURES, *rates.MEASURES, *latent.MEASURES),
    ),
    TaskCard(
        name="generation",
        title="samples against real images, in the features of a classifier",
        code="bench.tasks.generation:add",
        measures=generation.MEASURES,
    ),
    TaskCard(
        name="few_labels",
        title="classifiers of the codes with 1, 4, 40 and 100 labels a class",
        code="bench.tasks.few_labels:add",
        measures=latent.OF_FEW_LABELS,
        default=False,
    ),
    TaskCard(
        name="likelihood",
        title="the importance-weighted bound on the likelihood; of PCA the likelihood itself",
        code="bench.tasks.likelihood:add",
        measures=likelihood.MEASURES,
        default=False,
    ),
    TaskCard(
        name="robustness",
        title="noisy and occluded images",
        code="bench.tasks.robustness:add",
        measures=robustness.MEASURES,
        default=False,
    ),
):
    shelves.add(_card)
