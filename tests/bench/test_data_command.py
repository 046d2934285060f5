"""`bench data`: what is said of a data set before a run, and when it ends with 0."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import rich.console

from bench import cli
from bench.datasets import census
from bench.datasets.dataset import Dataset, Split
from bench.machine import provenance
from bench.running import thumbnails


def images(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8), dtype=np.uint8)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a data set that has something odd of each kind."""
    monkeypatch.chdir(tmp_path)
    x, y = images(60), np.arange(60) % 2
    x[1] = x[3]  # the same label
    x[4], x[5] = 40, 41  # nearly of one colour
    test, labels = images(20, 1), np.arange(20) % 2
    test[0], test[1] = x[10], x[11]
    labels[1] = 0  # 11 is of class 1
    np.savez(
        "toys.npz", x_train=x[:40], y_train=y[:40], x_val=x[40:], y_val=y[40:], x_test=test, y_test=labels
    )
    return tmp_path


def test_all_that_is_known_is_said_and_the_picture_is_written(place: Path, capsys) -> None:
    assert cli.main(["data", "toys.npz"]) == 0
    told = capsys.readouterr().out
    for line in (
        "found         'x_val': uint8 of shape (20, 8, 8)",
        "parts         40 training, 20 validation and 20 test images",
        "images        8x8 (height x width), grey",
        "classes       2 classes (0, 1)",
        "read          uint8 from 0 to 255, read as 0..255; validation images as they are given",
        "training      20 images a class",
        "test          9 to 11 images a class",
        "looked at     1 image of training repeated in it; 2 images of test also in training; 2 images with "
        "another label elsewhere; 2 images of training nearly of one colour",
        "9 trials and 7 baselines on ",
        "pictures      data-toys.png",
    ):
        assert line in told, told
    assert "MiB of images as float32" in told
    assert "\x1b" not in told  # no terminal
    with PIL.Image.open("data-toys.png") as sheet:
        assert sheet.format == "PNG"
    assert not (place / "reports").exists()


def test_it_ends_with_2_where_a_run_would_and_says_what_was_found(place: Path, capsys) -> None:
    np.savez("odd.npz", x_train=images(4), x_test=images(10, 1))
    assert cli.main(["data", "odd.npz"]) == 2
    told = capsys.readouterr()
    assert "found         'x_train': uint8 of shape (4, 8, 8)" in told.out
    assert "expected at least 5 training images" in told.err
    assert cli.main(["run", "--dry-run", "--dataset", "odd.npz"]) == 2
    assert told.err == capsys.readouterr().err
    assert not list(place.glob("*.png"))


def test_switches_say_how_it_is_read(place: Path, capsys) -> None:
    np.savez("rows.npz", data=images(40).reshape(40, 64) // 16, kind=np.arange(40) % 2)
    asked = [
        "data",
        "rows.npz",
        "--labels",
        "kind",
        "--range",
        "0,16",
        "--shape",
        "8x8",
        "--resize",
        "12",
        "--crop",
    ]
    assert cli.main(asked) == 0
    told = capsys.readouterr().out
    assert (
        "read as 0..16; cut to their middle and resized to 12x12 (height x width) by Pillow's bicubic filter"
        in told
    )
    assert "12x12 (height x width), grey" in told
    assert cli.main(["data", "rows.npz", "--resize", "big"]) == 2
    assert "--resize: expected SIDE or HEIGHTxWIDTH" in capsys.readouterr().err


def test_a_set_of_the_registry_and_no_set_at_all(place: Path, capsys) -> None:
    assert cli.main(["data", "digits"]) == 0
    assert "1,077 training, 360 validation and 360 test images" in capsys.readouterr().out
    assert cli.main(["data", "nowhere.npz"]) == 2
    assert "a .npz file that does not exist" in capsys.readouterr().err


def test_a_picture_of_somebody_elses_is_left_alone(place: Path, capsys) -> None:
    Path("data-toys.png").write_bytes(b"mine")
    for _ in range(2):
        assert cli.main(["data", "toys.npz"]) == 0
        assert "pictures      data-toys-2.png" in capsys.readouterr().out
    assert Path("data-toys.png").read_bytes() == b"mine"
    assert cli.main(["data", "toys.npz", "--picture", "there/is.png"]) == 0
    assert Path("there/is.png").is_file()
    Path("full").mkdir()
    assert cli.main(["data", "toys.npz", "--picture", "full"]) == 2
    assert "--picture: expected a file that can be written" in capsys.readouterr().err


def dataset(shape: tuple[int, int, int] = (8, 8, 1)) -> Dataset:
    """Black images of one class, white ones of the other."""
    labels = np.arange(40) % 2
    part = Split(
        images=np.ones((40, *shape), np.float32) * labels.reshape(-1, 1, 1, 1).astype(np.float32),
        labels=labels,
    )
    names = ("black", "\x1b[31mwhite")
    return Dataset(name="toys", train=part, validation=part, test=part, class_names=names, sha256="0" * 64)


def test_what_is_counted_goes_into_the_record() -> None:
    about = provenance.data("toys.npz", dataset())
    assert about["checked"] == str(census.taken(dataset()))
    assert "38 images of training repeated in it" in about["checked"]
    assert "40 images of test also in training" in about["checked"]
    assert "nearly of one colour" in about["checked"]


@pytest.mark.parametrize("shape", [(8, 8, 1), (40, 20, 3), (8, 8, 5)])
def test_a_terminal_gets_pictures_of_each_class_and_no_letters_that_act(shape) -> None:
    written = io.StringIO()
    console = rich.console.Console(file=written, force_terminal=True, color_system="truecolor", width=80)
    for line in thumbnails.lines(dataset(shape), console.width):
        console.print(line, no_wrap=True, crop=True)
    rows = written.getvalue().splitlines()
    assert len(rows) == thumbnails.SIDE + 1  # two classes, and a line between them
    assert rows[0].startswith("black ")
    assert "38;2;0;0;0;48;2;0;0;0m▀" in rows[4]
    assert "38;2;255;255;255;48;2;255;255;255m▀" in rows[-4]
    assert "\x1b[31m" not in written.getvalue()


@pytest.mark.parametrize(
    ("settings", "can"),
    [
        ({"force_terminal": True, "color_system": "truecolor"}, True),
        ({"force_terminal": True, "color_system": "256"}, True),
        ({"force_terminal": True, "color_system": "standard"}, False),
        ({"force_terminal": True, "color_system": None}, False),
        ({"force_terminal": False, "color_system": "truecolor"}, False),
    ],
)
def test_only_terminals_that_can_are_shown_pictures(settings, can: bool) -> None:
    assert thumbnails.can_show(rich.console.Console(file=io.StringIO(), **settings)) is can
