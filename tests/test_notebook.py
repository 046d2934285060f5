"""The notebook that is published with the full grid: runs from the tables alone, and draws what it shows."""

import pathlib
import re
import shutil
from typing import Any

import numpy as np
import pytest

nbclient = pytest.importorskip("nbclient", reason="needs the packages nbclient and ipykernel")
nbformat = pytest.importorskip("nbformat")

FULL = pathlib.Path(__file__).parents[1] / "reports" / "full-fashion-mnist"


def test_the_notebook_gives_from_the_tables_alone_what_it_was_published_with(tmp_path):
    for name in ("results.csv", "summary.csv", "timings.csv", "explore.ipynb"):
        shutil.copy(FULL / name, tmp_path)
    notebook = nbformat.read(tmp_path / "explore.ipynb", as_version=4)
    nbformat.validate(notebook)
    before = [_shown(cell) for cell in notebook.cells]
    assert sum("image/png" in shown for shown in before) >= 5
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [_shown(cell) for cell in notebook.cells] == before
    drawn, published = (_parts(folder / "overview.svg") for folder in (tmp_path, FULL))
    assert drawn[0] == published[0], "README shows what the notebook draws"
    np.testing.assert_allclose(drawn[1], published[1], rtol=0, atol=1e-3)


def _parts(path: pathlib.Path) -> tuple[str, list[float]]:
    """An SVG file without coordinates, of which another processor rounds the last digit; and these."""
    text = re.sub(r"\b[pm][0-9a-f]{10}\b", "id", path.read_text())  # made of coordinates
    return re.sub(r"-?\d+\.\d+", "", text), [float(each) for each in re.findall(r"-?\d+\.\d+", text)]


def _shown(cell: Any) -> dict[str, str]:
    """What a cell shows: its text, and that there is a picture."""
    shown = {}
    for output in cell.get("outputs", []):
        assert output.output_type != "error", output
        contents = output.get("data", {}) | ({"stream": output.text} if "text" in output else {})
        shown |= {kind: "" if kind == "image/png" else content for kind, content in contents.items()}
    return shown
