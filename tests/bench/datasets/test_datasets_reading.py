"""How pixels are read: what the data say themselves, what is asked, and how the answer travels."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from bench import cli, datasets, errors
from bench.ask import axes, grid
from bench.datasets import reading

Arrays = dict[str, np.ndarray]
COLOUR = {"x_train", "x_test"}


@pytest.fixture
def save(tmp_path: Path, toys: Arrays):
    """Write the toys with other images to `toys.npz`, and return its path."""

    def write(change) -> str:
        np.savez(tmp_path / "toys.npz", **toys | {name: change(toys[name]) for name in COLOUR})
        return str(tmp_path / "toys.npz")

    return write


def three_channels(images: np.ndarray) -> np.ndarray:
    """Return images of shape (n, 3, height, width), as torch has them, no two channels alike."""
    return np.stack([images, images // 2, 255 - images], axis=1)


def test_channels_first_are_asked_about_and_then_the_same_images(
    save, toys, tmp_path, assert_problem
) -> None:
    first = save(three_channels)
    for function in (datasets.load, datasets.outlook):
        with pytest.raises(errors.DataError) as caught:
            function(first)
        assert_problem(caught.value, "x_train", "shape (100, 3, 8, 8)", "--channels first")
    read = datasets.load(f"{first}@channels=first")
    last = {name: np.moveaxis(three_channels(toys[name]), 1, -1) for name in COLOUR}
    np.savez(tmp_path / "last.npz", **toys | last)
    expected = datasets.load(str(tmp_path / "last.npz"))
    assert read.image_shape == (8, 8, 3)
    assert read.train.images.flags.c_contiguous
    np.testing.assert_array_equal(read.train.images, expected.train.images)
    assert datasets.load(f"{first}@channels=last").image_shape == (3, 8, 8)


@pytest.mark.parametrize(
    ("shape", "is_asked"),
    [
        ((8, 8, 3), False),
        ((8, 6, 4), False),
        ((8, 8, 12), False),
        ((3, 8, 8), True),
        ((8, 8, 8), True),
        ((6, 8, 12), True),
        ((3, 3, 9), True),
    ],
)
def test_only_an_axis_too_long_for_channels_is_asked_about(save, shape, is_asked) -> None:
    name = save(lambda images: np.resize(images, (len(images), *shape)))
    if is_asked:
        with pytest.raises(errors.DataError, match="--channels first or --channels last"):
            datasets.outlook(name)
    else:
        assert datasets.outlook(name).image_shape == shape


@pytest.mark.parametrize("white", [1, 2, 7, 10, 15, 16, 31, 63, 64, 100, 127])
def test_integers_of_another_scale_are_asked_about_and_then_read_in_it(save, white, assert_problem) -> None:
    name = save(lambda images: np.round(images / 255 * white).astype(np.uint8))
    for function in (datasets.load, datasets.outlook):
        with pytest.raises(errors.DataError) as caught:
            function(name)
        assert_problem(caught.value, f"uint8 from 0 to {white};", f"--range 0,{white} if", "--range 0,255 if")
    read = datasets.load(f"{name}@range=0..{white}").test.images
    assert (read.min(), read.max()) == (0, 1)
    assert datasets.load(f"{name}@range=0..255").test.images.max() == np.float32(white) / np.float32(255)


@pytest.mark.parametrize("white", [33, 60, 90, 113, 128, 200, 255])
def test_dark_photographs_are_read_as_they_are(save, white) -> None:
    name = save(lambda images: np.round(images / 255 * white).astype(np.uint8))
    read = datasets.load(name)
    assert read.test.images.max() == np.float32(white) / np.float32(255)
    assert read.notes == (f"uint8 from 0 to {white}, read as 0..255",)


def test_a_hair_outside_the_range_is_clipped_and_that_is_said(save) -> None:
    read = datasets.load(save(lambda images: (images / 255 * 1.0000002).astype(np.float32)))
    assert read.test.images.max() == 1
    assert read.notes == (
        "float32 from 0 to 1.00000024, read as 0..1; what rounding has left outside is clipped",
    )


@pytest.mark.parametrize(
    ("change", "phrases"),
    [
        (lambda x: (x / 255 * 1.00001).astype(np.float32), ("float32 from 0 to 1.00001", "numpy.clip")),
        (lambda x: x / 127.5 - 1, ("float64 from -1 to 1", "--range=-1,1", "@range=-1..1")),
        (lambda x: x.astype(np.uint16) * 257, ("uint16 from 0 to 65535", "--range=0,65535")),
        (lambda x: x / 255 / 255, ("nearly black", "--range 0,1 if they are as dark")),
        (lambda x: x * 0, ("from 0 to 0", "--range 0,255 if all is black indeed")),
        (lambda x: np.where(np.arange(len(x))[:, None, None] == 7, np.nan, x / 255), ("first in image 7 ",)),
    ],
)
def test_what_no_range_explains_is_refused_with_the_switch_that_fits(
    save, change, phrases, assert_problem
) -> None:
    name = save(change)
    for function in (datasets.load, datasets.outlook):
        with pytest.raises(errors.DataError) as caught:
            function(name)
        assert_problem(caught.value, "x_train", *phrases)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.astype(np.uint32) + (3000000001 - 255),
        lambda x: x.astype(np.int64) - 3000000001,
        lambda x: x.astype(np.uint64) * 2**56,
        lambda x: x - 1000000255.0,
        lambda x: (x + 1234567891.0).astype(np.float32),
        lambda x: x / 255 * 1e-5 - 1e-7,
        lambda x: x * 1e-300,
        lambda x: x * 1e37,
    ],
)
def test_the_range_that_a_message_names_is_taken(save, change) -> None:
    name = save(change)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(name)
    low, high = re.search(r"--range[ =](\S+),(\S+) ", str(caught.value)).groups()
    read = datasets.load(f"{name}@range={low}..{high}")
    assert 0 <= read.test.images.min() < read.test.images.max() <= 1


def test_a_stated_range_is_brought_to_0_and_1(save) -> None:
    read = datasets.load(save(lambda images: images / 127.5 - 1) + "@range=-1..1")
    np.testing.assert_allclose(
        read.test.images[..., 0] * 255, np.round(read.test.images[..., 0] * 255), atol=1e-4
    )
    assert (read.test.images.min(), read.test.images.max()) == (0, 1)
    with pytest.raises(
        errors.DataError, match=r"expected values in 0\.\.16, as --range says, received uint8"
    ):
        datasets.load(save(lambda images: images) + "@range=0..16")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: x.astype(np.uint32) + 2**31, "2147483648..2147483903"),
        (lambda x: x + 1e9, "1e9..1000000255"),
        (lambda x: x + np.longdouble(1e9), "1e9..1000000255"),
        (lambda x: x.astype(np.int64) - 2**40, "-1099511627776..-1099511627521"),
        (lambda x: x * 1e-300, "0..2.55e-298"),
        (lambda x: x * 1e37, "0..2.55e39"),
        (lambda x: (x / 127.5 - 1) * 8e307, "-8e307..8e307"),
        (lambda x: x.astype(np.uint64) * 2**55, f"0..{255 * 2**55}"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_levels_of_grey_stay_apart_however_far_from_0_they_are(save, toys, change, said) -> None:
    read = datasets.load(f"{save(change)}@range={said}").test.images[..., 0]
    np.testing.assert_allclose(read, toys["x_test"] / 255, atol=6e-8)
    assert (read.min(), read.max()) == (0, 1)


@pytest.mark.parametrize(
    ("change", "said", "phrases"),
    [
        (lambda x: x.astype(np.uint64) + 2**60, f"{2**60}..{2**60 + 255}", ("uint64", "subtract the value")),
        (lambda x: (x / 127.5 - 1) * 1e308, "-1e308..1e308", ("less than 1.8e308 apart",)),
        (lambda x: (x / 127.5 - 1) * 1e308, "-8e307..8e307", ("float64", "divide the images")),
        pytest.param(
            lambda x: x * np.longdouble("1e4000"),
            "0..255",
            ("to 2.55e+4002", "divide the images"),
            marks=pytest.mark.skipif(
                np.finfo(np.longdouble).maxexp <= 1024, reason="needs a long double longer than a double"
            ),
        ),
    ],
)
@pytest.mark.filterwarnings("error")
def test_values_that_no_float64_tells_apart_are_refused(save, change, said, phrases, assert_problem) -> None:
    with pytest.raises(errors.DataError) as caught:
        datasets.load(f"{save(change)}@range={said}")
    assert_problem(caught.value, *phrases)


def test_other_readings_of_one_file_are_other_data(save) -> None:
    name = save(lambda images: images)
    hashes = {datasets.load(name + how).sha256 for how in ("", "@range=0..255", "@range=0..256")}
    assert len(hashes) == 3
    for how in ("", "@range=0..256"):
        assert datasets.sha256(name + how) == datasets.load(name + how).sha256


@pytest.mark.parametrize(
    ("name", "path", "canonical"),
    [
        ("a@b/mine.npz", "a@b/mine.npz", ""),
        ("mine.npz@range=0..16@channels=first", "mine.npz", "@channels=first@range=0..16"),
        ("mine.npz@range=-1..1.50", "mine.npz", "@range=-1..1.5"),
        ("mine.npz@range=0..1e3", "mine.npz", "@range=0..1000"),
    ],
)
def test_what_is_said_of_pixels_has_one_way_to_be_written(name, path, canonical) -> None:
    found = reading.split(name)
    assert (found[0], str(found[1])) == (path, canonical)
    assert reading.split(f"{path}{canonical}") == found


@pytest.mark.parametrize(
    "said", ["@range=16..0", "@range=1..1", "@range=1..nan", "@channels=middle", "@range=0,16"]
)
def test_what_is_said_wrongly_is_refused(save, said, assert_problem) -> None:
    with pytest.raises(errors.DataError) as caught:
        datasets.check_name(save(lambda images: images) + said)
    assert_problem(caught.value)


def test_the_registry_and_folders_are_read_as_they_are(tmp_path, assert_problem) -> None:
    with pytest.raises(errors.DataError) as caught:
        datasets.check_name("digits@range=0..16")
    assert_problem(caught.value, "read as it was published")
    with pytest.raises(errors.DataError) as caught:
        datasets.load(f"{tmp_path}@channels=first")
    assert_problem(caught.value, "a folder, whose files say")


def test_a_grid_file_and_the_switches_say_the_same(save, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    save(lambda images: np.round(images / 255 * 16).astype(np.uint8))
    Path("mine.toml").write_text(
        '[[block]]\nmodel = "ae"\ndataset = "./toys.npz@range=0..16"\n', encoding="utf-8"
    )
    trial = grid.load("mine.toml").trials("torch")[0]
    assert trial.dataset == "toys.npz@range=0..16" == axes.COMMON["dataset"].check(trial.dataset)
    assert cli.main(["run", "--dry-run", "--grid", "mine.toml", "--backend", "torch"]) == 0
    ours = capsys.readouterr().out
    switches = ["--dataset", "toys.npz", "--range", "0,16"]
    assert cli.main(["run", "--dry-run", "--grid", "mine.toml", "--backend", "torch", *switches]) == 0
    theirs = capsys.readouterr().out
    assert theirs.splitlines()[0] == ours.splitlines()[0]
    assert [line.split()[0] for line in theirs.splitlines()] == [
        line.split()[0] for line in ours.splitlines()
    ]
    assert "uint8 from 0 to 16, read as 0..16" in ours
    assert trial.key in ours
    assert cli.main(["run", "--dry-run", "--range", "0,16"]) == 2
    assert "give --dataset" in capsys.readouterr().err


def test_a_run_says_once_what_it_took_the_images_for(save, tmp_path, bench) -> None:
    save(lambda images: np.round(images / 255 * 16).astype(np.uint8))
    (tmp_path / "one.toml").write_text('[defaults]\nepochs = 1\n[[block]]\nmodel = "ae"\n', encoding="utf-8")
    command = ["run", "--grid", "one.toml", "--dataset", "toys.npz", "--range", "0,16"]
    command += ["--workers", "1", "--measures", "basic", "--output", "out"]
    process = bench(*command, cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    said = (
        "data toys@range=0..16: 80 training, 20 validation and 30 test images; 8x8 (height x width), grey; "
    )
    said += "3 classes (0, 1, 2); uint8 from 0 to 16, read as 0..16; shown in out/data-toys@range=0..16.png"
    assert process.stderr.count(said) == process.stderr.count("uint8") == 1
    assert (tmp_path / "out" / "data-toys@range=0..16.png").read_bytes().startswith(b"\x89PNG")
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    about = run["datasets"]["toys.npz@range=0..16"]
    assert about["sha256"] == datasets.load(f"{tmp_path}/toys.npz@range=0..16").sha256
    assert about["checked"] == "no image twice, none nearly of one colour"
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert f"understood as: {about['understood']}; {about['checked']}" in page
    again = bench(*command, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    save(lambda images: np.round((255 - images) / 255 * 16).astype(np.uint8))
    changed = bench(*command, cwd=tmp_path)
    assert changed.returncode == 2
    assert "has changed since trials" in changed.stderr
