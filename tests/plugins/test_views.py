"""A view of one's own: a setting like others, held to the contract, run, and read where it is gone."""

import csv
import json
import re
import shutil
import textwrap

import numpy as np
import pytest

from bench import datasets, errors
from bench.ask import axes, baselines, grid, known
from bench.ask import plugins as asked
from bench.ask.trial import from_settings
from bench.ask.views import TRAIN_IMAGES, VIEWS
from bench.datasets.views import plugged
from bench.keeping import networks
from bench.models import shelves
from bench.report import words
from bench.report.evidence import naming
from bench.running import contract, listing
from tests.conftest import BACKEND

from .conftest import HERE
from .test_runs import bench, run

pytestmark = pytest.mark.skipif(BACKEND != "torch", reason="no view asks which backend there is")

ODD = """
    import dataclasses, os, random
    import numpy as np
    from bench import Option, ViewCard, add
    from bench.datasets import Split
    add(ViewCard(name="odd", title="odd", code="odd", options=(Option("odd", 0, minimum=0, text="how"),)))
    CALLS = []
    def odd(dataset, value):
        CALLS.append(1)
        images, labels = dataset.test.images.copy(), dataset.test.labels.copy()
        images[:, 0] = 1
        {body}
        return dataclasses.replace(dataset, test=Split(images=images, labels=labels))
"""


def odd(folder, body="pass"):
    path = folder / "odd.py"
    path.write_text(textwrap.dedent(ODD).format(body=body))
    asked.load([str(path)])
    return VIEWS["odd"]


@pytest.fixture
def half(forgotten):
    (plugin,) = asked.load([str(HERE / "one_half.py")])
    return plugin


def trials(folder, text):
    path = folder / "grid.toml"
    path.write_text(f'[[block]]\nmodel = "ae"\n{text}')
    return grid.load(str(path)).trials("torch")


def test_half_of_each_image_is_dark(half):
    digits = datasets.load_once("digits")
    left = plugged.applied(digits, VIEWS["one_half"], "left")
    for part in plugged.PARTS:
        images, whole = getattr(left, part).images, getattr(digits, part).images
        np.testing.assert_array_equal(images[:, :, :14], whole[:, :, :14])
        assert not images[:, :, 14:].any() and whole[:, :, 14:].any()
    assert (left.name, left.sha256, left.class_names) == (digits.name, digits.sha256, digits.class_names)
    assert plugged.applied(digits, VIEWS["one_half"], "left") is left


def test_it_is_a_setting_of_trials(half, tmp_path):
    whole, left, right = trials(tmp_path, 'one_half = ["none", "left", "right"]')
    (plain,) = trials(tmp_path, "")
    assert whole == plain and whole.key == plain.key and whole.views == {}
    assert whole.objective == plain.objective != left.objective
    assert left.views == {"one_half": "left"} and left.settings()["options"]["one_half"] == "left"
    assert len({one.key for one in (whole, left, right)}) == 3
    assert str(left).endswith("one half left, seed 0")
    assert {networks.key(one) for one in (whole, left, right)} == {networks.key(plain)}
    assert grid.parse_choice("one_half=left") == ("one_half", ["left"])
    with pytest.raises(errors.GridError, match="unknown one_half 'top'; known: left, none, right"):
        trials(tmp_path, 'one_half = "top"')
    assert any(line.split()[:1] == ["one_half"] for line in listing.lines("settings"))


def test_its_baselines_see_the_same_images(half, tmp_path):
    found = baselines.beside(trials(tmp_path, 'one_half = ["none", "left"]\nbinarize = ["none", "dynamic"]'))
    assert len(found) == 4 * 3 and len({one.key for one in found}) == 4 * 3
    assert {tuple(one.views.items()) for one in found} == {(), (("one_half", "left"),)}
    assert {naming.settings_of(one)["dataset"] for one in found} == {
        "digits",
        "digits (binarised)",
        "digits (one_half = left)",
        "digits (one_half = left) (binarised)",
    }
    assert {words.source(naming.settings_of(one)["dataset"]) for one in found} == {"digits"}
    assert words.source("mine (1)") == "mine (1)"


