"""A user's folder of images: its layout, what is read, and what is refused."""

import shutil
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from bench import datasets, errors

NAMES = ("apple", "bear", "cherry")


@pytest.fixture
def folder(tmp_path: Path, toys: dict[str, np.ndarray]) -> Path:
    """Real digits as PNG files, classes named in the order of their digits."""
    root = tmp_path / "toys"
    for part in ("train", "test"):
        for position, (image, label) in enumerate(zip(toys[f"x_{part}"], toys[f"y_{part}"], strict=True)):
            file = root / part / NAMES[label] / f"{position:03}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            PIL.Image.fromarray(image).save(file)
    return root


def rewrite(root: Path, mode: str, suffix: str = ".png") -> None:
    """Save every image below `root` in another of Pillow's modes, and another format."""
    for file in sorted(root.rglob("*.png")):
        PIL.Image.open(file).convert(mode).save(file.with_suffix(suffix))
        if suffix != ".png":
            file.unlink()


def test_classes_are_folders_in_alphabetical_order(folder: Path, toys: dict[str, np.ndarray]) -> None:
    dataset = datasets.load(str(folder))
    assert dataset.name == "toys"
    assert dataset.class_names == NAMES
    np.testing.assert_array_equal(np.bincount(dataset.test.labels), np.bincount(toys["y_test"]))


def test_pixels_are_those_of_the_files(folder: Path, toys: dict[str, np.ndarray]) -> None:
    dataset = datasets.load(str(folder))
    order = np.argsort(toys["y_test"], kind="stable")
    np.testing.assert_array_equal(dataset.test.labels, toys["y_test"][order])
    np.testing.assert_allclose(dataset.test.images[..., 0], toys["x_test"][order] / 255, atol=1e-6)


def test_a_stratified_fifth_of_train_is_for_validation(folder: Path, toys: dict[str, np.ndarray]) -> None:
    dataset = datasets.load(str(folder))
    assert (len(dataset.train.images), len(dataset.validation.images)) == (80, 20)
    np.testing.assert_allclose(
        np.bincount(dataset.validation.labels), np.bincount(toys["y_train"]) / 5, atol=1
    )


def test_hidden_files_and_folders_are_passed_over(folder: Path) -> None:
    (folder / "train" / "apple" / ".DS_Store").touch()
    (folder / "train" / ".ipynb_checkpoints").mkdir()
    (folder / "README.txt").touch()
    assert datasets.load(str(folder)).class_names == NAMES


@pytest.mark.parametrize(("mode", "channels"), [("1", 1), ("L", 1), ("RGB", 3), ("P", 1)])
def test_grey_has_one_channel_and_colour_three(folder: Path, mode: str, channels: int) -> None:
    rewrite(folder, mode)
    assert datasets.load(str(folder)).image_shape == (8, 8, channels)


def test_pixels_of_a_grey_palette_are_those_of_grey_files(folder: Path) -> None:
    grey = datasets.load(str(folder))
    rewrite(folder, "P")
    assert {file.read_bytes()[25] for file in folder.rglob("*.png")} == {3}  # the header's word for a palette
    indexed = datasets.load(str(folder))
    np.testing.assert_array_equal(indexed.test.images, grey.test.images)
    assert indexed.sha256 == grey.sha256 == datasets.sha256(str(folder))


@pytest.mark.parametrize("place", [0, -1])
def test_a_palette_that_is_grey_by_chance_stands_among_colours(folder: Path, place: int) -> None:
    rewrite(folder, "P")
    files = sorted((folder / "train" / "apple").iterdir())
    odd = PIL.Image.new("P", (8, 8))
    odd.putpalette([200, 10, 10, 0, 0, 0])
    odd.save(files[place])
    dataset = datasets.load(str(folder))
    assert dataset.image_shape == (8, 8, 3)
    assert dataset.sha256 == datasets.sha256(str(folder))
    reds = [image for image in dataset.train.images if image[0, 0, 0] > image[0, 0, 1]]
    assert len(reds) <= 1  # it may be one of those for validation


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".bmp", ".JPG"])
def test_jpeg_and_bmp_files_are_read(folder: Path, suffix: str) -> None:
    rewrite(folder, "RGB", suffix)
    dataset = datasets.load(str(folder))
    assert dataset.image_shape == (8, 8, 3)
    assert len(dataset.test.images) == 30


