"""What cannot be made costs itself alone, and is said in its place."""

import pathlib
import re

import pytest

from bench import cli
from bench.keeping.store import RunFolder
from bench.report.blocks import isolation
from bench.report.sections import chart_steps, origin

from .conftest import parse

CHART = "This chart could not be made: OverflowError: points beyond the paper."
SECTION = "This section could not be made: MemoryError: "


def test_what_cannot_be_made_costs_itself_alone(
    run: RunFolder,
    finished_run: pathlib.Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The readers let nothing through that breaks a part, as far as is known: it is broken from inside."""

    def overflow(*_: object) -> None:
        raise OverflowError("points beyond the paper")

    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(chart_steps, "_set_scales", overflow)
    monkeypatch.setattr(origin, "facts", exhausted)
    assert cli.main(["report", str(run.path)]) == 1
    page, twin = ((run.path / name).read_text() for name in ("index.html", "README.md"))
    parse(page)
    charts, of_whole = (
        len(re.findall('<div class="chart"', text))
        for text in (page, (finished_run / "index.html").read_text())
    )
    assert charts == of_whole - 1
    for text in (page, twin):
        assert text.count(CHART) == text.count(SECTION) == 1 and "Not whole." in text
    assert SECTION in page[page.index('<section id="provenance"') :]
    assert 'id="table-leaderboard"' in page and 'id="table-configurations"' in page
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == str(run.path / "index.html")
    assert len(said.err.splitlines()) == 2 and "Traceback" not in said.err
    assert f"the report lacks a part: Provenance: {SECTION}" in said.err
    assert f"the report lacks a part: {CHART}" in said.err


def test_a_whole_report_does_not_say_that_it_lacks_anything(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    assert "Not whole" not in page and "could not be made" not in page


def test_memory_that_runs_out_costs_a_part_and_an_interruption_all() -> None:
    def fails(error: BaseException) -> str:
        raise error

    told = isolation.attempt("chart", lambda: fails(MemoryError("4 \x1b GiB")), str)
    assert told == "This chart could not be made: MemoryError: 4 \\x1b GiB."
    with pytest.raises(KeyboardInterrupt):
        isolation.attempt("chart", lambda: fails(KeyboardInterrupt()), str)