def test_another_content_of_its_file_makes_other_trials_of_those_that_use_it(tmp_path, forgotten):
    keys = []
    for text in ("pass", "images[:, 1] = 1"):
        odd(tmp_path, text)
        units = trials(tmp_path, "odd = [0, 1]")
        keys.append([one.key for one in (*units, *baselines.beside(units))])
        shelves.forget(VIEWS["odd"])
    same = [first == second for first, second in zip(*keys, strict=True)]
    assert same == [True, False, True, True, True, False, False, False]


def test_a_run_is_read_by_what_it_says_of_a_view_that_is_gone(half, tmp_path):
    units = trials(tmp_path, 'one_half = ["none", "left"]')
    units = [*units, *baselines.beside(units)]
    told = json.loads(json.dumps(known.to_json(["ae"], ["dense"], views=["one_half"])))
    kept = json.loads(json.dumps([unit.settings() for unit in units]))
    keys = [unit.key for unit in units]
    shelves.forget(VIEWS["one_half"])
    cards = known.from_json(told)
    read = [from_settings(settings, cards) for settings in kept]
    assert read == units and [unit.key for unit in read] == keys
    with pytest.raises(ValueError, match="unknown options one_half"):
        from_settings(kept[1])
    assert "one_half" not in axes.named()


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name="odd"', 'name="even"', "even: expected one option, which is called even, .* received odd"),
        ("options=(", "paper='', options=() and (", "odd: expected one option, .* received none"),
        ('code="odd"', 'code=""', "odd: expected the name of a function as code"),
        ('"odd", title', '"seed", title', "expected one option, which is called seed"),
    ],
)
def test_a_card_that_cannot_be_taken_is_told_in_one_line(tmp_path, old, new, told):
    path = tmp_path / "odd.py"
    path.write_text(textwrap.dedent(ODD).format(body="pass").replace(old, new))
    with pytest.raises(errors.UsageError, match=told) as caught:
        asked.load([str(path)])
    assert "\n" not in str(caught.value) and "odd" not in VIEWS


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("name", "told"), [("binarize", "which all trials have"), ("beta", "which 'vae' has")]
)
def test_a_name_of_another_setting_is_refused(tmp_path, name, told):
    path = tmp_path / "odd.py"
    path.write_text(textwrap.dedent(ODD).format(body="pass").replace('"odd"', f'"{name}"'))
    with pytest.raises(errors.UsageError, match=told):
        asked.load([str(path)])
    assert list(VIEWS) == [TRAIN_IMAGES]


def test_fewer_training_images_are_part_of_more_and_the_rest_stays():
    digits = datasets.load_once("digits")
    few, more = (plugged.applied(digits, VIEWS[TRAIN_IMAGES], count) for count in (20, 60))
    assert len(few.train.images) == len(few.train.labels) == 20 and len(more.train.images) == 60
    among = {image.tobytes() for image in more.train.images}
    assert {image.tobytes() for image in few.train.images} <= among
    for part in ("validation", "test"):
        np.testing.assert_array_equal(getattr(few, part).images, getattr(digits, part).images)


def test_what_changes_training_images_alone_is_a_setting_and_no_other_data(tmp_path):
    some, whole = trials(tmp_path, 'dataset = "digits"\ntrain_images = [100, 0]')
    assert naming.settings_of(some) == {**naming.settings_of(whole), "train_images": 100}
    assert naming.settings_of(whole)["train_images"] == "all"
    assert some.objective == whole.objective and some.key != whole.key
    for count in (1, 9999):
        with pytest.raises(errors.GridError, match=f"as many as digits has, received {count}"):
            trials(tmp_path, f'dataset = "digits"\ntrain_images = {count}')


