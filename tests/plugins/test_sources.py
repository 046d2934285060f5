"""A data set of one's own: asked for by name, held to the contract, run, and read where it is gone."""

import csv
import json
import pathlib
import re
import shutil
import textwrap

import numpy as np
import pytest

from bench import datasets, errors
from bench.ask import grid
from bench.ask import plugins as asked
from bench.datasets import SOURCES
from bench.datasets.sources.plugged import ARRAYS
from bench.models import plugins, shelves
from bench.running import contract, listing
from tests.conftest import BACKEND

from .conftest import HERE
from .test_runs import bench, run

pytestmark = pytest.mark.skipif(BACKEND != "torch", reason="no data set asks which backend there is")

ODD = """
    import os, random
    import numpy as np
    from bench import SourceCard, add
    {head}
    add(SourceCard(name="odd", title="odd", code="load", train_images=40, image_shape=(6, 5, 1)))
    def usual():
        generator = np.random.default_rng(0)
        x, y = generator.random((60, 6, 5)), np.arange(60) % 2
        return x[:40], y[:40], x[40:], y[40:]
    def load():
        x, y, x_test, y_test = usual()
        {body}
        return x, y, x_test, y_test
"""


def written(folder, body="pass", head="pass"):
    path = folder / "odd.py"
    path.write_text(textwrap.dedent(ODD).format(body=body, head=head))
    return str(path)


def odd(folder, body="pass", head="pass"):
    asked.load([written(folder, body, head)])
    return SOURCES["odd"]


@pytest.mark.usefixtures("forgotten")
def test_it_is_a_data_set_like_the_npz_file_of_its_arrays(tmp_path):
    (plugin,) = asked.load([str(HERE / "blobs.py")])
    datasets.check_name("blobs")
    assert "blobs" in datasets.known() and "blobs" not in datasets.published()
    found = datasets.load("blobs")
    arrays = plugins.module(plugin.sha256[:12]).load()[:4]
    np.savez(tmp_path / "same.npz", **dict(zip(ARRAYS, arrays, strict=True)))
    same = datasets.load(str(tmp_path / "same.npz"))
    assert found.sha256 == same.sha256 == datasets.sha256("blobs")
    assert found.name == "blobs" and found.class_names == ("spot", "ring", "pair")
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(found, part).images, getattr(same, part).images)
    assert datasets.train_size("blobs") == (len(found.train.images), 144)
    assert datasets.outlook("blobs").images == {"train": 240, "validation": 60, "test": 90}


@pytest.mark.usefixtures("forgotten")
def test_it_is_asked_for_by_a_grid_and_listed(tmp_path):
    shutil.copy(HERE / "blobs.py", tmp_path)
    path = tmp_path / "grid.toml"
    text = 'plugins = ["blobs.py"]\n[defaults]\ndataset = "blobs"\n[[block]]\nmodel = "ae"'
    path.write_text(text)
    (trial,) = grid.load(str(path)).trials("torch")
    assert trial.dataset == "blobs"
    (line,) = [line for line in listing.lines("datasets") if "blobs" in line]
    assert line.split() == ["blobs", "spots", "and", "rings,", "grey"]
    key = trial.key
    (tmp_path / "blobs.py").write_text((tmp_path / "blobs.py").read_text() + "\n# changed")
    shelves.forget(SOURCES["blobs"])
    assert grid.load(str(path)).trials("torch")[0].key == key


@pytest.mark.usefixtures("forgotten")
def test_labels_are_optional_in_both_parts(tmp_path):
    odd(tmp_path, body="y = y_test = None")
    assert datasets.load("odd").train.labels is None
    shelves.forget(SOURCES["odd"])
    odd(tmp_path, body="y_test = None")
    with pytest.raises(
        errors.DataError, match="y_test: expected a NumPy array, or None in place of all labels"
    ):
        datasets.load("odd")


