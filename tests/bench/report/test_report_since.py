"""What changed since the last run of a grid, and what a list of references needs."""

import json
import shutil

import pytest

from bench.keeping.store import RunFolder
from bench.report.sections import citation
from bench.running import publication

HEADING = "### Against your last run of this grid"


def twins(run, tmp_path, **changed):
    """The run, and an older one beside it, whose record has these instead; what is written of the run."""
    older = shutil.copytree(run.path, tmp_path / "older")
    record = json.loads((older / "run.json").read_text())
    (older / "run.json").write_text(json.dumps(record | {"finished": record["started"]} | changed))
    publication.publish(run)
    return (run.path / "README.md").read_text()


def test_an_older_run_of_the_same_grid_beside_it_is_told_of_by_itself(run, tmp_path):
    text = twins(run, tmp_path).partition(HEADING)[2]
    assert "That was older, of 20" in text and "Nothing is shown to have got worse." in text
    assert "python -m bench compare older run" in text
    assert str(tmp_path) not in text
    page = (run.path / "index.html").read_text()
    assert page.count('id="last-run"') == page.count("<summary>What changed</summary>") == 1


@pytest.mark.parametrize(
    "changed",
    [{"finished": None}, {"finished": "2999-01-01T00:00:00+00:00"}, {"protocol": 1}, {"grid": {"name": "x"}}],
)
def test_another_grid_or_protocol_or_a_later_run_is_not(run, tmp_path, changed):
    assert HEADING not in twins(run, tmp_path, **changed)


def test_an_older_run_that_is_damaged_costs_nothing(run, tmp_path):
    older = shutil.copytree(run.path, tmp_path / "older")
    record = json.loads((older / "run.json").read_text())
    (older / "run.json").write_text(json.dumps(record | {"finished": record["started"]}))
    (older / "results.csv").write_bytes(b"\xff\x00,\n")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "run.json").write_text("[]")
    assert HEADING not in publication.publish(run).with_name("README.md").read_text()


def test_an_entry_for_references_has_the_commit_of_the_run(finished_run):
    record = RunFolder(finished_run).read_run()
    entry = citation.bibtex(record)
    assert entry.startswith("@software{autoencoder-bench,\n") and entry.endswith("\n}")
    commit = (record.get("git") or {}).get("commit")
    assert not commit or f"commit {commit}" in entry
    assert entry.splitlines()[1] in (finished_run / "README.md").read_text()


def test_a_record_of_a_stranger_is_inert_in_it():
    evil = {"protocol": 4, "git": {"commit": "x}}\\input{y}%"}, "versions": {"autoencoder-bench": "#1\n"}}
    entry = citation.bibtex(evil)
    assert "commit xinputy" in entry and not set("\\%#") & set(entry)
