"""How fast the networks are, timed with nothing else running: the table and its words."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bench import foreign, measures
from bench.ask.trial import Trial
from bench.keeping import networks
from bench.report import words
from bench.report.blocks.table import Cell, Column, Row, Table, filters, made, measure_column, number_cell
from bench.report.evidence import Configuration, Evidence, machines
from bench.report.evidence.naming import settings_of

SPREAD = 1.4
"""Between two published runs the times of the same networks had ratios from 0.70 to this."""

NOT_REPEATABLE = (
    "Times of the same networks were seen to differ by factors of 0.70 to 1.40 between two runs, so they are "
    "printed to two digits and no verdict is built on them."
)

THROUGHPUT = Column(
    label="Training, images/s",
    hint="Images of a batch over the time of a training step: what larger batches gain.",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """What was timed: the settings that its time depends on.

    Attributes
    ----------
    name
        What tells it from the others of the run: `VAE conv, latent 16`.
    times
        In seconds, as in `timings.csv`.
    """

    name: str
    settings: Mapping[str, Any]
    times: Mapping[str, float]


def networks_of(evidence: Evidence) -> list[Network]:
    """The networks of the grid that have been timed, in its order."""
    known = evidence.folder.timings()
    planned: dict[str, Trial] = {}
    for trial in evidence.planned:  # of trials on grey and on binarised images, the first
        planned.setdefault(networks.key(trial), trial)
    return [
        Network(name=evidence.name(_settings(trial)), settings=_settings(trial), times=known[key])
        for key, trial in planned.items()
        if key in known
    ]


def _settings(trial: Trial) -> dict[str, Any]:
    """Those of its network, as configurations name them."""
    settings = networks.settings(trial)
    settings.pop("plugins", None)
    return {**settings, **settings.pop("options", {}), "dataset": settings_of(trial)["dataset"]}


def step_seconds(evidence: Evidence) -> dict[str, float]:
    """Seconds of a training step by the key of the network."""
    return {key: found["step_seconds"] for key, found in evidence.folder.timings().items()}


def step_of(one: Configuration, steps: Mapping[str, float]) -> float | None:
    """Seconds of a training step of a configuration, where its network was timed."""
    return steps.get(networks.key(one.unit)) if isinstance(one.unit, Trial) else None


def missing(evidence: Evidence, found: Sequence[Network]) -> str:
    """Why there are no timings, or not all; empty where all are there."""
    keys = {networks.key(trial): trial for trial in evidence.planned}
    planned, reasons = len(keys), evidence.run.get("not_timed")
    told = [
        f"{evidence.name(_settings(trial))} ({foreign.visible(reasons[key])})"
        for key, trial in keys.items()
        if isinstance(reasons, dict) and key in reasons
    ]
    if told:
        return (
            f"{len(found)} of {words.count(planned, 'network')} are timed. Could not be timed: "
            f"{'; '.join(told)}. The command of the run, given again, tries again."
        )
    if not found:
        return (
            "No network of this run was timed with the machine to itself: that happens once the trials have "
            "ended, and an older version of the program did not do it. The command of the run, given again, "
            "does it."
        )
    if len(found) < planned:
        return (
            f"{len(found)} of {words.count(planned, 'network')} are timed; of the others no trial has ended "
            "well, or the run was interrupted before."
        )
    return ""


@made
def table(evidence: Evidence, found: Sequence[Network]) -> Table | None:
    """One row a network: medians with their quartiles."""
    if not found:
        return None
    columns = [
        Column(label="Network", is_number=False),
        *(measure_column(name) for name in measures.TIMES),
    ]
    columns.insert(2, THROUGHPUT)
    return Table(
        id="table-timing",
        caption=f"Time of each network with nothing else running, {machines.conditions(evidence)}: "
        "median (quartiles), compile time apart",
        columns=tuple(columns),
        rows=tuple(_row(network) for network in found),
        note=f"{repeated(found)} The same in seconds is in timings.csv.",
    )


def repeated(found: Sequence[Network]) -> str:
    """How the times were taken, and what they bear."""
    rounds = min(int(network.times.get("rounds", 0)) for network in found)
    if not rounds:
        return f"{NOT_REPEATABLE} Quartiles are those within one measurement."
    return (
        f"Medians of {rounds} rounds, each over all networks in turns, and quartiles between rounds: so well "
        "do times repeat on this machine, at that hour. No verdict is built on them."
    )


def _row(network: Network) -> Row:
    cells = [Cell(text=network.name), *(_time_cell(network, name) for name in measures.TIMES)]
    rate = network.settings["batch_size"] / network.times["step_seconds"]
    cells.insert(2, Cell(text=words.two_digits(rate), order=rate))
    return Row(cells=tuple(cells), settings=filters(network.settings))


def _time_cell(network: Network, name: str) -> Cell:
    times = network.times
    low, high = times.get(f"{name}_q1"), times.get(f"{name}_q3")
    if low is None or high is None:
        return number_cell(name, times.get(name))
    return Cell(text=words.quartiles(name, times[name], low, high), order=times[name])
