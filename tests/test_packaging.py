"""The program outside its checkout, and the set-up's promises."""

import os
import pathlib
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import bench
from tests.conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def test_the_group_without_a_backend_is_the_base_install_without_torch():
    dependencies = PROJECT["project"]["dependencies"]
    assert PROJECT["dependency-groups"]["base"] == [d for d in dependencies if not d.startswith("torch")]
    assert len(PROJECT["dependency-groups"]["base"]) == len(dependencies) - 1


def test_the_lowest_versions_that_are_tested_are_the_lowest_that_are_allowed():
    lines = (REPOSITORY / "constraints-lowest.txt").read_text().splitlines()
    tested = dict(line.split("==") for line in lines if "==" in line)
    groups = [PROJECT["dependency-groups"][name] for name in ("base", "test")]
    allowed = {one.name: one for group in groups for one in map(Requirement, group)}
    assert tested.keys() == allowed.keys()
    for name, version in tested.items():
        (bound,) = (each.version for each in allowed[name].specifier if each.operator == ">=")
        assert Version(version) == Version(bound), name


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> pathlib.Path:
    """The wheel's content in a folder of its own: what an install puts into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, REPOSITORY], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_grids_and_templates_travel_in_the_wheel(installed):
    assert (installed / "bench" / "ask" / "grids" / "full.toml").is_file()
    assert (installed / "bench" / "templates" / "report.html.j2").is_file()
    assert (installed / "bench" / "CITATION.cff").is_file()
    (entry_points,) = installed.glob("*.dist-info/entry_points.txt")
    assert "bench = bench.cli:main" in entry_points.read_text()
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} == {"bench"}


def test_the_wheel_trains_and_reports_outside_the_checkout(installed, tmp_path):
    small = ["--epochs", "1", "--only", "latent_dim=2", "--only", "architecture=dense", "--output", "out"]
    process = subprocess.run(
        [sys.executable, "-m", "bench", "run", *small],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "out" / "index.html").stat().st_size < 3_000_000


@pytest.mark.parametrize("name", ["models/__init__.py", "models.py"])
def test_a_module_of_the_users_own_that_is_called_models_is_neither_in_the_way_nor_hidden(
    name, installed, tmp_path
):
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("MINE = 'of the user'\n")
    for place in (installed, REPOSITORY):
        script = "import bench.cli, models; print(models.MINE); bench.cli.main(['run', '--dry-run'])"
        process = subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(place)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        assert process.stdout.splitlines()[0] == "of the user"


def test_the_citation_is_of_this_version():
    lines = (REPOSITORY / "CITATION.cff").read_text().splitlines()
    assert f"version: {bench.__version__}" in lines
