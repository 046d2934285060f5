"""Networks are timed in turns; one that fails, or ends its process, costs no other its times."""

import contextlib

import pytest

from bench.ask import grid
from bench.running.execution import turns
from bench.running.execution.tasks import LostError, TakenError
from bench.running.interruption import Interruption


class Clock:
    """Gives numbers in the place of seconds, and fails where it is told to."""

    def __init__(self, fails=None, at=0):
        self.log, self.opened, self._fails, self._at = [], 0, fails or {}, at

    @contextlib.contextmanager
    def start(self):
        self.opened += 1
        self._session = []
        yield self

    def add(self, trial):
        self.log.append(("add", trial))
        self._fail(trial, 0)
        return 2.5

    def once(self, trial):
        self.log.append(("once", trial))
        self._session.append(trial)
        count = self._session.count(trial)
        self._fail(trial, count)
        return {"step_seconds": float(count)}

    def _fail(self, trial, count):
        errors = self._fails.get(trial, [])
        if errors and count == self._at:
            raise errors.pop(0)


@pytest.fixture
def trials():
    return grid.load("quick").trials("torch")[:3]


def time(clock, trials):
    kept, failed = {}, {}
    with Interruption() as stop:
        turns.time(trials, clock.start, kept.__setitem__, failed.__setitem__, stop)
    return kept, failed


def test_each_round_goes_once_over_all_of_them(trials):
    clock = Clock()
    kept, failed = time(clock, trials)
    assert clock.log == [(what, one) for what in ("add", *["once"] * turns.ROUNDS) for one in trials]
    assert not failed and list(kept) == trials
    found = kept[trials[0]]
    assert found["step_seconds"] == 5.5 and found["rounds"] == turns.ROUNDS  # the median of 1 to 10
    assert (found["step_seconds_q1"], found["step_seconds_q3"]) == (3.25, 7.75)
    assert found["compile_seconds"] == 2.5


@pytest.mark.parametrize("at", [0, 3])
def test_one_that_raises_is_left_out(trials, at):
    clock = Clock({trials[1]: [ValueError("no")]}, at)
    kept, failed = time(clock, trials)
    assert failed == {trials[1]: "ValueError: no"}
    assert list(kept) == [trials[0], trials[2]] and clock.opened == 1


@pytest.mark.parametrize("at", [0, 3])
def test_after_one_death_all_begins_again_and_after_two_without_the_culprit(trials, at):
    once = Clock({trials[1]: [LostError("its worker died")]}, at)
    kept, failed = time(once, trials)
    assert list(kept) == trials and not failed and once.opened == 2
    twice = Clock({trials[1]: [LostError("its worker died")] * 2}, at)
    kept, failed = time(twice, trials)
    assert failed == {trials[1]: "its worker died"} and list(kept) == [trials[0], trials[2]]
    assert twice.opened == 3


def test_a_worker_that_works_for_others_now_is_nobody_s_fault(trials):
    clock = Clock({trials[0]: [TakenError("busy")] * 3})
    kept, failed = time(clock, trials)
    assert list(kept) == trials and not failed and clock.opened == 4


def test_ctrl_c_ends_it_between_two_networks(trials):
    clock = Clock()
    with Interruption() as stop:
        stop.requested = True
        with pytest.raises(KeyboardInterrupt):
            turns.time(trials, clock.start, print, print, stop)
    assert not clock.log
