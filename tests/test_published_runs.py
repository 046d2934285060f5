"""The runs that are published with the code: listed, checkable, and told right in README."""

import json
import pathlib
import re
import shutil
import zlib

import pandas as pd
import pytest

from bench.ask import grid
from bench.ask.trial import PROTOCOL_VERSION, Trial
from bench.keeping.store import PACKED, RunFolder
from tests.bench.report.conftest import bench

ROOT = pathlib.Path(__file__).parents[1]
REPORTS = ROOT / "reports"
FULL = REPORTS / "full-fashion-mnist"
BACKENDS = REPORTS / "base-three-backends"
STABILITY = REPORTS / "stability-dense"
FAMILIES = REPORTS / "families"
PEERS = REPORTS / "peers"
# The grid, and on what; in the order in which they are listed.
PUBLISHED = {
    FULL: ("full", "tensorflow"),
    STABILITY: ("stability", "tensorflow"),
    FAMILIES: ("families-once", "tensorflow"),
    BACKENDS: ("base", "torch", "jax", "tensorflow"),
    PEERS: (str(ROOT / "examples" / "peers.toml"), "torch"),
}
CUT = {STABILITY: {"architecture": "dense"}}  # what was run of a grid, where it was not all
TABLES = ("results.csv", "summary.csv", "timings.csv")
MOST_BYTES = {FULL: 10e6, STABILITY: 12e6, FAMILIES: 11e6, BACKENDS: 10e6, PEERS: 5e6}  # as git packs them


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_what_is_published_gives_the_same_tables_and_a_report_of_all_configurations(folder, tmp_path):
    again = tmp_path / folder.name
    again.mkdir()
    for name in ("run.json", PACKED):
        shutil.copy(folder / name, again)
    done = bench("report", str(again))
    assert done.returncode == 0, done.stderr
    for name in TABLES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    assert done.stderr == "", "no part of the report could not be made"
    page, twin = _text(again / "index.html"), _text(again / "README.md")
    for key in pd.read_csv(folder / "results.csv")["trial"]:
        assert key in page
    linked = set(re.findall(r"figures/[\w.-]+\w", twin))
    assert linked and all((again / name).is_file() for name in linked)
    beside = {path.name for path in folder.iterdir()} - {path.name for path in again.iterdir()}
    assert beside <= {"explore.ipynb", "overview.svg", "features"}


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_all_of_its_trials_ended_well_and_it_is_listed_with_their_number(folder):
    results = pd.read_csv(folder / "results.csv")
    units = RunFolder(folder).units()
    trials = [unit for unit in units if isinstance(unit, Trial)]
    assert len(results) == len(units)
    assert set(results["status"]) == {"ok"}
    line = next(
        line for line in _text(REPORTS / "README.md").splitlines() if f"({folder.name}/README.md)" in line
    )
    assert f" {len(trials)} trials" in line


def test_no_run_is_listed_that_is_not_there():
    linked = re.findall(r"\]\(([\w-]+)/README\.md\)", _text(REPORTS / "README.md"))
    assert linked == [folder.name for folder in PUBLISHED]


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_it_is_the_grid_as_it_stands(folder):
    name, *backends = PUBLISHED[folder]
    if RunFolder(folder).read_run()["protocol"] != PROTOCOL_VERSION:
        pytest.skip("of an earlier protocol: grids may have changed since")
    trials = {trial for backend in backends for trial in grid.load(name).trials(backend)}
    cut = CUT.get(folder, {})
    trials = {one for one in trials if all(getattr(one, name) == value for name, value in cut.items())}
    assert {unit for unit in RunFolder(folder).units() if isinstance(unit, Trial)} == trials


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_it_is_of_the_whole_data_and_says_nothing_of_where_it_was_made(folder):
    record = RunFolder(folder).read_run()
    assert record["datasets"]["fashion_mnist"]["images"] == {
        "train": 50_000,
        "validation": 10_000,
        "test": 10_000,
    }
    assert not record["git"]["dirty"]
    assert not re.search(r"/(home|root|tmp|work|Users)/", json.dumps(record))


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_it_is_small_enough_for_a_repository_which_packs_each_file(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(len(zlib.compress(path.read_bytes())) for path in files) < MOST_BYTES[folder]


def _text(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")
