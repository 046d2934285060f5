import html
import itertools
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence

import html5lib
import numpy as np
import pytest

from bench import errors, report
from bench.report.table import MARKDOWN_COLUMNS
from bench.result import Outcome, Result
from bench.store import RunFolder
from bench.trial import Baseline

from .conftest import ROOT, MakeRun, ok, trial

Written = Callable[[RunFolder], str]
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def parse(page: str) -> ElementTree.Element:
    """Parse as HTML5; an error of syntax is an exception."""
    return html5lib.HTMLParser(strict=True).parse(page)


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


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
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


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
        assert all(head.get("scope") in ("row", "col") for head in table.iter(f"{NAMESPACE}th"))


def test_html_and_markdown_show_the_same_numbers(finished_run: pathlib.Path) -> None:
    rows = markdown_rows(html.unescape((finished_run / "README.md").read_text()))
    shown = {cell for row in rows for cell in row}
    cells = html_cells((finished_run / "index.html").read_text())
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
    assert (finished_run / "index.html").stat().st_size < 3e6
    fixed = [ROOT / "templates" / "style.css", *(ROOT / "templates" / "script").glob("*.js")]
    assert len(fixed) > 3
    assert sum(path.stat().st_size for path in fixed) < 40_000


def test_rendering_imports_neither_keras_nor_a_backend(run: RunFolder) -> None:
    program = (
        "import sys; from bench import report; from bench.store import RunFolder; "
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


def test_finished_run_says_that_no_trial_failed(finished_run: pathlib.Path) -> None:
    assert "No trial failed." in (finished_run / "index.html").read_text()
    assert "No trial failed." in (finished_run / "README.md").read_text()


def test_failure_is_reported_with_its_traceback(run: RunFolder, written: Written) -> None:
    unit = run.units()[0]
    run.write(
        Outcome(
            result=Result(unit=unit, status="diverged", error="loss became nan", traceback="File 1, line 2")
        )
    )
    page = written(run)
    assert "No trial failed" not in page
    for text in ("diverged", "loss became nan", "File 1, line 2"):
        assert text in page and text in (run.path / "README.md").read_text()
    assert "1 of 2" in page  # seeds of its configuration


def test_incomplete_run_says_how_far_it_is(run: RunFolder, written: Written) -> None:
    for unit in run.units()[:2]:
        (run.path / "trials" / unit.key / "result.json").unlink()
    assert "14 of 16 trials have finished" in written(run)


def test_figures_of_trials_that_are_gone_are_removed(run: RunFolder) -> None:
    stale = run.path / "figures" / "old.svg"
    stale.write_text("old")
    report.write(run)
    assert not stale.exists()


def test_all_failed_is_a_report_of_failures(make_run: MakeRun, written: Written) -> None:
    results = [Result(unit=trial(seed=seed), status="failed", error="out of memory") for seed in (0, 1)]
    page = written(make_run(results, []))
    parse(page)
    assert "No trial has ended well" in page
    assert page.count("<code>out of memory</code>") == 4  # among the failures, and in their own sections


@pytest.mark.parametrize("model", ["ae", "vae"])
def test_one_trial_of_one_model_without_files_is_a_report(
    make_run: MakeRun, written: Written, model: str
) -> None:
    page = written(make_run([ok(trial(model=model))], []))
    parse(page)
    for text in ("one seed, so no interval", "No trial has left pictures", "No two configurations differ"):
        assert text in page


def test_baselines_alone_are_a_report(make_run: MakeRun, written: Written) -> None:
    baseline = Baseline(dataset="digits", model="pca", latent_dim=8)
    page = written(make_run([ok(baseline)], [trial()]))
    parse(page)
    assert "PCA, latent" in page and "0 of 1 trials have finished" in page


def test_folder_without_a_run_is_one_line(tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.RunFolderError, match="not a run folder"):
        report.write(RunFolder(tmp_path))


def test_many_trials_are_thinned_out_by_a_stated_rule(run: RunFolder, written: Written) -> None:
    """The pictures of one trial, copied to 40 configurations."""
    record = json.loads((run.path / "run.json").read_text())
    unit = next(unit for unit in run.units() if unit.settings()["model"] == "ae")
    images, history = run.images(unit), run.history(unit)
    trials = [
        trial(latent_dim=size, learning_rate=rate)
        for size in range(2, 12)
        for rate in (1e-4, 1e-3, 1e-2, 0.1)
    ]
    run.write_run({**record, "units": [one.settings() for one in trials]})
    for i, one in enumerate(trials):
        run.write(Outcome(result=ok(one, test_mse=0.01 + i / 1000), history=history, images=images))
    page = written(run)
    assert "12 of 40 configurations are shown" in page
    assert len(page) < 3e6


def test_colour_images_one_dimension_and_codes_that_are_not_finite_are_drawn(
    make_run: MakeRun, written: Written
) -> None:
    """Two data sets, so that everything which is said of each is said twice."""
    generator = np.random.default_rng(0)
    results = [
        ok(trial(dataset=dataset, model=model, latent_dim=size), best_epoch=10)
        for dataset in ("cifar10", "photos/own.npz")
        for model in ("ae", "vae")
        for size in (1, 2)
    ]
    folder = make_run(results, [])
    for result in results:
        points = generator.normal(size=(40, 2)).astype(np.float32)
        points[3] = np.nan
        images = generator.integers(0, 255, size=(10, 16, 12, 3), dtype=np.uint8)
        arrays = {"originals": images, "reconstructions": images, "samples": images, "labels": np.arange(10)}
        arrays |= {"points": points, "point_labels": np.arange(40) % 10}
        folder.write(Outcome(result=result, images=arrays))
    page = written(folder)
    parse(page)
    assert "Autoencoders on CIFAR-10 and own" in page
    assert 'id="table-leaderboard-2"' in page
    assert re.search(r"\bnan\b", page) is None


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


@pytest.mark.parametrize(
    ("labels", "classes", "choice"),
    [
        (range(10), 10, "10 test images, the first of each class"),
        ([0, 1, 2, 0, 0, 1, 2, 2, 1, 0], 3, "10 test images, the first of each class and then others"),
        (range(10), 30, "10 test images, the first of each of 10 of the 30 classes"),
    ],
)
def test_choice_of_images_is_told_as_it_is(
    make_run: MakeRun, written: Written, labels: Sequence[int], classes: int, choice: str
) -> None:
    names = [f"class {i}" for i in range(classes)]
    data = {"sha256": "0", "image_shape": [8, 8, 1], "classes": names, "images": {"test": 40}}
    result = ok(trial())
    folder = make_run([result], [], datasets={"digits": data})
    images = np.zeros((10, 8, 8, 1), np.uint8)
    arrays = {"originals": images, "reconstructions": images, "labels": np.array(labels)}
    folder.write(Outcome(result=result, images=arrays))
    page = written(folder)
    assert page.count(f"{choice}.") == 2
    assert f"{choice}." in (folder.path / "README.md").read_text()


def test_classes_with_dollars_in_their_names_are_text(make_run: MakeRun, written: Written) -> None:
    name = r"$\frac$"
    data = {"sha256": "0", "image_shape": [8, 8, 1], "classes": ["a", name], "images": {"test": 40}}
    result = ok(trial(latent_dim=2))
    folder = make_run([result], [], datasets={"digits": data})
    points = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    folder.write(Outcome(result=result, images={"points": points, "point_labels": np.arange(40) % 2}))
    page = parse(written(folder))
    assert name in {text_of(e) for e in page.iter() if str(e.tag).endswith("}text")}


def test_linear_classifier_that_did_not_converge_is_marked(make_run: MakeRun, written: Written) -> None:
    pixels = Baseline(dataset="digits", model="pixels")
    results = [
        ok(trial(), latent_accuracy=0.9, latent_accuracy_converged=1),
        ok(pixels, latent_accuracy=0.8, latent_accuracy_converged=0),
    ]
    folder = make_run(results, [])
    for text in (written(folder), (folder.path / "README.md").read_text()):
        assert re.search(r"†\s80\.0", text) and not re.search(r"†\s90\.0", text)
        assert text.count("† The linear classifier had not converged") == 1


def test_run_folder_in_the_commands_is_the_readers(run: RunFolder, written: Written) -> None:
    assert "python -m bench report RUN_FOLDER" in written(run)
