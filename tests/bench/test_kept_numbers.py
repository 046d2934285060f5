"""What has finished once stays, whatever becomes of it when more measures are asked for."""

import json

import pytest

from bench import cli, errors
from bench.ask.trial import Trial
from bench.keeping.result import Outcome, Result
from bench.running import plan, runner
from bench.running.interruption import Interruption
from bench.running.progress import Progress
from bench.running.record import Record
from tests.conftest import TINY

OK = {"validation_loss": 1.0, "test_mse": 0.02}


def planned(folder, *more):
    (folder / "tiny.toml").write_text(TINY)
    common = ("run", "--grid", str(folder / "tiny.toml"), "--output", str(folder / "out"), "--quiet")
    return plan.make(cli.parser().parse_args([*common, *more]))


@pytest.fixture
def finished(tmp_path):
    """A folder in which all has finished, made by hand, the trials with a model each."""
    made = planned(tmp_path)
    made.folder.create()
    Record(made, ["run"], []).begin()
    for unit in made.units:
        made.folder.write(
            Outcome(result=Result(unit=unit, status="ok", measures=OK, groups=("basic", "generation")))
        )
    for trial in made.trials:
        made.folder.write_model(trial, b"a model")
    return tmp_path


@pytest.fixture
def session(finished):
    """A session in which all runs again for its likelihood, ready for its outcomes."""
    again = planned(finished, "--measures", "likelihood")
    missing = again.missing()
    record = Record(again, ["run"], missing)
    with Progress(missing, kept=0, quiet=True) as shown, Interruption() as stop:
        made = runner._Session(again, record, missing, shown, stop)
        made._begin({})
        yield again, made


def outcome(unit, status, **measures):
    model = b"a newer model" if status == "ok" and isinstance(unit, Trial) else b""
    result = Result(unit=unit, status=status, error="too slow" if status != "ok" else "", measures=measures)
    return Outcome(result=result, model=model)


def test_a_failure_does_not_replace_the_numbers_of_a_trial_that_ended_well(session):
    again, made = session
    unit = again.trials[0]
    made.finished(outcome(unit, "timeout"))
    assert again.folder.result(unit).measures == OK
    assert again.folder.has_model(unit)
    assert made.lost == 1
    assert unit in again.missing()


def test_a_winner_that_runs_again_keeps_a_model(session):
    again, made = session
    for unit in again.trials:
        assert made._winners.keep_below(unit) > OK["validation_loss"]
        made.finished(outcome(unit, "ok", **OK))
    assert all(again.folder.has_model(unit) for unit in again.trials)


def test_settings_of_another_version_of_the_program_are_one_line(finished):
    path = finished / "out" / "run.json"
    record = json.loads(path.read_text())
    for change in ({"model": "flow"}, {"depth": 3}, {"options": {"gamma": 1}}):
        units = [{**record["units"][0], **change}]
        path.write_text(json.dumps({**record, "units": units}))
        with pytest.raises(errors.RunFolderError, match="settings that this program does not know"):
            planned(finished).folder.units()


def test_models_are_kept_as_the_run_was_begun_unless_it_is_said(tmp_path):
    Record(planned(tmp_path, "--save-models", "all"), ["run"], []).begin()
    assert Record(planned(tmp_path), ["run"], []).save_models == "all"
    assert Record(planned(tmp_path, "--save-models", "none"), ["run"], []).save_models == "none"
    assert Record(planned(tmp_path, "--fresh"), ["run"], []).save_models == "best"


def test_the_recorded_command_removes_nothing_when_it_is_given_again(tmp_path):
    made = planned(tmp_path, "--fresh")
    Record(made, ["run", "--grid", "tiny.toml", "--fresh", "--features", "x"], []).begin()
    assert made.folder.read_run()["command"] == "python -m bench run --grid tiny.toml --features x"
