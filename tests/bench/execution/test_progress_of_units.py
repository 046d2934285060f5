"""What a unit does is heard while it runs, with workers and without."""

import pytest

from bench.ask import grid
from bench.running.execution import open_engine
from bench.running.execution.settings import BASIC, Settings
from bench.running.interruption import Interruption
from tests.conftest import BACKEND


class Heard:
    """A listener that keeps what it is told of units."""

    def __init__(self):
        self.told, self.ended = [], []

    def started(self, unit):
        pass

    def progressed(self, unit, what):
        self.told.append((unit, what))

    def finished(self, outcome):
        self.ended.append(outcome.result.status)

    def wanted(self, unit):
        return BASIC

    def say(self, line):
        raise AssertionError(line)


@pytest.mark.parametrize("workers", [0, 1])
def test_epochs_are_told_while_a_trial_runs(workers):
    trial = grid.load("quick").trials(BACKEND)[0]
    heard, settings = Heard(), Settings(workers=workers)
    engine = open_engine(BACKEND, settings, ["digits"], most=1, planned=1, say=print)
    with Interruption() as stop, engine:
        engine.run([trial], heard, stop)
        steps = []
        engine.time([trial], lambda *_: None, print, stop, lambda *step: steps.append(step))
    assert heard.ended == ["ok"]
    assert (trial, f"epoch 1 of {trial.epochs}") in heard.told
    if not workers:  # which has no limit to how often it tells
        assert heard.told[-1] == (trial, "trained, is measured")
        assert len(heard.told) == trial.epochs + 1
    assert steps == [(number, 0) for number in range(11)]
