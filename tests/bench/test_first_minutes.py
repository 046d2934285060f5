"""What a run says while there is nothing to see yet: what it will do, that it goes on, and for how long."""

import dataclasses
import pathlib
import re
import subprocess
import sys
import time

import pytest

from bench import cli
from bench.ask import estimate, grid
from bench.keeping.result import Result
from bench.machine import provenance, threads
from bench.running import countdown, heartbeat, outlook, plan, progress, speed
from bench.running.execution.turns import ROUNDS
from tests.bench.real_run import replace_in, unpack
from tests.conftest import REPOSITORY

UNITS = grid.load("quick").trials("torch")[:5]


def planned(*arguments: str) -> plan.Plan:
    return plan.make(cli.parser().parse_args(["run", "--workers", "2", *arguments]))


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY", 0.3)  # not a minute
    monkeypatch.setattr(heartbeat, "LOOK", 0.02)
    with progress.Progress(UNITS, kept=0, quiet=False, then=10.0) as made:
        yield made


def test_a_line_comes_while_nothing_else_is_said_with_what_runs_and_how_far_it_is(shown, capsys):
    shown.preparing("torch")
    time.sleep(0.5)
    assert "starting torch and loading the data" in capsys.readouterr().err
    for unit in UNITS[:4]:
        shown.started(unit)
    shown.progressed(UNITS[0], "epoch 4 of 10\x1b")
    time.sleep(0.5)
    told = capsys.readouterr().err
    assert re.search(
        r"^0 of 5 done; ae dense, latent 2.*: epoch 4 of 10\\x1b; .*; and 1 more$", told, re.MULTILINE
    )
    shown.finished(Result(unit=UNITS[0], status="ok"))
    time.sleep(0.5)
    assert re.search(r"^1 of 5 done; .*; about [\d.]+ \w+ to go$", capsys.readouterr().err, re.MULTILINE)


def test_epochs_of_a_trial_that_runs_count_as_done():
    shown = progress.Progress(UNITS[:2], kept=0, quiet=True)
    for unit in UNITS[:2]:
        shown.started(unit)
    time.sleep(0.2)
    shown.finished(Result(unit=UNITS[0], status="ok"))
    before = float(shown._to_go().split()[0])
    shown.progressed(UNITS[1], "epoch 9 of 10")
    assert float(shown._to_go().split()[0]) < before


def test_no_line_comes_where_lines_come_anyway_nor_where_a_run_is_to_be_quiet(shown, capsys, monkeypatch):
    for number in range(6):
        shown.say(f"line {number}")
        time.sleep(0.1)
    assert len(capsys.readouterr().err.splitlines()) == 6
    with progress.Progress(UNITS, kept=0, quiet=True):
        time.sleep(0.5)
    assert "done" not in capsys.readouterr().err.replace("starting", "")


def test_timing_counts_networks_rounds_and_what_is_left(monkeypatch):
    said: list[str] = []
    one = countdown.Countdown(20, 40.0, said.append)
    one.step(0, 6)
    assert re.fullmatch(r"timing: network 7 of 20, about (39|40) s to go", said[-1])
    one.step(1, 0)
    time.sleep(0.05)
    one.step(2, 0)
    told = re.fullmatch(rf"timing: round 2 of {ROUNDS}, network 1 of 20, about ([\d.]+) s to go", said[-1])
    assert told and 0.3 < float(told[1]) < 3  # nine rounds of what the first took


def test_the_first_line_says_how_many_for_how_long_and_where(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    one = planned("--output", "here")
    start = time.monotonic()
    seen = outlook.of(one)
    assert time.monotonic() - start < 4 * speed.SECONDS + 2
    assert re.fullmatch(
        r"9 trials and 7 baselines on \w+; about [\d.]+ (s|min) to go for 2 workers, "
        r"with measuring, timing and report \(by a short test of this processor"
        r"(; this machine is busy now, .*)?\); run folder: here",
        outlook.line(one, seen),
    )
    assert seen.parts.total > seen.parts.running > 0
    over = dataclasses.replace(seen, expected={}, parts=dataclasses.replace(seen.parts, timing=0.0))
    assert "all finished: the report is written again" in outlook.line(one, over)


def test_an_earlier_run_on_this_machine_says_how_fast_it_is(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(speed, "LEAST", 2)  # what the folder has
    folder = unpack(tmp_path / "reports" / "earlier")
    record = folder.path / "run.json"
    backend = folder.units()[0].backend
    one = planned("--backend", backend, "--output", "new")
    for name, value in (("processor", "another"), ("cores", threads.available())):
        replace_in(record, ("machine", name), value)
    assert speed.here(one).source.startswith("by a short test of this processor")
    replace_in(record, ("machine", "processor"), provenance.processor())
    found = speed.here(one)
    assert found.source.startswith(f"by 2 trials in {pathlib.Path('reports', 'earlier')}")
    results = folder.results(folder.units()[:2])
    taken = sum(r.measures["fit_seconds"] + r.measures["measure_seconds"] for r in results)
    assert found.factor == pytest.approx(taken / sum(estimate.seconds(r.unit, r.groups) for r in results))


OPEN = (
    "import pathlib; from bench.running import progress; progress.open_page(pathlib.Path('a page #1.html'))"
)


@pytest.mark.parametrize(("script", "said"), [("echo $1 > opened", ""), ("exit 3", "no browser could be")])
def test_a_page_is_opened_in_a_browser_and_where_there_is_none_it_is_said(tmp_path, script, said):
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "BROWSER": f"{browser} %s", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    address = (tmp_path / "a page #1.html").as_uri()
    assert said in done.stderr and (not said or address in done.stderr)
    if not said:
        assert (tmp_path / "opened").read_text().strip() == address
    assert "%20" in address and "%23" in address
