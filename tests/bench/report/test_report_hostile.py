"""A run with text that would act, in every place where a user can write: it is shown, and does nothing."""

import collections
import csv
import io
import json
import pathlib
import re
import shutil
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator

import html5lib
import markdown_it
import pytest

from bench import cli, foreign
from bench.ask import trial
from bench.compare import formats, reading, verdicts
from bench.keeping import networks, tables
from bench.keeping.store import RunFolder
from bench.report.blocks import inert
from bench.report.page import render
from bench.running import progress, publication

XHTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = "\x1b[31m \u202e \udce9 \x00 \uffff \r\n"


def evil(place: str, slash: str = "/") -> str:
    """All that Markdown, HTML, a terminal, a spreadsheet or a template may act upon."""
    return (
        f"=evil-{place}|' {slash}C calc'!A0 {CONTROLS}\n\n# evil\n\nevil\n====\n\n- evil\n\n"
        "![evil](http:evil.example) [evil](javascript:evil) [evil]: http:evil.example\n\n"
        f"<img src=evil onerror=evil> <{slash}script><{slash}pre><{slash}style><{slash}title>--> <!-- \"'> "
        f"<http:{slash}{slash}evil.example> https:{slash}{slash}evil.example www.evil.example evil@evil "
        "`evil` **evil** __evil__ ~~evil~~ $evil$ | evil | {{ 7 * 7 }} {% raw %} \\\n```\nevil\n"
    )


def renamed(run: pathlib.Path, target: pathlib.Path) -> RunFolder:
    """A copy of a run whose every text that a user can write is evil; the first trial has failed."""
    shutil.copytree(run, target)
    record = json.loads((target / "run.json").read_text())
    (about,) = record["datasets"].values()
    dataset = evil("data", slash="") + ".npz"
    about["classes"] = [evil(f"class-{i}") for i in range(10)]
    times = RunFolder(run).timings()
    shutil.rmtree(target / "timings")
    units = []
    for index, settings in enumerate(record["units"]):
        before = trial.from_settings(settings)
        settings |= {"dataset": dataset}
        unit = trial.from_settings(settings)
        (target / "trials" / before.key).rename(target / "trials" / unit.key)
        path = target / "trials" / unit.key / "result.json"
        result = json.loads(path.read_text()) | {"key": unit.key, "settings": unit.settings()}
        if index == 0:
            result |= {
                "status": "failed",
                "error": evil("error"),
                "log": evil("log"),
                "traceback": evil("traceback"),
            }
        else:
            result["reasons"] = {"test_kl": evil("reason")}
        path.write_text(json.dumps(result))
        if (
            isinstance(unit, trial.Trial)
            and isinstance(before, trial.Trial)
            and networks.key(before) in times
        ):
            found = {**times[networks.key(before)], **networks.settings(unit)}
            RunFolder(target).write_timing(networks.key(unit), found)
        units.append(unit.settings())
    machine = dict.fromkeys(("system", "processor", "device"), evil("machine")) | {"cores": 2}
    record |= {
        "units": units,
        "datasets": {dataset: about},
        "features": {dataset: 0.9},
        "grid": {"name": evil("grid"), "description": evil("description"), "changed": False},
        "command": evil("command"),
        "git": {"commit": "0" * 40, "dirty": True},
        "versions": {evil("package"): evil("version")},
        "machine": machine,
        "machines": {"torch": machine},
        "left_out": [evil("left out")],
    }
    for session in record["sessions"]:
        session |= {name: record[name] for name in ("command", "git", "versions", "machines")}
    (target / "run.json").write_text(json.dumps(record))
    return RunFolder(target)