@pytest.mark.usefixtures("forgotten")
def test_what_the_user_says_of_its_pixels_counts(tmp_path):
    odd(tmp_path, body="x, x_test = np.round(16 * x).astype(int), np.round(16 * x_test).astype(int)")
    with pytest.raises(errors.DataError, match=r"data set 'odd': x_train: expected .*; add --range 0,16"):
        datasets.load("odd")
    assert datasets.load("odd@range=0..16").train.images.max() == 1
    path = tmp_path / "grid.toml"
    path.write_text('[[block]]\nmodel = "ae"\ndataset = "odd@range=0..16"')
    assert grid.load(str(path)).trials("torch")[0].dataset == "odd@range=0..16"
    assert datasets.train_size("odd@range=0..16") == (32, 30)


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name="odd"', 'name="digits"', "expected a name that is not taken, received 'digits'"),
        ('code="load"', 'code=""', "expected the name of a function as code"),
        ("train_images=40", "train_images=0", r"expected a number of train_images .* received 0 and"),
        ("(6, 5, 1)", "(6, 5)", r"an image_shape such as \(28, 28, 1\), received 40 and \(6, 5\)"),
        (", train_images=40", "", "TypeError: .*train_images"),
    ],
)
def test_a_card_that_cannot_be_taken_is_told_in_one_line(tmp_path, old, new, told):
    path = pathlib.Path(written(tmp_path))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(errors.UsageError, match=told) as caught:
        asked.load([str(path)])
    assert "\n" not in str(caught.value) and not SOURCES


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "raise OSError('no disk\\nat all')",
            "expected images from its function load, received OSError: no disk",
        ),
        ("1 / 0", r"ZeroDivisionError: division by zero \(line 13\); correct the plug-in"),
        ("raise SystemExit(3)", "received SystemExit: 3"),
        ("return x, y", "expected load to return x_train, y_train, x_test, y_test, .* received a tuple of 2"),
        ("return None", "received a NoneType"),
        ("x = x.tolist()", r"x_train: expected a NumPy array, received a list; return numpy\.asarray"),
        ("x = x[0]", r"x_train: expected at least one image, .*received shape \(6, 5\)"),
        ("x = x.astype(object)", "x_train: expected pixel values of .*received dtype object"),
        ("x[3, 0, 0] = np.nan", "x_train: expected finite pixel values"),
        ("x = x * 2 - 3", r"x_train: expected values in 0\.\.1 or in 0\.\.255"),
        ("y = y[1:]", "y_train: expected 40 labels, one for each image, received 39"),
        ("y = y + .5", "y_train: expected class numbers or class names, received dtype float64 with 0.5"),
        (
            "return x, np.array(['a', 'b'])[y], x_test, np.array(['a', 'b'])[y_test], ('a', 'b')",
            "y_train: expected class numbers from 0 to 1, as there are 2 names, received a, b",
        ),
        ("return x, y * 2., x_test, y_test * 2., ('a', 'b')", "as there are 2 names, received 0, 2"),
        ("x_test = x_test[:, :5]", "x_test: expected images of the shape of x_train"),
        ("x, y = x[:30], y[:30]", r"expected 40 training .* received 30 of .*; write train_images=30"),
        ("return x, y, x_test, y_test, ('a',)", "y_train: expected labels from 0 to 0, as there are 1 class"),
        ("return x, y, x_test, y_test, 'ab'", "class names: expected a tuple of different names"),
        ("x = np.random.random(x.shape)", r"expected the same images.*others at the second time \(SHA-256"),
    ],
)
def test_what_is_no_data_set_is_told_in_one_line(tmp_path, body, told):
    card = odd(tmp_path, body)
    with pytest.raises(errors.DataError, match=rf"^data set 'odd'.*{told}") as caught:
        datasets.load("odd")
    assert "\n" not in str(caught.value)
    line = str(caught.value).partition(" (SHA-256")[0]  # of what is drawn anew it is another each time
    assert any(problem.startswith(line) for _, problem in contract.examine(card))


@pytest.mark.usefixtures("forgotten")
def test_a_function_that_is_not_there_is_told(tmp_path):
    path = pathlib.Path(written(tmp_path))
    path.write_text(path.read_text().replace("def load", "def lode"))
    asked.load([str(path)])
    with pytest.raises(
        errors.DataError, match=r"data set 'odd': .*odd\.py has no 'load', which its card names"
    ):
        datasets.load("odd")


@pytest.mark.usefixtures("forgotten")
def test_a_plug_in_keeps_to_the_contract():
    asked.load([str(HERE / "blobs.py")])
    assert not [problem for _, problem in contract.examine(SOURCES["blobs"]) if problem]


