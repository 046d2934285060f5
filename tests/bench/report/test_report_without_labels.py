"""A run on images without labels, from end to end, and its page in a browser."""

import json
import pathlib

import numpy as np
import pandas as pd
import pytest
import sklearn.datasets

from bench.keeping.store import RunFolder
from tests.bench.report.conftest import bench
from tests.conftest import TINY, once

MEASURES = "basic,generation,few_labels,robustness"


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A run of two trials on 200 pictures of digits in one array; to be read only."""

    def make(folder: pathlib.Path) -> None:
        images = sklearn.datasets.load_digits().images[:200].repeat(2, axis=1).repeat(2, axis=2)
        np.save(folder / "scans.npy", np.round(images * 15.9).astype(np.uint8))
        (folder / "tiny.toml").write_text(TINY)
        chosen = ("--dataset", str(folder / "scans.npy"), "--measures", MEASURES)
        done = bench(
            "run",
            "--grid",
            str(folder / "tiny.toml"),
            *chosen,
            "--workers",
            "0",
            "--output",
            str(folder / "run"),
        )
        assert done.returncode == 0, done.stderr
        (folder / "said.txt").write_text(done.stdout + done.stderr)

    return once(tmp_path_factory, "unlabelled", make) / "run"


def test_a_run_says_what_it_lacks_and_what_that_means(unlabelled: pathlib.Path) -> None:
    said = (unlabelled.parent / "said.txt").read_text()
    assert "no labels: accuracies and clusters are empty, and images are compared in the features of" in said
    assert "no test part: a fifth is set aside for it, and as many for validation" in said
    page, twin = ((unlabelled / name).read_text() for name in ("index.html", "README.md"))
    for text in (page, twin):
        assert "no labels: accuracies and clusters are empty" in text
        assert "network that tells how an image was turned, as there are no two classes to learn" in text
    about = next(iter(json.loads((unlabelled / "run.json").read_text())["datasets"].values()))
    assert about["classes"] == []


def test_no_label_is_invented(unlabelled: pathlib.Path) -> None:
    results = pd.read_csv(unlabelled / "results.csv")
    assert results["test_mse"].notna().any() and results["status"].eq("ok").all()
    assert results.filter(regex="accuracy").isna().all(axis=None)
    folder = RunFolder(unlabelled)
    for unit in folder.units():
        result = folder.result(unit)
        assert result.reasons["latent_nmi"] in ("images without labels", "there are no codes")
        assert not [name for name in folder.images(unit) if "label" in name]
    assert results["frechet_mixture"].notna().sum() >= 3
    page = (unlabelled / "index.html").read_text()
    assert "The worst reconstructions" in page and "of each class" not in page.split('id="protocol"')[0]


def test_its_page_shows_codes_in_one_colour_and_complains_of_nothing(
    browser, unlabelled: pathlib.Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto((unlabelled / "index.html").as_uri())
    explorer = opened.locator("[data-explorer]").first
    explorer.scroll_into_view_if_needed()
    explorer.locator(".panel output", has_text="nearest test image: number ").wait_for()
    assert explorer.locator(".chart path[data-class]").count() >= 1
    assert explorer.locator(".legend").count() == 0
    context.close()
    assert complaints == []
