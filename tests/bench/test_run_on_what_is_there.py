"""`run` on a folder that holds something: results are read once, and success is only what is there."""

import dataclasses
import multiprocessing
import os
import shutil
import sys
import threading

import numpy as np
import pytest

from bench import cli, errors
from bench.ask import grid
from bench.ask.trial import Trial
from bench.keeping import locks
from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.running import plan, runner, unchanged
from tests.bench.report.conftest import ok, timed
from tests.conftest import TINY

SHA256 = "a" * 64
_opened: list[str] = []
_on_open: dict[str, object] = {}


def _watch(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str | os.PathLike):
        path = os.fspath(arguments[0])
        _opened.append(path)
        for end, act in list(_on_open.items()):
            if path.endswith(end):
                del _on_open[end]
                act()


sys.addaudithook(_watch)  # which cannot be removed again, and does little


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(TINY)
    images = np.random.default_rng(0).integers(0, 255, (60, 8, 8), np.uint8)
    labels = np.arange(60) % 2
    for site in ("siteA", "siteB"):
        (tmp_path / site).mkdir()
        parts = {"x_train": images[:40], "y_train": labels[:40], "x_test": images[40:], "y_test": labels[40:]}
        np.savez(tmp_path / site / "data.npz", **parts)
    return tmp_path


def planned(*arguments: str) -> plan.Plan:
    return plan.make(cli.parser().parse_args(["run", "--grid", "tiny.toml", *arguments]))


def finish(made: plan.Plan, sha256: str = SHA256) -> None:
    """Results by hand, as after a run: no network is trained here."""
    made.folder.create()
    settings = [unit.settings() for unit in made.units]
    made.folder.write_run(
        {"grid": {}, "command": "", "units": settings, "datasets": {}, "sessions": [], "finished": None}
    )
    for unit in made.units:
        result = dataclasses.replace(ok(unit), groups=("basic", "generation"), data_sha256=sha256)
        made.folder.write(Outcome(result=result))
        if isinstance(unit, Trial):
            timed(made.folder, unit)


def test_each_result_of_a_finished_run_is_read_once(here):
    finish(planned())
    made = planned()
    _opened.clear()
    assert runner.run(made, ["run"]) == 0
    reads = [path for path in _opened if path.endswith("result.json")]
    assert len(reads) == len(set(reads)) == len(made.units)


def test_a_result_that_goes_while_its_run_ends_is_no_success(here, capsys):
    finish(planned("--dataset", "siteA/data.npz"), sha256="")
    made = planned("--dataset", "siteA/data.npz")
    _on_open["siteA/data.npz"] = lambda: shutil.rmtree(made.folder.path / "trials")
    assert runner.run(made, ["run"]) == 1
    told = capsys.readouterr().err
    assert f"{len(made.units)} of {len(made.units)} trials and baselines have no result in" in told
    assert "the same command runs them" in told


def test_a_data_set_of_the_same_name_has_a_folder_of_its_own(here, capsys):
    first = planned("--dataset", "siteA/data.npz")
    finish(first)
    second = planned("--dataset", "siteB/data.npz")
    assert first.folder.path.name == "tiny-data"
    assert second.folder.path.name.startswith("tiny-data-")
    assert "tiny-data has a run of other data (siteA/data.npz); this one goes to" in capsys.readouterr().err
    finish(second)
    assert planned("--dataset", "siteA/data.npz").folder.path == first.folder.path
    shutil.rmtree(first.folder.path)
    assert planned("--dataset", "siteB/data.npz").folder.path == second.folder.path


def test_two_data_sets_of_one_name_in_a_grid_are_several(here):
    (trial,) = (grid.load("tiny.toml").trials("torch"))[:1]
    both = [dataclasses.replace(trial, dataset=f"{site}/data.npz") for site in ("siteA", "siteB")]
    assert grid.default_folder_name(grid.load("tiny.toml"), both, ["torch"]) == "tiny-several"


