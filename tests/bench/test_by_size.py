"""Networks where nobody has named an architecture: by the size of the images, and never in silence."""

import pathlib

import numpy as np
import pytest

from bench import cli
from bench.ask import estimate, grid
from bench.running import plan


def planned(*arguments: str) -> plan.Plan:
    return plan.make(cli.parser().parse_args(["run", "--workers", "1", *arguments]))


def architectures(one: plan.Plan, dataset: str = "") -> set[str]:
    return {trial.architecture for trial in one.trials if trial.dataset == dataset or not dataset}


@pytest.fixture
def colour(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of 60 images of 32x32 pixels in colour."""
    monkeypatch.chdir(tmp_path)
    images = np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(60) % 2
    np.savez("colour.npz", x_train=images[:40], y_train=labels[:40], x_test=images[40:], y_test=labels[40:])
    return "colour.npz"


def test_without_a_grid_large_images_get_networks_of_their_size_and_that_is_said(colour, capsys) -> None:
    found = planned("--dataset", colour)
    assert architectures(found) == {"resnet"}
    assert len(found.trials) == 5  # of quick's nine, four differ in the architecture alone
    assert found.changed
    (line,) = found.sized
    assert line.startswith("images of colour, 32x32, colour: nobody has named an architecture")
    assert cli.main(["run", "--dataset", colour, "--dry-run"]) == 0
    assert line in capsys.readouterr().out.splitlines()
    assert cli.main(["data", colour]) == 0
    assert f"networks      {line}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--grid", "quick"], {"dense", "conv"}),
        (["--set", "architecture=dense"], {"dense"}),
        (["--only", "architecture=conv"], {"conv"}),
        (["--set", "widths=64"], {"dense", "conv"}),
    ],
)
def test_what_somebody_has_named_is_kept_and_the_other_is_told(arguments, expected, colour) -> None:
    found = planned("--dataset", colour, *arguments)
    assert architectures(found) == expected
    (line,) = found.sized
    assert f"networks are {', '.join(sorted(expected))}; another one is resnet" in line


@pytest.mark.parametrize("name", ["digits", "fashion_mnist", "mnist"])
def test_small_grey_images_get_what_the_grid_names_and_nothing_is_said(name) -> None:
    found = planned("--dataset", name)
    assert found.trials == tuple(grid.replace(grid.load("quick"), {"dataset": [name]}).trials("torch"))
    assert not found.sized


def test_a_grid_that_names_none_has_one_for_each_data_set(colour) -> None:
    pathlib.Path("mine.toml").write_text(
        '[[block]]\nmodel = ["ae", "vae"]\ndataset = ["digits", "colour.npz"]\n'
        '[[block]]\nmodel = "ae"\ndataset = "colour.npz"\nwidths = "64"\n'
    )
    found = planned("--grid", "mine.toml")
    assert architectures(found, "digits") == {"dense"}
    assert architectures(found, "colour.npz") == {"resnet", "dense"}
    assert len(found.trials) == 5
    assert "nobody has named" in found.sized[0]


def test_the_estimate_goes_by_the_pixels_of_an_image_and_not_by_its_colours_twice(colour) -> None:
    """The inner layers of a convolution see pixels, of which an image in colour has no more."""
    images = np.zeros((60, 32, 32, 1), np.uint8)
    images[:, ::2] = 255
    np.savez("grey.npz", x_train=images[:40], x_test=images[40:])
    times = {
        (name, kind): estimate.timing(
            planned("--dataset", name, "--set", f"architecture={kind}", "--only", "model=ae").trials[0]
        )
        for name in ("colour.npz", "grey.npz")
        for kind in ("dense", "resnet")
    }
    assert 1 < times["colour.npz", "resnet"] / times["grey.npz", "resnet"] < 1.3
    assert 2 < times["colour.npz", "dense"] / times["grey.npz", "dense"] < 3
