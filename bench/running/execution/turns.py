"""Networks timed in turns, round after round, wherever they are; and what is done with one that fails."""

import collections
import contextlib
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from bench import errors
from bench.ask.trial import Trial
from bench.running import interruption
from bench.running.execution.tasks import LostError, TakenError
from bench.running.interruption import Interruption

ROUNDS = 10
DEATHS = 2  # of a process in the middle of one network, after which that is left out

Times = dict[str, float]
Kept = Callable[[Trial, Times], None]
Failed = Callable[[Trial, str], None]
Told = Callable[[int, int], None]
"""Is told which round begins with which network: 0, in which networks are made ready, to `ROUNDS`; from 0."""


class Watch(Protocol):
    """One process, and the networks that are ready in it."""

    def add(self, trial: Trial) -> float:
        """Make a network ready; return the seconds that it took to compile."""

    def once(self, trial: Trial) -> Times:
        """Time it once."""


Open = Callable[[], contextlib.AbstractContextManager[Watch]]


def nobody(number: int, place: int) -> None:
    """Nobody is told."""


def time(
    trials: Sequence[Trial],
    start: Open,
    kept: Kept,
    failed: Failed,
    stop: Interruption,
    told: Told = nobody,
) -> None:
    """Time every network, `ROUNDS` times in turns; each is handed to `kept` or to `failed`.

    Parameters
    ----------
    start
        Opens a process in which nothing else runs; again where it died. What is in the middle of something
        when a process dies for the second time is left out.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C was pressed.
    ClusterError
        If no worker is left.
    """
    left, deaths = list(trials), collections.Counter[Trial]()
    while left:
        with start() as watch:
            if found := _all_rounds(left, watch, deaths, failed, stop, told):
                for trial, (compiling, rounds) in found.items():
                    kept(trial, summary(compiling, rounds))
                return


def summary(compiling: float, rounds: Sequence[Times]) -> Times:
    """The times of a network, in seconds, of one round or more.

    Returns
    -------
    dict
        Each name of a round: its median over rounds; with `_q1` and `_q3` the quartiles between rounds.
        `compile_seconds`; and `rounds`, how many there were.
    """
    found: Times = {"compile_seconds": compiling}
    for name in rounds[0]:
        low, middle, high = np.percentile([one[name] for one in rounds], (25, 50, 75))
        found |= {name: float(middle), f"{name}_q1": float(low), f"{name}_q3": float(high)}
    return {**found, "rounds": len(rounds)}


def _all_rounds(
    left: list[Trial],
    watch: Watch,
    deaths: collections.Counter[Trial],
    failed: Failed,
    stop: Interruption,
    told: Told,
) -> dict[Trial, tuple[float, list[Times]]]:
    """All rounds over those that are left, in one process; nothing if it died. One that fails is left out."""
    found: dict[Trial, tuple[float, list[Times]]] = {}
    for step in range(1 + ROUNDS):
        for place, trial in enumerate(list(left)):
            stop.check()
            told(step, place)
            try:
                if not step:
                    found[trial] = watch.add(trial), []
                else:
                    found[trial][1].append(watch.once(trial))
            except LostError as error:
                deaths[trial] += not isinstance(error, TakenError)
                if deaths[trial] == DEATHS:
                    left.remove(trial)
                    failed(trial, str(error))
                return {}
            except errors.ClusterError:
                raise
            except BaseException as error:
                if interruption.is_ctrl_c(error):
                    raise
                left.remove(trial)
                found.pop(trial, None)
                failed(trial, errors.one_line(error))
    return found