CALLS = "CALLS = []"


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("check", "body", "told"),
    [
        (
            "Shapes",
            "x, x_test = x[..., :4], x_test[..., :4]",
            r"write train_images=40, image_shape=\(6, 4, 1\) on the card",
        ),
        ("Training, val", "x_test, y_test = x_test[:1], y_test[:1]", "2 images for test, received 1"),
        ("There is", "x_test[:] = x_test[0]", "received 20 equal ones for test"),
        ("A second", "CALLS.append(1); x[0] = len(CALLS) % 7 / 7", "others at the second time"),
        ("A second", "CALLS.append(1); return x, y, x_test, y_test, ('a', f'b{len(CALLS)}')", "other names"),
        ("Another", "x[0] = (hash('a') % 1000) / 1000", "let nothing depend on"),
        ("Another", "assert 'PYTHONHASHSEED' not in os.environ", "it cannot be loaded there"),
        (
            "Random",
            "random.random(); np.random.random()",
            "random numbers of random, random numbers of NumPy",
        ),
        (
            "Random",
            "os.environ['ODD'] = str(len(os.environ['PATH'])); os.chdir('/')",
            "folder, the environment",
        ),
        ("Random", "np.seterr(all='raise', under='ignore')", "errors of NumPy"),
    ],
)
def test_each_check_of_the_contract_can_fail(tmp_path, monkeypatch, check, body, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    found = dict(contract.examine(odd(tmp_path, body, CALLS)))
    (problem,) = [problem for said, problem in found.items() if said.startswith(check)]
    assert re.search(told, problem), found
    assert "\n" not in problem


def test_an_installed_package_has_its_data_set_in_the_list(tmp_path):
    shutil.copy(HERE / "blobs.py", tmp_path)
    about = tmp_path / "blobs-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: blobs\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[autoencoder_bench]\nblobs = blobs\n")
    listed = bench(tmp_path, "list", "datasets")
    assert listed.returncode == 0 and "blobs          spots and rings, grey" in listed.stdout, listed
    dry = bench(tmp_path, "run", "--dry-run", "--dataset", "blobs")
    assert dry.returncode == 0 and "quick-blobs" in dry.stdout, dry.stderr


def test_a_run_trains_on_it_and_is_read_without_it(tmp_path):
    shutil.copy(HERE / "blobs.py", tmp_path)
    asked_for = (
        *("--plugin", "blobs.py", "--dataset", "blobs", "--epochs", "1", "--set", "latent_dim=2"),
        *("--only", "architecture=dense", "--measures", "basic", "--baselines", "mean"),
    )
    dry = bench(tmp_path, "run", "--dry-run", *asked_for)
    assert dry.returncode == 0 and "quick-blobs" in dry.stdout, dry.stderr
    first = run(tmp_path, *asked_for, "--workers", "2")
    assert first.returncode == 0, first.stderr
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    about = record["datasets"]["blobs"]
    assert about["classes"] == ["spot", "ring", "pair"] and "uint8 from 0 to 255" in about["understood"]
    assert (tmp_path / "out" / "data-blobs.png").exists()
    results = [json.loads(path.read_text()) for path in tmp_path.glob("out/trials/*/result.json")]
    assert {result["data_sha256"] for result in results} == {about["sha256"]}
    with open(tmp_path / "out" / "results.csv", newline="") as file:
        assert {row["dataset"] for row in csv.DictReader(file)} == {"blobs"}

    plugin = tmp_path / "blobs.py"
    plugin.write_text(plugin.read_text() + "\n# the same images\n")
    assert run(tmp_path, *asked_for, "--workers", "0").returncode == 0
    plugin.write_text(plugin.read_text().replace("default_rng(0)", "default_rng(1)"))
    other = run(tmp_path, *asked_for, "--workers", "0")
    assert other.returncode == 2 and "data set blobs has changed" in other.stderr
    assert "Traceback" not in other.stderr

    plugin.unlink()
    page = (tmp_path / "out" / "index.html").read_text()
    again = bench(tmp_path, "report", "out")
    assert again.returncode == 0 and "lacks" not in again.stdout, again.stderr
    assert (tmp_path / "out" / "index.html").read_text() == page
    assert bench(tmp_path, "compare", "out", "out").returncode == 0
    gone = bench(tmp_path, "run", "--dataset", "blobs", "--output", "out")
    assert gone.returncode == 2 and "give the plug-in that has it with --plugin" in gone.stderr


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_on_what_is_no_data_set_ends_in_one_line(tmp_path, workers):
    written(tmp_path, body="raise SystemExit(7)")
    asked_for = ("--plugin", "odd.py", "--dataset", "odd", "--epochs", "1")
    ended = run(tmp_path, *asked_for, "--workers", workers)
    assert ended.returncode == 2, ended.stderr
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("bench: error: data set 'odd': expected images") and "correct the plug-in" in last
    assert "Traceback" not in ended.stderr