def test_a_plug_in_keeps_to_the_contract(half):
    assert not [problem for _, problem in contract.examine(VIEWS["one_half"]) if problem]


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("check", "body", "told"),
    [
        ("Images", "dataset.test.images[:] = 0", "left as it is, received ValueError.* work on a copy"),
        ("Images", "raise SystemExit(1)", "view odd = 1: expected a data set, received SystemExit: 1"),
        ("Images", "return 3", "expected a Dataset, received a int"),
        (
            "Images",
            "images = images[:, 1:]",
            r"test: expected at least one image, each of .*\(28, 28",
        ),
        ("Images", "images = images * 2", "test: expected float32 in 0..1, received float32 from 0.0 to 2.0"),
        ("Images", "images[0, 0, 0, 0] = np.nan", "test: expected float32 in 0..1"),
        ("Images", "images = images.astype(float)", "expected float32 in 0..1, received float64"),
        ("Images", "labels = labels[1:]", "expected 360 class numbers, one for each image"),
        ("Images", "labels = labels + 1", "expected class numbers from 0 to 9.* received 1 to 10"),
        ("Images", "images = None", "expected a Split of images and labels, two arrays"),
        ("Images", "images, labels = images[:1], labels[:1]", "expected 2 images for test, received 1"),
        ("With each", "return dataset", "odd = 1: expected something else than the data set"),
        ("The same is seen at", "images[0] = len(CALLS) % 97 / 97", r"default_rng\(seed\)"),
        ("The same is seen in", "images[0] = hash('a') % 1000 / 1000", "let nothing depend on"),
        ("Random", "np.random.random()", "it changes random numbers of NumPy"),
    ],
)
def test_each_check_of_the_contract_can_fail(tmp_path, monkeypatch, check, body, told):
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    found = dict(contract.examine(odd(tmp_path, body)))
    (problem,) = [problem for said, problem in found.items() if said.startswith(check)]
    assert re.search(told, problem), found
    assert "\n" not in problem


def test_a_run_sees_it_tells_it_and_is_read_without_it(tmp_path):
    shutil.copy(HERE / "one_half.py", tmp_path)
    asked_for = ("--plugin", "one_half.py", "--set", "one_half=none,left", "--set", "model=ae")
    small = ("--set", "latent_dim=2", "--set", "architecture=dense", "--epochs", "1", "--workers", "2")
    few = ("--measures", "basic", "--baselines", "mean")
    first = run(tmp_path, *asked_for, *small, *few)
    assert first.returncode == 0, first.stderr
    with open(tmp_path / "out" / "results.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["model"] in ("ae", "mean")]
    assert [json.loads(row["options"] or "{}").get("one_half") for row in rows].count("left") == 2
    by_image = {(row["model"], "left" in row["options"]): float(row["test_mse"]) for row in rows}
    assert len(by_image) == 4 and by_image["mean", True] < by_image["mean", False]
    page = (tmp_path / "out" / "index.html").read_text()
    assert "digits (one_half = left)" in page
    (tmp_path / "one_half.py").unlink()
    again = bench(tmp_path, "report", "out")
    assert again.returncode == 0 and "lacks" not in again.stdout, again.stderr
    assert (tmp_path / "out" / "index.html").read_text() == page
    compared = bench(tmp_path, "compare", "out", "out")
    assert compared.returncode == 0, compared.stderr


def test_a_trial_whose_view_fails_is_a_row(tmp_path):
    (tmp_path / "odd.py").write_text(textwrap.dedent(ODD).format(body="raise OSError('no disk')"))
    asked_for = ("--plugin", "odd.py", "--set", "odd=1", "--set", "model=ae", "--workers", "0")
    ended = run(tmp_path, *asked_for, "--set", "architecture=dense", "--epochs", "1")
    assert ended.returncode == 1 and "Traceback" not in ended.stderr, ended.stderr
    with open(tmp_path / "out" / "results.csv", newline="") as file:
        told = {row["error"] for row in csv.DictReader(file)}
    assert told == {
        "DataError: view odd = 1: expected a data set, received OSError: no disk; correct the plug-in"
    }