def test_what_a_folder_keeps_of_other_data_is_said(here, capsys):
    finish(planned("--dataset", "siteA/data.npz", "--output", "out"))
    made = planned("--dataset", "siteB/data.npz", "--output", "out")
    finish(made, sha256="")
    assert runner._carry_out(made, ["run"]) == 0
    assert (
        "out keeps 4 finished trials and baselines of another grid or other data" in capsys.readouterr().err
    )


def test_one_result_of_other_data_does_not_cost_the_others(here):
    made = planned()
    finish(made)
    with pytest.raises(errors.RunFolderError, match="or remove the old run with --fresh"):
        unchanged.check_unchanged(made, {"digits": "b" * 64})
    one = made.folder.result(made.units[0])
    made.folder.write(Outcome(result=dataclasses.replace(one, data_sha256="c" * 64)))
    with pytest.raises(errors.RunFolderError, match=f"to run those 1 again, remove .*: {one.unit.key}"):
        unchanged.check_unchanged(made, {"digits": SHA256})


# --- a report beside a driver, and beside another report ------------------------------------------------


def _publish(path: str, failed: "multiprocessing.Queue[str]") -> None:
    from bench.running import publication

    try:
        for _ in range(2):
            publication.publish(RunFolder(path))
    except BaseException as error:
        failed.put(repr(error))


def test_two_reports_at_once_beside_a_driver_fail_in_nothing(here):
    made = planned()
    finish(made)
    context = multiprocessing.get_context("spawn")
    failed = context.Queue()
    with made.folder.locked():
        both = [context.Process(target=_publish, args=(str(made.folder.path), failed)) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join()
    assert failed.empty(), failed.get()
    names = {path.name for path in made.folder.path.iterdir()}
    assert {"index.html", "README.md", "results.csv", "summary.csv", "timings.csv"} <= names
    assert not [name for name in names if name.endswith(".part") or "lock" in name]
    assert (made.folder.path / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_a_report_waits_for_another_and_not_for_ever(tmp_path):
    order = []

    def second(patience: float) -> None:
        with locks.report(tmp_path, patience):
            order.append("second")

    with locks.report(tmp_path):
        waiting = threading.Thread(target=second, args=(30,))
        waiting.start()
        second(0.1)
        order.append("first")
    waiting.join()
    assert order == ["second", "first", "second"]


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "theirs").write_text("somebody else's")
    folder = RunFolder(tmp_path / "run")
    folder.create()
    (folder.path / locks.DRIVER).symlink_to(tmp_path / "theirs")
    with pytest.raises(errors.RunFolderError, match="is a link; remove it"), folder.locked():
        pass
    assert (tmp_path / "theirs").read_text() == "somebody else's"


# --- grid files of other programs -----------------------------------------------------------------------


def test_a_grid_with_a_byte_order_mark_is_read(here):
    (here / "bom.toml").write_bytes(b'\xef\xbb\xbf[[block]]\nmodel = "ae"\n')
    assert grid.load("bom.toml").blocks[0]["model"] == ["ae"]


def test_a_grid_in_utf_16_and_one_too_deep_are_said_in_a_line(here):
    (here / "wide.toml").write_bytes('[[block]]\nmodel = "ae"\n'.encode("utf-16"))
    with pytest.raises(errors.GridError, match="expected UTF-8, received UTF-16; save it again as UTF-8"):
        grid.load("wide.toml")
    (here / "deep.toml").write_text("x = " + "[" * 100_000)
    with pytest.raises(errors.GridError, match=r"grid deep\.toml: cannot be read as TOML"):
        grid.load("deep.toml")


def test_templates_of_a_name_too_long_are_no_folder(here, capsys):
    finish(planned("--output", "out"))
    assert cli.main(["report", "out", "--templates", "x" * 300]) == 2
    assert "--templates: expected a folder" in capsys.readouterr().err


def test_a_run_of_an_earlier_protocol_is_read_and_not_continued(here):
    made = planned("--output", "run")
    finish(made)
    record = made.folder.read_run()
    made.folder.write_run({**record, "protocol": 3})
    assert {unit.protocol for unit in RunFolder(here / "run").units()} == {3}
    again = planned("--output", "run")
    with pytest.raises(errors.RunFolderError, match="measures by 4: its trials can be read, and none can be"):
        runner.Record(again, [], again.units)