def other_size(root: Path) -> None:
    PIL.Image.new("L", (9, 8)).save(root / "test" / "bear" / "odd.png")


def other_colours(root: Path) -> None:
    PIL.Image.new("RGB", (8, 8)).save(root / "train" / "bear" / "odd.png")


def transparent(root: Path) -> None:
    PIL.Image.new("RGBA", (8, 8)).save(root / "train" / "bear" / "odd.png")


def sixteen_bits(root: Path) -> None:
    PIL.Image.new("I;16", (8, 8)).save(root / "train" / "bear" / "odd.png")


def no_image(root: Path) -> None:
    (root / "train" / "bear" / "odd.png").write_text("not an image")


def cut_short(root: Path) -> None:
    image = next((root / "train" / "bear").iterdir())
    (root / "train" / "bear" / "odd.png").write_bytes(image.read_bytes()[:60])


def other_format(root: Path) -> None:
    (root / "train" / "bear" / "odd.heic").touch()


def nested(root: Path) -> None:
    (root / "train" / "bear" / "odd").mkdir()


def empty_class(root: Path) -> None:
    for part in ("train", "test"):
        (root / part / "odd").mkdir()


def empty_test(root: Path) -> None:
    shutil.rmtree(root / "test")
    (root / "test").mkdir()


def no_train(root: Path) -> None:
    shutil.rmtree(root / "train")


def no_classes(root: Path) -> None:
    shutil.rmtree(root)
    root.mkdir()


def class_only_in_train(root: Path) -> None:
    shutil.rmtree(root / "test" / "bear")


def two_of_a_part(root: Path) -> None:
    shutil.copytree(root / "test", root / "Testing")


def class_in_a_circle(root: Path) -> None:
    (root / "train" / "odd").symlink_to("odd")


def image_in_a_circle(root: Path) -> None:
    (root / "test" / "bear" / "odd.png").symlink_to("odd.png")


def too_few(root: Path) -> None:
    for file in sorted((root / "train" / "bear").iterdir())[4:]:
        file.unlink()


@pytest.mark.parametrize(
    ("spoil", "phrases"),
    [
        (other_size, ("odd.png", "8x9 (height x width) grey", "8x8")),
        (other_colours, ("odd.png", "8x8 (height x width) colour", "grey")),
        (transparent, ("odd.png", "'RGBA' with transparent pixels", "--background white")),
        (sixteen_bits, ("odd.png", "which value of 16 bits is white", "--range 0,65535")),
        (no_image, ("odd.png", "12 bytes that are none of PNG", "replace the file")),
        (cut_short, ("odd.png", "replace the file")),
        (other_format, ("bear", "'odd.heic'", ".png, .jpg, .jpeg, .bmp", "convert these")),
        (nested, ("bear", "'odd'")),
        (empty_class, ("odd", "no file")),
        (empty_test, ("no class folder in test/", "train/<class>/")),
        (no_train, ("no folder for training beside 'test'",)),
        (no_classes, ("no class folder in train/",)),
        (class_only_in_train, ("'apple', 'bear', 'cherry'", "received 'apple', 'cherry'")),
        (two_of_a_part, ("one folder for test", "'Testing', 'test'", "rename or move")),
        (class_in_a_circle, ("train/odd'", "; remove this link, which leads back to itself")),
        (image_in_a_circle, ("test/bear/odd.png'", "; remove this link, which leads back to itself")),
        (too_few, ("at least 5", "4 of class 'bear'")),
    ],
)
def test_a_bad_folder_ends_in_one_line(folder: Path, assert_problem, spoil, phrases: tuple[str, ...]) -> None:
    spoil(folder)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "toys", *phrases)
