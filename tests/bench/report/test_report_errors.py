"""Hard classes, the worst images of each, and the images on which two models differ most."""

import re

import numpy as np
import pytest

from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.report.evidence import gather
from bench.report.sections import chart_classes, classes, errors

from .conftest import NBSP, MakeRun, Written, ok, parse, texts, trial

SIDE = 6
CLASSES = np.array([[0.01, 0.03, 0.02], [0.02, 0.05, 0.01]])
"""The errors of three classes by an AE and by a VAE: the second is the hardest of both."""


def arrays(model: str) -> dict[str, np.ndarray]:
    """An AE that is closer on the first twenty of forty images, and what of its errors it kept."""
    generator = np.random.default_rng(0)
    originals = generator.integers(60, 180, size=(40, SIDE, SIDE, 1), dtype=np.uint8)
    off = np.arange(40)[:, None, None, None] if model == "ae" else np.arange(40)[::-1, None, None, None]
    worst = np.stack([originals[:9], originals[9:18]], axis=1).reshape(3, 3, 2, SIDE, SIDE, 1)
    return {
        "originals": originals[:3],
        "reconstructions": originals[:3],
        "labels": np.arange(3),
        "kept_originals": originals,
        "kept_reconstructions": (originals + off).astype(np.uint8),
        "class_labels": np.arange(3),
        "class_mse": CLASSES[int(model == "vae")],
        "error_images": worst,
        "error_mse": np.float32([[0.9, 0.5, 0.1]] * 3),
        "error_labels": np.arange(3),
    }


@pytest.fixture
def folder(make_run: MakeRun) -> RunFolder:
    data = {"sha256": "0" * 64, "image_shape": [SIDE, SIDE, 1], "images": {"test": 40}}
    about = {"digits": {**data, "classes": ["sock", "bag", "<hat>"]}}
    results = [ok(trial(model=model), test_mse=0.02 + (model == "vae") / 100) for model in ("ae", "vae")]
    made = make_run(results, datasets=about)
    for result in results:
        made.write(Outcome(result=result, images=arrays(str(result.unit.settings()["model"]))))
    return made


def test_classes_stand_hardest_first_and_are_named_where_all_networks_agree(folder: RunFolder) -> None:
    evidence = gather(folder)
    found = classes.by_class(evidence, "digits")
    assert found is not None and found.names == ("bag", "sock", "<hat>")
    assert classes.told(found) == "For all 2 networks shown the hardest class is bag."
    table = classes.table(evidence, "digits", found)
    assert texts(table)[0] == ["AE dense, latent 8", "0.03000", "0.01000", "0.02000"]
    shades = [[cell.shade for cell in row.cells[1:]] for row in table.rows]
    assert shades == [[5, 1, 3], [6, 3, 1]]


def test_each_network_has_a_mark_in_the_row_of_each_class(folder: RunFolder) -> None:
    evidence = gather(folder)
    found = classes.by_class(evidence, "digits")
    assert found is not None
    chart = chart_classes.draw(evidence, "digits", found)
    assert chart is not None and not chart.lost
    assert chart.svg.count("<title>AE dense, latent 8</title>".replace(" 8", f"{NBSP}8")) == 3
    assert chart.alt.endswith("from bag 0.04000 to <hat> 0.01500.") and "<hat>" not in chart.svg


def test_no_class_is_named_where_networks_disagree_or_a_number_is_none(folder: RunFolder) -> None:
    evidence = gather(folder)
    found = classes.by_class(evidence, "digits")
    assert found is not None
    for changed in ([[0.01, 0.02, 0.03], [0.03, 0.02, 0.01]], [[np.nan, 0.02, 0.01]] * 2):
        assert (
            classes.told(classes.ByClass(ones=found.ones, names=found.names, errors=np.array(changed))) == ""
        )


def test_worst_median_and_best_stand_with_their_difference_in_colour(
    folder: RunFolder, written: Written
) -> None:
    page = written(folder)
    parse(page)
    section = page[page.index('<section id="errors"') :].partition("</section>")[0]
    assert "The worst reconstruction of each class" in section and "<span>&lt;hat&gt;</span>" in section
    kinds = re.findall(r'data-kind="errors-(\w+)"', section)
    assert kinds == ["worst", "worst", "median", "best", "worst", "median", "best"]
    assert section.count("<use ") == 1  # the worst of the best network, which is shown twice
    assert f"MSE{NBSP}0.90000 to 0.90000" in section
    assert (folder.path / "figures").glob("errors-worst-*.png")


def test_a_difference_is_white_where_there_is_none_and_has_a_colour_for_each_way() -> None:
    originals = np.full((1, 1, 3, 1), 100, np.uint8)
    made = np.array([[[[100], [200], [0]]]], np.uint8)
    same, brighter, darker = errors.difference(originals, made)[0, 0].astype(int)
    assert same.tolist() == [255, 255, 255]
    assert brighter[0] > brighter[1] > brighter[2] and darker[0] < darker[1] < darker[2]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        ([3, -1, 0, 2, -4, 1], [4, 1, 3, 0]),
        ([3, 1, 2, 4, 5, 6], [0, 3, 4, 5]),
        ([-3, -1, -2, -4, -5, 6], [4, 3, 0, 5]),
        ([0, 0], []),
    ],
)
def test_the_furthest_are_half_of_each_way_where_both_have_enough(
    apart: list[float], expected: list[int]
) -> None:
    assert errors.furthest(np.array(apart, float), 4).tolist() == expected


def test_above_each_column_stands_the_model_that_is_closer(folder: RunFolder) -> None:
    blocks = errors.section(gather(folder), "")
    assert blocks is not None
    block = blocks[-1]
    assert isinstance(block, errors.Pictures)
    assert block.heads == ("AE",) * 5 + ("VAE",) * 5
    first = block.rows[1].pictures[0].pixels[:SIDE, :SIDE].astype(int)
    original = block.rows[0].pictures[0].pixels[:SIDE, :SIDE].astype(int)
    assert np.abs(first - original).max() <= 9  # the image that the AE gives back as it is, in 32 steps


def test_runs_that_kept_no_such_pictures_have_none(folder: RunFolder, written: Written) -> None:
    """As those of earlier protocols."""

    def page(*kept: str) -> str:
        for unit in folder.units():
            every = arrays(str(unit.settings()["model"]))
            result = folder.result(unit)
            assert result is not None
            folder.write(Outcome(result=result, images={name: every[name] for name in kept}))
        return written(RunFolder(folder.path))

    found = page("originals", "labels", "class_labels", "class_mse")
    section = found[found.index('<section id="errors"') :].partition("</section>")[0]
    assert 'id="table-classes"' in section and "The worst" not in section and "differ most" not in section
    assert '<section id="errors"' not in page("originals", "labels")
