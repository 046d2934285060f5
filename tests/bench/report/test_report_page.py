import html
import itertools
import pathlib
import re
import subprocess
import sys

import pytest

from bench import report
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.report.blocks.table import MARKDOWN_COLUMNS

from .conftest import ROOT, MakeRun, Written, ok, parse, text_of, trial

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def html_cells(page: str) -> list[str]:
    cells = (
        cell
        for row in parse(page).iter(f"{NAMESPACE}tbody")
        for cell in row.iter()
        if cell.tag[-2:] in ("td", "th")
    )
    return sorted(text_of(cell).replace("★", "").strip() for cell in cells)


def markdown_rows(text: str) -> list[list[str]]:
    """The cells of all table rows, without marks and escapes."""
    rows = [line.strip().strip("|") for line in text.splitlines() if line.startswith("|")]
    unlinked = (re.sub(r"\[(trials[^]]*)\]\([^)]*\)", r"\1", row) for row in rows)
    plain = (re.sub(r"\\(.)", r"\1", row.replace("★ **", "").replace("**", "")) for row in unlinked)
    return [[" ".join(cell.split()) for cell in re.split(r" \|(?: |$)", row)] for row in plain]


def test_page_is_valid_html5(finished_run: pathlib.Path) -> None:
    parse((finished_run / "index.html").read_text())


def test_page_has_one_title_and_headings_in_order(finished_run: pathlib.Path) -> None:
    page = parse((finished_run / "index.html").read_text())
    levels = [int(e.tag[-1]) for e in page.iter() if re.fullmatch(rf"{re.escape(NAMESPACE)}h\d", str(e.tag))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_every_id_is_unique_and_every_link_leads_somewhere(finished_run: pathlib.Path) -> None:
    elements = list(parse((finished_run / "index.html").read_text()).iter())
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids))
    links = [e.get("href") or e.get("{http://www.w3.org/1999/xlink}href") or "" for e in elements]
    assert {link[1:].partition("?")[0] for link in links if link.startswith("#")} <= set(ids)


def test_every_picture_has_words_and_no_address_but_its_own_data(finished_run: pathlib.Path) -> None:
    elements = list(parse((finished_run / "index.html").read_text()).iter())
    images = [e for e in elements if e.tag == f"{NAMESPACE}img"]
    charts = [e for e in elements if str(e.tag).endswith("}svg")]
    assert images and all(image.get("alt") and image.get("src", "").startswith("data:") for image in images)
    assert charts and all(chart.get("aria-label") for chart in charts)


def test_tables_have_captions_and_scopes(finished_run: pathlib.Path) -> None:
    tables = list(parse((finished_run / "index.html").read_text()).iter(f"{NAMESPACE}table"))
    assert len(tables) >= 4
    for table in tables:
        assert table.find(f"{NAMESPACE}caption") is not None
        assert all(head.get("scope") in ("row", "col", "rowgroup") for head in table.iter(f"{NAMESPACE}th"))


def test_html_and_markdown_show_the_same_numbers(finished_run: pathlib.Path) -> None:
    rows = markdown_rows(html.unescape((finished_run / "README.md").read_text()))
    shown = {cell for row in rows for cell in row}
    page = (finished_run / "index.html").read_text()
    before, _, views = page.partition('<details class="views"')  # which only the page has
    cells = html_cells(before + views[views.index("</section>") :])
    numbers = [cell for cell in cells if re.search(r"\d", cell)]
    assert len(numbers) > 100
    assert [cell for cell in numbers if cell not in shown] == []


def test_leaderboard_shows_the_means_of_the_results(run: RunFolder, written: Written) -> None:
    page = written(run)
    results = [result for result in run.results(run.units()) if result.unit.settings()["model"] == "ae"]
    pairs = [result for result in results if result.unit.settings()["architecture"] == "dense"]
    mses = [float(r.measures["test_mse"] or 0) for r in pairs if r.unit.settings()["latent_dim"] == 4]
    assert len(mses) == 2
    assert f"{sum(mses) / 2:.5f}" in page


def test_markdown_tables_have_eight_columns_at_most(finished_run: pathlib.Path) -> None:
    assert max(map(len, markdown_rows((finished_run / "README.md").read_text()))) <= MARKDOWN_COLUMNS


def test_markdown_shows_files_that_exist(finished_run: pathlib.Path) -> None:
    shown = set(re.findall(r'src="([^"]+)"', (finished_run / "README.md").read_text()))
    there = {f"figures/{path.name}" for path in (finished_run / "figures").iterdir()}
    assert shown and shown == there


def test_same_run_gives_the_same_bytes(run: RunFolder) -> None:
    def content() -> dict[str, bytes]:
        report.write(run)
        paths = [run.path / "index.html", run.path / "README.md", *(run.path / "figures").iterdir()]
        return {path.name: path.read_bytes() for path in paths}

    assert content() == content()


def test_rendering_in_another_process_gives_the_same_bytes(
    run: RunFolder, finished_run: pathlib.Path
) -> None:
    report.write(run)
    for name in ("index.html", "README.md"):
        assert (run.path / name).read_bytes() == (finished_run / name).read_bytes()


def test_page_is_small(finished_run: pathlib.Path) -> None:
    text = (finished_run / "index.html").read_text()
    assert len(text) < 3.3e6
    style, script = (re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL) for name in ("style", "script"))
    assert len(style) == len(script) == 1
    assert 40_000 < len((style[0] + script[0]).encode()) < 70_000


def test_rendering_imports_neither_keras_nor_a_backend(run: RunFolder) -> None:
    program = (
        "import sys; from bench import report; from bench.keeping.store import RunFolder; "
        f"report.write(RunFolder({str(run.path)!r})); "
        "print(sorted({'keras', 'torch', 'jax', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"


def test_markup_in_a_grid_is_shown_and_not_obeyed(finished_run: pathlib.Path) -> None:
    page = (finished_run / "index.html").read_text()
    assert "&lt;b&gt;digits&lt;/b&gt; &amp; nothing else" in page
    assert "<b>" not in page


def test_markup_in_an_error_or_a_name_is_harmless(make_run: MakeRun, written: Written) -> None:
    evil = "<script>alert(1)</script>"
    failed = Result(
        unit=trial(dataset=f"{evil}.npz"), status="failed", error=evil, traceback=f"{evil}\n| a `b`"
    )
    folder = make_run([failed], [])
    page = written(folder)
    parse(page)
    assert evil not in page and "&lt;script&gt;" in page
    assert page.count("<script>") == 1
    assert evil not in (folder.path / "README.md").read_text()


def test_figures_of_trials_that_are_gone_are_removed(run: RunFolder) -> None:
    stale = run.path / "figures" / "old.svg"
    stale.write_text("old")
    report.write(run)
    assert not stale.exists()


@pytest.mark.parametrize(
    ("grid", "shown"),
    [
        ({"name": "quick", "description": "All of it"}, "This run: All of it."),
        ({"name": "quick", "description": "All of it?"}, "This run: All of it?"),
        (
            {"name": "quick", "description": "All of it", "changed": True},
            "Grid quick, changed from the command line (see Provenance).",
        ),
    ],
)
def test_grid_is_described_as_it_was_run(
    make_run: MakeRun, written: Written, grid: dict[str, object], shown: str
) -> None:
    folder = make_run([ok(trial())], [], grid=grid)
    page = written(folder)
    assert f'<p class="grid-text">{shown}</p>' in page
    assert ("All of it" in page) == ("changed" not in grid)


def test_run_folder_in_the_commands_is_the_readers(run: RunFolder, written: Written) -> None:
    assert "python -m bench report RUN_FOLDER" in written(run)
