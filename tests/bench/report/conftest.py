"""A small real run that all these tests read, and runs made by hand through the store."""

import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import html5lib
import pytest

from bench import measures as cards
from bench import report
from bench.ask.trial import Trial, Unit
from bench.keeping import networks
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report.blocks.section import Blocks, Fold, Text
from bench.report.blocks.table import Table
from bench.report.page.content import Report
from tests.conftest import once

Written = Callable[[RunFolder], str]
NBSP = "\N{NO-BREAK SPACE}"
ROOT = pathlib.Path(__file__).parents[3]

GRID = """
description = "AE and VAE on <b>digits</b> & nothing else"

[defaults]
dataset = "digits"
batch_size = 128
epochs = 2

[[block]]
model = ["ae", "vae"]
architecture = ["dense", "conv"]
latent_dim = [2, 4]
seed = [0, 1]
"""


def bench(*arguments: str, timeout: int = 600) -> subprocess.CompletedProcess[str]:
    """The program, as a user calls it."""
    # One thread: these models are so small that more of them only wait for each other.
    environment = {"KERAS_BACKEND": "torch", **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A run of 16 small trials with two seeds, with the report that it wrote; to be read only."""

    def make(folder: pathlib.Path) -> None:
        grid = folder / "tiny.toml"
        grid.write_text(GRID)
        done = bench("run", "--grid", str(grid), "--output", str(folder / "run"))
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "report", make) / "run"


@pytest.fixture
def run(finished_run: pathlib.Path, tmp_path: pathlib.Path) -> RunFolder:
    """A copy of that run, to be changed."""
    return RunFolder(shutil.copytree(finished_run, tmp_path / "run"))


MakeRun = Callable[..., RunFolder]


@pytest.fixture
def make_run(tmp_path: pathlib.Path) -> MakeRun:
    """Results (and trials that have not finished) to a run folder; `record` is what `run.json` has beside."""

    def make(results: Sequence[Result], missing: Sequence[Unit] = (), **record: object) -> RunFolder:
        folder = RunFolder(tmp_path / "made")
        folder.create()
        units = [*(result.unit for result in results), *missing]
        empty = {"grid": {}, "command": "python -m bench run", "datasets": {}, "sessions": []}
        folder.write_run({**empty, **record, "units": [unit.settings() for unit in units]})
        for result in results:
            folder.write(Outcome(result=result))
        return folder

    return make


@pytest.fixture
def written() -> Callable[[RunFolder], str]:
    """The page that is written for a run."""
    return lambda folder: report.write(folder).read_text(encoding="utf-8")


def trial(**settings: object) -> Trial:
    """A trial of the base configuration, but for `settings`."""
    base: dict[str, object] = {
        "dataset": "digits",
        "backend": "torch",
        "model": "ae",
        "architecture": "dense",
        "latent_dim": 8,
        "activation": "relu",
        "loss": "mse",
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "batch_size": 128,
        "epochs": 10,
        "seed": 0,
    }
    chosen = {**base, **settings}
    if chosen["model"] == "vae" and "options" not in chosen:
        chosen["options"] = (("beta", 1.0), ("kl_warmup", 0))
    return Trial(**chosen)  # type: ignore[arg-type]


def ok(unit: Unit, **measures: float) -> Result:
    """A result that ended well; on validation images as good as on test images, if nothing else is said."""
    known = {
        "test_mse": 0.02,
        "test_ssim": 0.7,
        "validation_loss": 20.0,
        "latent_knn_accuracy": 0.9,
        "best_epoch": 5,
    }
    both = known | measures
    decisive = {deciding: both[name] for name, deciding in cards.counterparts().items() if name in both}
    return Result(unit=unit, status="ok", measures=decisive | both)


def timed(folder: RunFolder, unit: Trial, step: float = 0.01) -> None:
    """Write times for the network of a trial, as the program does after the trials; `step` in seconds."""
    times = {"compile_seconds": 0.5}
    for name in ("step", "encode_1", "decode_1", "encode_128", "decode_128"):
        times |= {f"{name}_seconds{part}": step * by for part, by in (("", 1), ("_q1", 0.9), ("_q3", 1.2))}
    folder.write_timing(networks.key(unit), {**networks.settings(unit), **times})


# --- the page in a browser: Chromium of the system, or playwright's own ---------------------------------

CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def chromium(started: Any) -> str | None:
    """The path of a Chromium, if there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    path = started.chromium.executable_path
    return path if os.path.exists(path) else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    with playwright.sync_playwright() as started:
        path = chromium(started)
        if path is None:
            pytest.skip("no Chromium here: install one, or run `playwright install chromium`")
        launched = started.chromium.launch(executable_path=path, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def address(finished_run: pathlib.Path) -> str:
    """Of the page of the real run."""
    return (finished_run / "index.html").as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """That page, opened on a wide screen, with its leaderboard unfolded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(address)
    opened.evaluate(UNFOLD)
    yield opened
    context.close()


def parse(page: str) -> ElementTree.Element:
    """Parse as HTML5; an error of syntax is an exception."""
    return html5lib.HTMLParser(strict=True).parse(page)


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def texts(table: Table | None) -> list[list[str]]:
    """What the cells of a table say, row by row."""
    assert table is not None
    return [[cell.text.replace(NBSP, " ") for cell in row.cells] for row in table.rows]


def tables(report: Report, section: str) -> list[Table]:
    """The tables of a section, those behind folds too."""
    return _tables(report.blocks[section])


def said(report: Report, section: str) -> str:
    """The paragraphs of a section that stand in the open."""
    return " ".join(block.text for block in report.blocks[section] if isinstance(block, Text))


def _tables(blocks: Blocks) -> list[Table]:
    found: list[Table] = []
    for block in blocks:
        found += [block] if isinstance(block, Table) else []
        found += _tables(block.blocks) if isinstance(block, Fold) else []
    return found


FOLDED = ":is(#leaderboard, #compare) details:not(.menu)"
UNFOLD = f"for (const one of document.querySelectorAll('{FOLDED}')) one.open = true"
"""What opens the table of the leaderboard, which is folded under its chart, and the choice of any two."""
