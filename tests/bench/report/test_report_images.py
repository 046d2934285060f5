"""What the report says of other test images, and of shares where a grid has all combinations."""

import itertools

import numpy as np
import pytest
from scipy import stats

from bench.keeping import packing
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report import evidence
from bench.report.evidence import opponents
from bench.report.page import reads
from bench.report.sections import over_images, shares

from .conftest import NBSP, MakeRun, ok, texts, trial

IMAGES = 200
DATA = {"digits": {"sha256": "0" * 64, "image_shape": [8, 8, 1], "images": {"test": IMAGES}}}


def results() -> list[Result]:
    return [
        ok(trial(architecture=architecture, latent_dim=size, seed=seed), latent_accuracy=0.8)
        for architecture in ("dense", "conv")
        for size in (2, 8)
        for seed in (0, 1)
    ]


def arrays(result: Result) -> dict[str, np.ndarray]:
    """Images of which dense makes a tenth less error than conv, and tells nine more."""
    generator = np.random.default_rng(0)
    is_dense = result.unit.settings()["architecture"] == "dense"
    errors = generator.gamma(2, 0.01, size=IMAGES) * np.exp(0.01 * generator.normal(size=IMAGES))
    told = np.arange(IMAGES) < (159 if is_dense else 150)
    return {
        "image_mse": (errors * (0.9 if is_dense else 1)).astype(np.float32),
        "image_ssim": np.ones(IMAGES, np.float32),
        "image_latent_accuracy": np.packbits(told),
    }


@pytest.fixture
def folder(make_run: MakeRun) -> RunFolder:
    made = make_run(results(), datasets=DATA)
    for result in results():
        made.write(Outcome(result=result, images=arrays(result)))
    return made


def sides(folder: RunFolder) -> opponents.Opponents:
    (found,) = opponents.opponents(evidence.gather(folder), "architecture")
    return found


def test_pairs_are_held_against_each_other_image_by_image(folder: RunFolder) -> None:
    table = over_images.table(evidence.gather(folder), sides(folder))
    rows = texts(table)
    assert [row[0] for row in rows] == ["AE, latent 2", "AE, latent 8"] and table is not None
    p = stats.binomtest(0, 9).pvalue
    assert rows[0][1].startswith("\N{MINUS SIGN}10 % (\N{MINUS SIGN}10 % to \N{MINUS SIGN}")
    assert rows[0][2:] == ["4.5 (1.6 to 7.4)", f"{2 * p:.3f}"]
    assert "over other test images, not over other seeds" in table.note.replace(NBSP, " ")


def test_a_published_run_says_the_same_of_images_in_a_fraction_of_the_bytes(
    folder: RunFolder, tmp_path
) -> None:
    target = RunFolder(tmp_path / "published")
    packing.prepare(target)
    packing.pack(folder, target, (), {}, reads.by_image(folder))
    published = RunFolder(target.path)
    kept = [published.images(result.unit) for result in results()]
    assert [sorted(each) for each in kept] == [["image_latent_accuracy", "image_mse"], []] * 4
    assert kept[0]["image_mse"].dtype == np.float16
    before, after = (over_images.table(evidence.gather(each), sides(each)) for each in (folder, published))
    assert before == after is not None


def test_where_no_image_has_a_number_there_is_no_table(make_run: MakeRun) -> None:
    made = make_run(results(), datasets=DATA)
    assert over_images.table(evidence.gather(made), sides(made)) is None


def test_how_sure_an_accuracy_is_over_images_is_said_of_any_run(make_run: MakeRun) -> None:
    found = evidence.gather(make_run(results(), datasets=DATA))
    assert "an accuracy of 80.0 % has a standard error of 2.8 points" in over_images.error(found).replace(
        NBSP, " "
    )


def grid(left_out: int = 0) -> list[Result]:
    noise = np.random.default_rng(0).normal(scale=0.01, size=100)
    combinations = itertools.product(("dense", "conv"), (2, 4, 8), (1e-3, 3e-3), (0, 1))
    made = [
        ok(
            trial(architecture=architecture, latent_dim=size, learning_rate=rate, seed=seed),
            test_mse=float(np.exp(-0.5 * np.log(size) + (architecture == "conv") * 0.1 + noise[i])),
        )
        for i, (architecture, size, rate, seed) in enumerate(combinations)
    ]
    return made[2 * left_out :]


def test_of_all_combinations_each_setting_has_a_share(make_run: MakeRun) -> None:
    rows = {row[0]: row[1] for row in texts(shares.table(evidence.gather(make_run(grid())), "digits"))}
    assert rows["Latent size"].startswith("97.") and "(< 0.001)" in rows["Latent size"]
    assert rows["Architecture"].startswith("2.") and "(< 0.001)" in rows["Architecture"]
    assert len(rows) == 6 and "Architecture and latent size" in rows


def test_of_a_grid_with_a_gap_there_are_no_shares(make_run: MakeRun) -> None:
    assert shares.table(evidence.gather(make_run(grid(left_out=1))), "digits") is None