@pytest.fixture(scope="module")
def hostile(finished_run: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Such a run with its report."""
    folder = renamed(finished_run, tmp_path_factory.mktemp("hostile") / "run")
    said: list[str] = []
    publication.publish(folder, say=said.append)
    assert not said
    return folder


def elements(page: str, *, strict: bool = True) -> Iterator[ElementTree.Element]:
    parsed = html5lib.HTMLParser(strict=strict).parse(page)
    return (one for one in parsed.iter() if isinstance(one.tag, str))


def assert_inert(page: str, plain: str, *, strict: bool = True, more: Collection[str] = ()) -> None:
    """No element or attribute is of a kind, or leads anywhere, that that page of an innocent run does not.

    `more`: of which it has one more, for the trials that failed.
    """
    known = {one.tag for one in elements(plain, strict=strict)} | {
        f"{XHTML}{tag}" for tag in ("article", "pre", "code")
    }
    attributes = {name for one in elements(plain, strict=strict) for name in one.attrib}
    counts: collections.Counter[str] = collections.Counter()
    for one in elements(page, strict=strict):
        counts[one.tag] += 1
        assert one.tag in known and set(one.attrib) <= attributes
        assert one.get("src", "figures/").startswith(
            ("data:image/png;base64,", "data:image/webp;base64,", "figures/")
        )
        href = one.get("href", "#")
        assert "evil" not in href.partition(",")[0]
    of_plain = collections.Counter(one.tag for one in elements(plain, strict=strict))
    of_plain.update(f"{XHTML}{tag}" for tag in more)
    for tag in ("h1", "h2", "script", "style", "title", "em", "hr", "blockquote", "s"):
        assert counts[f"{XHTML}{tag}"] == of_plain[f"{XHTML}{tag}"], tag


def rendered(text: str) -> str:
    """Markdown as its hosts render it."""
    return (
        markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    )


def test_no_element_or_attribute_of_the_page_comes_from_a_name(
    hostile: RunFolder, finished_run: pathlib.Path
) -> None:
    page = (hostile.path / "index.html").read_text()
    assert_inert(page, (finished_run / "index.html").read_text(), more=["h2"])
    assert all(
        f"evil-{place}" in page for place in ("data", "class-3", "grid", "command", "error", "log", "machine")
    )


def test_no_link_picture_heading_or_html_of_the_twin_comes_from_a_name(
    hostile: RunFolder, finished_run: pathlib.Path
) -> None:
    text = (hostile.path / "README.md").read_text()
    plain = rendered((finished_run / "README.md").read_text())
    assert_inert(rendered(text), plain, strict=False, more=["h2", "blockquote"])
    places = (
        "data",
        "class-3",
        "grid",
        "description",
        "command",
        "error",
        "log",
        "traceback",
        "machine",
    )
    assert all(f"evil-{place}" in text for place in places)
    assert not re.search(r"(?i)https?://evil|www\.evil|mailto|@evil", text.split("<pre>")[0])


def test_no_file_has_a_character_that_acts(hostile: RunFolder) -> None:
    files = [path for path in hostile.path.rglob("*") if path.suffix in (".html", ".md", ".csv", ".svg")]
    written = [path for path in files if "trials" not in path.parts]
    assert len(written) > 20
    for path in written:
        text = path.read_bytes().decode("utf-8")
        acting = {
            one for one in set(text) if unicodedata.category(one) in ("Cc", "Cf", "Cs") and one not in "\n\t"
        }
        assert not acting and "\uffff" not in text, path
        if path.suffix == ".svg":
            ElementTree.fromstring(text)


@pytest.mark.parametrize("name", ["results.csv", "summary.csv", "timings.csv"])
def test_no_cell_of_a_table_is_a_formula(hostile: RunFolder, name: str) -> None:
    head, *rows = csv.reader(io.StringIO((hostile.path / name).read_text()))
    assert rows and head[: len(tables.TIMINGS)] == list(tables.TIMINGS) if name == "timings.csv" else rows
    if name == "results.csv":
        assert tuple(head) == tables.COLUMNS
    texts = [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert all(float(text) < 0 for text in texts)  # the ELBO, as a number
    assert any(cell.startswith("'=evil-data") for row in rows for cell in row)


def test_a_table_is_read_back_under_the_names_that_were_meant(hostile: RunFolder) -> None:
    side = reading.read(hostile)
    assert {dict(settings)["dataset"] for settings in side.values} == set(side.data)
    assert all(name.startswith("=evil-data") for name in side.data)
    assert all(tables.meant(tables.inert(text)) == text for text in ("=a", "'=a", "a", "'a", "-1", "''@"))
    assert tables.inert(-1.5) == -1.5


def test_what_changed_is_inert_in_every_form(hostile: RunFolder, finished_run: pathlib.Path) -> None:
    found, plain = (
        verdicts.compare(side, side)
        for side in (reading.read(hostile), reading.read(RunFolder(finished_run)))
    )
    assert_inert(formats.html(found, 0.0), formats.html(plain, 0.0))
    assert_inert(rendered(formats.markdown(found, 0.0)), rendered(formats.markdown(plain, 0.0)), strict=False)
    assert not set("\x1b\u202e\udce9") & set(formats.text(found, 0.0) + formats.as_json(found, 0.0))


def test_names_do_nothing_to_the_terminal(hostile: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    results = hostile.results(hostile.units())
    progress.print_summary(results, hostile.path / evil("path", slash=""))
    progress.warn(evil("warning"), quiet=False)
    assert cli.main(["report", evil("folder", slash="")]) == 2
    said = "".join(capsys.readouterr())
    assert "evil-folder" in said and "evil-path" in said and "evil-warning" in said
    assert not set("\x1b\u202e\udce9\x00") & set(said)


@pytest.mark.parametrize(
    "text",
    ["# a", "- a", "+ a", "1. a", "9) a", "===", "---", "a | b", "> a", "```", "[a]: http:b", "<b>", ":---"],
)
def test_a_line_of_text_is_a_paragraph_of_it(text: str) -> None:
    assert rendered(f"a\n{inert.markdown(text)}\nb").count("<") == 2
    inner = ElementTree.fromstring(rendered(str(inert.markdown(text))))
    assert inner.tag == "p" and inner.text == text


def test_a_template_of_ones_own_cannot_forget_it(tmp_path: pathlib.Path) -> None:
    """What its author wrote in it is his, also where a condition chooses it; what it prints is not."""
    own = '{{ "| --- |" if yes else "|" }} {{ name }} {{ "**" }}{{ name | cell }} {{ name | safe }}'
    (tmp_path / "own.md.j2").write_text(own)
    (tmp_path / "own.html.j2").write_text("{{ name }}")
    made = render.environment(True, tmp_path).get_template("own.md.j2").render(yes=True, name="*a*")
    assert made == "| --- | &#42;a&#42; **&#42;a&#42; *a*"
    page = render.environment(False, tmp_path).get_template("own.html.j2").render(name="<b>\x1b")
    assert page == "&lt;b&gt;\\x1b"


def test_visible_text_keeps_its_lines_where_it_has_some() -> None:
    assert foreign.visible_lines("a\r\nb\rc\td\x1b\ufffe") == "a\nb\nc\td\\x1b\\ufffe"
