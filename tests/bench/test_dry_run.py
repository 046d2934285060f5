"""What a run is said to take, before it begins and while it goes on."""

import datetime
import json
import re

import pytest

from bench import cli
from bench.ask import estimate, grid, grouping
from bench.ask.bound_size import USUAL
from bench.machine.backend import BACKENDS
from bench.running import outlook, plan
from bench.running.execution.settings import LEAST_LIMIT, Settings
from tests.conftest import BACKEND, REPOSITORY

ALL = grouping.parse("basic,generation,likelihood,robustness", "digits")


def planned(*arguments: str) -> plan.Plan:
    return plan.make(cli.parser().parse_args(["run", "--workers", "2", *arguments]))


def to_go(one: plan.Plan) -> float:
    """Seconds that the last line of a listing stands for."""
    expected = {unit.key: estimate.seconds(unit, one.measures) for unit in one.missing()}
    return outlook.parts(one, expected, 2).total


@pytest.fixture
def trials():
    """A trial of each model and architecture of the base grid, on Fashion-MNIST."""
    return {(t.model, t.architecture): t for t in grid.load("base").trials("torch")}


def test_a_dry_run_lists_the_trials_and_how_long_they_may_take_and_writes_nothing(
    capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", "--grid", "full", "--seeds", "0", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 60 + 24 + 1
    assert re.search(
        r"60 trials and 24 baselines on \w+; about [\d.]+ (min|h) to go for \d+ workers?, "
        r"with measuring, timing and report \(by .+\)",
        lines[-1],
    )
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_counts_the_workers_that_are_asked_for(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = {}
    for workers in (1, 4):
        one = plan.make(cli.parser().parse_args(["run", "--grid", "full", "--workers", str(workers)]))
        seen = outlook.of(one)
        assert f" to go for {workers} worker" in outlook.line(one, seen)
        found[workers] = seen.parts.times(1 / seen.speed.factor).total
    assert 3 < found[1] / found[4] < 4.2  # networks are timed one at a time


def test_every_group_of_measures_has_its_price(trials):
    for of, trial in trials.items():
        prices = [
            estimate.seconds(trial, ("basic",)),
            estimate.seconds(trial, grouping.DEFAULT),
            estimate.seconds(trial, (*grouping.DEFAULT, "robustness")),
            estimate.seconds(trial, ALL),
        ]
        assert prices == sorted(set(prices)), of
    beside = estimate.seconds(trials["vae", "conv"], ("basic", "likelihood"))
    assert beside > estimate.seconds(trials["vae", "conv"], ("basic",)) + 5


def test_the_estimate_holds_the_classifier_the_timing_and_the_report(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    whole = planned("--grid", "base")
    trials = estimate.wall([estimate.seconds(unit, whole.measures) for unit in whole.units], 2)
    beside = to_go(whole) - trials
    classifier, networks = estimate.classifier("fashion_mnist"), 2 * (0.5 + 1.3)
    assert beside == pytest.approx(
        classifier + networks + estimate.STARTING[BACKEND] + estimate.REPORT + 12 * estimate.REPORT_TRIAL
    )
    basic = planned("--grid", "base", "--measures", "basic")
    assert to_go(whole) - to_go(basic) > classifier


def test_the_estimate_of_a_published_run_is_near_what_it_took(monkeypatch):
    """`base` on three backends, two at a time, with the classifier of another run."""
    monkeypatch.chdir(REPOSITORY)
    published = REPOSITORY / "reports" / "base-three-backends"
    record = json.loads((published / "run.json").read_text())
    ended, began = (datetime.datetime.fromisoformat(record[name]) for name in ("finished", "started"))
    again = planned(
        *("--grid", "base", "--backend", ",".join(BACKENDS), "--output", "out"),
        *("--features", "reports/full-fashion-mnist"),
    )
    assert to_go(again) == pytest.approx((ended - began).total_seconds(), rel=0.25)


def test_the_limit_of_a_trial_is_no_shorter_than_before(trials):
    for trial in trials.values():
        assert Settings().limit(trial) >= max(LEAST_LIMIT, 10 * estimate.seconds(trial, ("basic",)))
        assert Settings().limit(trial) > 3 * estimate.seconds(trial, ALL)


def test_what_is_known_without_keras_is_what_the_rooms_with_keras_do():
    from bench.metrics.likelihood import IMPORTANCE_SAMPLES
    from bench.tasks import features

    assert estimate.CLASSIFIER_IMAGES == features.STEPS * features.BATCH
    assert estimate.CLASSIFIER_EPOCHS == features.MOST_EPOCHS
    assert USUAL.samples == IMPORTANCE_SAMPLES
    assert estimate.STARTING.keys() == set(BACKENDS)
