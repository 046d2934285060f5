"""What would end the program, raised by what a trial calls, is that trial's own end; Ctrl-C ends the run."""

import contextlib
import os
import signal
import time

import keras
import pytest

from bench.ask import grid
from bench.running import interruption
from bench.running.execution import worker
from bench.running.execution.here import Here
from bench.running.execution.settings import BASIC
from bench.running.interruption import Interruption
from tests.conftest import BACKEND


class Heard(list):
    """A listener that keeps the results."""

    def progressed(self, unit, what):
        pass

    def started(self, unit):
        pass

    def wanted(self, unit):
        return BASIC

    def finished(self, outcome):
        self.append(outcome.result)


@pytest.fixture
def trial():
    return grid.load("quick").trials(BACKEND)[0]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_without_workers_a_trial_that_would_end_the_program_is_a_row(trial, monkeypatch, kind):
    def compile(*_, **__):
        raise kind(0)

    monkeypatch.setattr(keras.Model, "compile", compile)
    heard = Heard()
    with Interruption() as stop, Here(BACKEND, ["digits"], print) as engine:
        engine.run([trial], heard, stop)
        reasons = []
        engine.time([trial], print, lambda _, reason: reasons.append(reason), stop)
    (result,) = heard
    assert (result.status, result.error) == ("failed", f"{kind.__name__}: 0")
    assert "test_ends_of_the_program.py" in result.traceback
    assert reasons == [f"{kind.__name__}: 0"]


@pytest.fixture
def hears_ctrl_c():
    """As a program does that was started by hand; tests that run in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_without_workers_ctrl_c_twice_ends_the_run_in_the_middle_of_a_trial(trial, monkeypatch):
    def compile(*_, **__):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(keras.Model, "compile", compile)
    heard = Heard()
    with (
        Interruption() as stop,
        Here(BACKEND, ["digits"], print) as engine,
        pytest.raises(KeyboardInterrupt),
    ):
        engine.run([trial], heard, stop)
    assert heard == []


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_task_that_would_end_a_worker_raises_what_it_was(tmp_path, kind):
    with (
        pytest.raises(RuntimeError, match=f"it raised {kind.__name__}: 3"),
        worker._captured(f"{tmp_path}/log"),
    ):
        raise kind(3)
    assert list(tmp_path.iterdir()) == []


def test_sigterm_ends_a_run_in_the_background_where_ctrl_c_is_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interruption() as stop, pytest.raises(KeyboardInterrupt) as raised:
            assert not interruption.is_ctrl_c(KeyboardInterrupt())  # what a trial raises by itself
            os.kill(os.getpid(), signal.SIGTERM)
        with Interruption() as stop:
            stop.requested = True
            assert interruption.is_ctrl_c(raised.value)
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_end_that_is_lost_in_a_callback_is_asked_for_again():
    with Interruption() as stop, pytest.raises(KeyboardInterrupt), stop.insisting():
        with contextlib.suppress(KeyboardInterrupt):  # as jax's callback of the garbage collector does
            os.kill(os.getpid(), signal.SIGTERM)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.01)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert time.monotonic() < end
