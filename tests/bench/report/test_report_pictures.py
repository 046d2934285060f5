"""Which pictures a report shows, and what it says of their choice."""

import base64
import io
import json
import re
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from bench.keeping.result import Outcome
from bench.keeping.store import RunFolder
from bench.report.blocks import pictures
from bench.report.evidence import gather
from bench.report.sections import galleries, pictured

from .conftest import MakeRun, Written, ok, parse, text_of, trial


def test_many_trials_are_thinned_out_by_a_stated_rule(run: RunFolder, written: Written) -> None:
    """The pictures of one trial, copied to 40 configurations."""
    record = json.loads((run.path / "run.json").read_text())
    unit = next(unit for unit in run.units() if unit.settings()["model"] == "ae")
    images, history = run.images(unit), run.history(unit)
    trials = [
        trial(latent_dim=size, learning_rate=rate)
        for size in range(2, 12)
        for rate in (1e-4, 1e-3, 1e-2, 0.1)
    ]
    run.write_run({**record, "units": [one.settings() for one in trials]})
    for i, one in enumerate(trials):
        run.write(Outcome(result=ok(one, test_mse=0.01 + i / 1000), history=history, images=images))
    page = written(run)
    assert "Shown: the best of each model and architecture, by validation loss, and the base." in page
    assert len(page) < 3e6


def test_where_objectives_are_many_the_rule_says_which_are_pictured(make_run: MakeRun) -> None:
    trials = [
        trial(model="vae", options=(("beta", float(beta)), ("kl_warmup", 0)), latent_dim=size)
        for beta in range(1, 18)
        for size in (2, 4)
    ]
    folder = make_run([ok(one, test_mse=0.01) for one in trials])
    found = gather(folder)
    assert galleries.thinning(found) == (
        "Shown: the best of each model and architecture, by validation loss, and the base."
    )
    assert [one.name for one in galleries.representatives(found)] == [found.configurations[0].name]


def test_colour_images_one_dimension_and_codes_that_are_not_finite_are_drawn(
    make_run: MakeRun, written: Written
) -> None:
    """Two data sets, so that everything which is said of each is said twice."""
    generator = np.random.default_rng(0)
    results = [
        ok(trial(dataset=dataset, model=model, latent_dim=size), best_epoch=10)
        for dataset in ("cifar10", "photos/own.npz")
        for model in ("ae", "vae")
        for size in (1, 2)
    ]
    folder = make_run(results, [])
    for result in results:
        points = generator.normal(size=(40, 2)).astype(np.float32)
        points[3] = np.nan
        images = generator.integers(0, 255, size=(10, 16, 12, 3), dtype=np.uint8)
        arrays = {"originals": images, "reconstructions": images, "samples": images, "labels": np.arange(10)}
        arrays |= {"points": points, "point_labels": np.arange(40) % 10}
        folder.write(Outcome(result=result, images=arrays))
    page = written(folder)
    parse(page)
    assert "Autoencoders on CIFAR-10 and own" in page
    assert 'id="table-leaderboard-2"' in page
    assert re.search(r"\bnan\b", page) is None


@pytest.mark.parametrize(
    ("labels", "classes", "choice"),
    [
        (range(10), 10, "10 test images, the first of each class"),
        ([0, 1, 2, 0, 0, 1, 2, 2, 1, 0], 3, "10 test images, the first of each class and then others"),
        (range(10), 30, "10 test images, the first of each of 10 of the 30 classes"),
    ],
)
def test_choice_of_images_is_told_as_it_is(
    make_run: MakeRun, written: Written, labels: Sequence[int], classes: int, choice: str
) -> None:
    names = [f"class {i}" for i in range(classes)]
    data = {"sha256": "0" * 64, "image_shape": [8, 8, 1], "classes": names, "images": {"test": 40}}
    result = ok(trial())
    folder = make_run([result], [], datasets={"digits": data})
    images = np.zeros((10, 8, 8, 1), np.uint8)
    arrays = {"originals": images, "reconstructions": images, "labels": np.array(labels)}
    folder.write(Outcome(result=result, images=arrays))
    page = written(folder)
    assert page.count(f"{choice}.") == 1
    assert f"{choice}." in (folder.path / "README.md").read_text()


def test_classes_with_dollars_in_their_names_are_text(make_run: MakeRun, written: Written) -> None:
    name = r"$\frac$"
    data = {"sha256": "0" * 64, "image_shape": [8, 8, 1], "classes": ["a", name], "images": {"test": 40}}
    result = ok(trial(latent_dim=2))
    folder = make_run([result], [], datasets={"digits": data})
    points = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    folder.write(Outcome(result=result, images={"points": points, "point_labels": np.arange(40) % 2}))
    page = parse(written(folder))
    assert name in {text_of(e) for e in page.iter() if str(e.tag).endswith("}text")}


def test_samples_stand_above_their_nearest_training_images(make_run: MakeRun, written: Written) -> None:
    generator = np.random.default_rng(0)
    result = ok(trial(model="ae"))
    folder = make_run([result])
    images = generator.integers(0, 255, size=(10, 6, 5, 1), dtype=np.uint8)
    prior, mixture = generator.integers(0, 255, size=(2, 2, 10, 6, 5, 1), dtype=np.uint8)
    arrays = {"originals": images, "reconstructions": images, "labels": np.arange(10)}
    arrays |= {"near_prior": prior, "near_mixture": mixture}
    folder.write(Outcome(result=result, images=arrays))
    found = gather(folder)
    picture = pictured.show(found, found.configurations[0]).nearest
    assert picture is not None
    for row, shown in enumerate((*prior, *mixture)):
        line = picture.pixels[7 * row : 7 * row + 6]
        np.testing.assert_array_equal(line[:, :5], shown[0, :, :, 0])
        np.testing.assert_array_equal(line[:, -5:], shown[9, :, :, 0])
    page = written(folder)
    assert page.count('data-kind="nearest"') == 1
    assert "Nearest training images" in page
    assert (folder.path / "figures" / f"nearest-{result.unit.key}.png").is_file()


def test_of_large_images_hundreds_are_shown_smaller_and_small_ones_as_they_are() -> None:
    generator = np.random.default_rng(0)
    for shape in ((28, 28, 1), (48, 40, 3)):
        images = generator.integers(0, 256, (5, 3, *shape), dtype=np.uint8)
        assert pictures.small(images) is images
    images = generator.integers(0, 256, (5, 3, 130, 64, 3), dtype=np.uint8)
    found = pictures.small(images)
    assert found.shape == (5, 3, 44, 22, 3)
    assert found[2, 1, 4, 5, 1] == round(images[2, 1, 12:15, 15:18, 1].mean())
    assert found[2, 1, -1, 0, 0] == round(images[2, 1, [129, 129, 129], :3, 0].mean())


def test_a_picture_is_in_the_page_as_it_is_unless_it_is_large() -> None:
    row, column = np.mgrid[0:512, 0:600]
    smooth = np.stack([row // 3, column // 3, (row + column) // 5], axis=-1).astype(np.uint8)
    for pixels, kind in ((smooth[:200, :200], "png"), (smooth[..., 0], "webp"), (smooth, "webp")):
        uri = pictures.Picture(id="rows-1", alt="", pixels=pixels).data_uri()
        head, _, content = uri.partition(",")
        assert head == f"data:image/{kind};base64"
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB"))
        given = pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1)
        assert np.abs(shown.astype(int) - given).mean() < (0.01 if kind == "png" else 2)
