"""A task of one's own: it keeps to the contract, is measured, told, and read where it is gone."""

import csv
import json
import shutil
import textwrap

import numpy as np
import pytest
from scipy import ndimage

from bench import measures, tasks
from bench.ask import grouping
from bench.ask import plugins as asked
from bench.keeping.store import RunFolder
from bench.measures import TASKS
from bench.models import plugins
from bench.running import contract
from bench.tasks.notes import Notes
from tests.conftest import BACKEND

from .conftest import HERE
from .test_runs import bench, run

pytestmark = pytest.mark.skipif(BACKEND != "torch", reason="no task asks which backend there is")

ODD = """
    from bench import Measure, TaskCard, add
    add(TaskCard(name="odd", title="odd", code="odd", measures=(
        Measure(name="test_odd", label="Odd", better="", text="It is odd."),
        Measure(name="test_even", label="Even", better="", text="It is even."),
    )))
    def odd(notes, subject):
        {body}
"""


def odd(folder, body):
    path = folder / "odd.py"
    path.write_text(textwrap.dedent(ODD).format(body=body))
    asked.load([str(path)])
    return TASKS["odd"]


@pytest.mark.usefixtures("forgotten")
def test_its_formula_is_that_of_scipy():
    (plugin,) = asked.load([str(HERE / "sharpness.py")])
    sharpness = plugins.module(plugin.sha256[:12])
    images = np.random.default_rng(0).random((3, 9, 8, 2), dtype="float32")
    expected = ndimage.laplace(images[0, :, :, 1].astype("float64"))[1:-1, 1:-1]
    assert sharpness.laplacian(images)[0, :, :, 1] == pytest.approx(expected, abs=1e-5)
    assert sharpness.gap(images, images) == 0
    assert sharpness.gap(images, images / 2) == pytest.approx(np.log(4))


@pytest.mark.parametrize("name", ["basic", "generation", "few_labels", "likelihood", "robustness"])
def test_a_task_of_the_package_keeps_to_the_contract(name):
    assert not [problem for _, problem in contract.examine(TASKS[name]) if problem]


@pytest.mark.usefixtures("forgotten")
def test_a_plug_in_keeps_to_the_contract():
    asked.load([str(HERE / "sharpness.py")])
    assert not any(problem for _, problem in contract.examine(TASKS["sharpness"]))


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("notes.add('test_odd', 1.0)", "no coder has test_even"),
        ("notes.add('test_mine', 1.0)", "the task odd noted test_mine, which its card does not have"),
        ("return {'image_odd': 1}", "returns image_odd: add measures with is_array=True to its card"),
        ("subject.codes[:] = 0", "changes images or codes in place"),
        ("import random; notes.add('test_odd', random.random())", "at a second time"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_task_that_breaks_the_contract_is_told_in_one_line(tmp_path, body, told):
    problems = [problem for _, problem in contract.examine(odd(tmp_path, body)) if problem]
    assert any(told in problem for problem in problems), problems
    assert not any("\n" in problem for problem in problems)


@pytest.mark.usefixtures("forgotten")
def test_what_a_task_says_nothing_of_is_empty_with_a_reason(tmp_path):
    notes = Notes()
    tasks.taken(odd(tmp_path, "notes.add('test_odd', 1.0)"), notes, None)
    assert notes.measures == {"test_odd": 1.0, "test_even": None}
    assert notes.reasons == {"test_even": "the task odd gave none"}


@pytest.mark.usefixtures("forgotten")
def test_names_that_are_taken_are_refused(tmp_path):
    path = tmp_path / "taken.py"
    text = textwrap.dedent(ODD).format(body="pass")
    for changed, told in (
        (text.replace('"odd", title', '"basic", title'), "not taken, received 'basic'"),
        (text.replace('"test_odd"', '"test_mse"'), "measures with names of their own, received test_mse"),
        (text.replace('better=""', 'better="less"', 1), "expected lower, higher or nothing"),
        (text.replace('better=""', 'better="", tables=("bord",)', 1), "expected tables of leaderboard"),
    ):
        path.write_text(changed)
        with pytest.raises(Exception, match=told):
            asked.load([str(path)])
    assert "odd" not in TASKS


@pytest.mark.usefixtures("forgotten")
def test_another_file_of_the_same_name_is_another_measurement(tmp_path):
    odd(tmp_path, "pass")
    before = grouping.parse(None)
    assert before[:2] == ("basic", "generation") and before[2].startswith("odd@")
    assert grouping.parse("odd") == ("basic", before[2])
    assert grouping.union(("basic",), before) == before
    assert grouping.union(("basic",), ("basic", "odd@000000000000")) == ("basic",)


def test_a_run_takes_it_tells_it_and_is_read_without_it(tmp_path):
    shutil.copy(HERE / "sharpness.py", tmp_path)
    asked_for = (
        *("--plugin", "sharpness.py", "--measures", "sharpness", "--baselines", "mean,pixels"),
        *("--set", "latent_dim=2", "--only", "architecture=dense"),
    )
    first = run(tmp_path, *asked_for, "--epochs", "1", "--workers", "2")
    assert first.returncode == 0, first.stderr
    results = [json.loads(path.read_text()) for path in tmp_path.glob("out/trials/*/result.json")]
    for result in results:
        assert any(group.startswith("sharpness@") for group in result["groups"])
        value = result["measures"]["test_sharpness"]
        assert value is None if result["settings"]["model"] == "pixels" else value >= 0
    with open(tmp_path / "out" / "summary.csv", newline="") as file:
        assert "test_sharpness_mean" in next(csv.reader(file))
    (tmp_path / "sharpness.py").unlink()
    page = (tmp_path / "out" / "index.html").read_text()
    again = bench(tmp_path, "report", "out")
    assert again.returncode == 0 and "lacks" not in again.stdout, again.stderr
    for text in (page, (tmp_path / "out" / "index.html").read_text()):
        assert "Whether reconstructions are as sharp as their images" in text and "Keep edges" in text
    assert page == text
    cards = RunFolder(tmp_path / "out").cards
    assert [one.name for one in cards.tasks["sharpness"].measures] == ["test_sharpness"]
    assert "sharpness" not in measures.TASKS
