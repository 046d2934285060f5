"""Folders of pictures as people have them: layouts, formats, colours, depths and sizes, and what is asked."""

import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from bench import datasets, errors
from bench.datasets import resizing
from bench.datasets.reading import Reading
from bench.datasets.sources import pictures

Arrays = dict[str, np.ndarray]
NAMES = ("apple", "bear", "cherry")


@pytest.fixture
def folder(tmp_path: Path, toys: Arrays) -> Path:
    """Real digits as PNG files in train/<class>/ and test/<class>/."""
    root = tmp_path / "toys"
    for part in ("train", "test"):
        for position, (image, label) in enumerate(zip(toys[f"x_{part}"], toys[f"y_{part}"], strict=True)):
            file = root / part / NAMES[label] / f"{position:03}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            PIL.Image.fromarray(image).save(file)
    return root


def agree(name: str) -> datasets.Dataset:
    """Load a folder; what was said of it before, and its fingerprint, are those of the loaded one."""
    read = datasets.load(name)
    told = datasets.outlook.__wrapped__(name)
    found = datasets.outline(read)
    assert (told.images, told.image_shape, told.class_names) == (
        found.images,
        read.image_shape,
        found.class_names,
    )
    assert datasets.sha256(name) == read.sha256
    return read


def sizes(read: datasets.Dataset) -> list[int]:
    return [len(part.images) for part in (read.train, read.validation, read.test)]


@pytest.mark.parametrize(("train", "test"), [("Train", "TESTING"), ("training", "Test")])
def test_parts_may_be_called_as_people_call_them(folder: Path, train: str, test: str) -> None:
    expected = datasets.load(str(folder))
    (folder / "train").rename(folder / train)
    (folder / "test").rename(folder / test)
    read = agree(str(folder))
    assert read.sha256 == expected.sha256
    np.testing.assert_array_equal(read.train.images, expected.train.images)


@pytest.mark.parametrize("name", ["val", "valid", "Validation"])
def test_a_validation_folder_is_taken(folder: Path, name: str) -> None:
    shutil.copytree(folder / "test", folder / name)
    read = agree(str(folder))
    assert sizes(read) == [100, 30, 30]
    np.testing.assert_array_equal(read.validation.images, read.test.images)


def test_classes_alone_are_split_and_that_is_said(folder: Path) -> None:
    read = agree(str(folder / "train"))
    assert sizes(read) == [60, 20, 20]
    assert read.class_names == NAMES
    assert any("no test part: a stratified fifth" in note for note in read.notes)
    shutil.rmtree(folder / "test")
    np.testing.assert_array_equal(agree(str(folder)).test.images, read.test.images)


def test_parts_inside_classes_are_the_same_images(folder: Path) -> None:
    expected = datasets.load(str(folder))
    other = folder.with_name("other")
    for part in ("train", "test"):
        for name in NAMES:
            shutil.copytree(folder / part / name, other / name / part)
    assert agree(str(other)).sha256 == expected.sha256
    shutil.rmtree(other / "bear" / "test")
    with pytest.raises(
        errors.DataError, match=r"bear': expected the parts that other classes have: test, train"
    ):
        datasets.load(str(other))


def test_images_without_classes_are_found_in_parts_or_flat(folder: Path) -> None:
    flat = folder.with_name("flat")
    shutil.copytree(folder / "train" / "bear", flat)
    parts = folder.with_name("parts")
    shutil.copytree(folder / "train" / "bear", parts / "train")
    shutil.copytree(folder / "test" / "bear", parts / "test")
    for place in (flat, parts):
        read = agree(str(place))
        assert read.class_names == ()
        assert read.train.labels is read.test.labels is None
        assert "no labels: accuracies and clusters are empty" in str(datasets.outlook(str(place)))
    assert "is for validation, drawn with the seed 0" in str(read.notes)


def test_a_test_part_may_have_classes_that_training_lacks(folder: Path) -> None:
    shutil.rmtree(folder / "train" / "apple")
    read = agree(str(folder))
    assert read.class_names == ("bear", "cherry", "apple")
    assert read.novel == 1
    assert set(read.train.labels) == set(read.validation.labels) == {0, 1}
    assert set(read.test.labels) == {0, 1, 2}
    shutil.rmtree(folder / "train" / "cherry")
    assert agree(str(folder)).novel == 2  # of one class that training has


def test_folders_beside_the_parts_are_left_aside_and_that_is_said(folder: Path) -> None:
    (folder / "extra" / "apple").mkdir(parents=True)
    read = agree(str(folder))
    assert "left aside: 'extra'" in read.notes
    assert "left aside: 'extra'" in datasets.outlook(str(folder)).notes


def test_what_file_managers_leave_is_passed_over(folder: Path) -> None:
    expected = datasets.load(str(folder)).sha256
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "._001.png", "Icon\r"):
        (folder / "train" / "apple" / name).write_bytes(b"x")
    (folder / "__MACOSX" / "train").mkdir(parents=True)
    (folder / "test" / "bear" / "@eaDir").mkdir()
    assert agree(str(folder)).sha256 == expected


def wrapped(root: Path) -> None:
    root.rename(root.parent / "in")
    root.mkdir()
    (root.parent / "in").rename(root / "in")


LAYOUTS = {
    "images beside classes": (
        lambda root: shutil.copy(root / "train/bear/001.png", root / "train"),
        "images beside the folders 'apple', 'bear', 'cherry' in 'train'",
    ),
    "a part beside classes": (
        lambda root: (root / "train").rename(root / "cats"),
        "'test' beside folders of",
    ),
    "one folder in a folder": (
        wrapped,
        "a folder 'in' alone, with the parts in it; name the folder inside, ",
    ),
    "validation of other classes": (
        lambda root: shutil.copytree(root / "test" / "bear", root / "val" / "bear"),
        "the classes of train/ in val",
    ),
    "classes in one part": (
        lambda root: [shutil.rmtree(root / "test"), shutil.copytree(root / "train" / "bear", root / "test")],
        "received images without classes",
    ),
}


@pytest.mark.parametrize(("spoil", "told"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_layout_of_two_meanings_is_one_line(folder: Path, assert_problem, spoil, told: str) -> None:
    spoil(folder)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "toys", told)


@pytest.mark.parametrize("suffix", [".WEBP", ".tif", ".TIFF", ".gif", ".pgm", ".jfif"])
def test_formats_of_pictures_are_taken_in_any_letters(folder: Path, suffix: str) -> None:
    expected = datasets.load(str(folder))
    for file in sorted(folder.rglob("*.png")):
        how = {".WEBP": {"lossless": True}, ".jfif": {"format": "JPEG", "quality": 100}}.get(suffix, {})
        PIL.Image.open(file).save(file.with_suffix(suffix), **how)
        file.unlink()
    read = agree(str(folder))
    shown = read.test.images.mean(axis=-1)
    np.testing.assert_allclose(shown, expected.test.images[..., 0], atol=0.05 if suffix == ".jfif" else 1e-6)


def rewritten(root: Path, change) -> str:
    for file in sorted(root.rglob("*.png")):
        change(PIL.Image.open(file)).save(file)
    return str(root)


def test_an_alpha_channel_that_hides_nothing_is_left_out_and_that_is_said(folder: Path) -> None:
    expected = datasets.load(str(folder))
    for mode, channels in (("LA", 1), ("RGBA", 3)):
        read = agree(rewritten(folder, lambda image, mode=mode: image.convert(mode)))
        assert read.image_shape == (8, 8, channels)
        np.testing.assert_array_equal(read.test.images[..., :1], expected.test.images)
        assert "an alpha channel without transparency left out of 130 pictures" in read.notes


@pytest.mark.parametrize(("ground", "value"), [("white", 1), ("black", 0)])
def test_transparent_pictures_are_laid_on_the_colour_that_is_said(
    folder: Path, ground: str, value: int
) -> None:
    def half(image: PIL.Image.Image) -> PIL.Image.Image:
        alpha = np.full((8, 8), 255, np.uint8)
        alpha[:, :4] = 0
        return PIL.Image.merge("LA", (image, PIL.Image.fromarray(alpha)))

    expected = datasets.load(str(folder)).test.images
    name = rewritten(folder, half)
    with pytest.raises(errors.DataError, match=r"'LA' with transparent pixels; say .* --background white"):
        datasets.load(name)
    read = agree(f"{name}@background={ground}")
    assert (read.test.images[:, :, :4] == value).all()
    np.testing.assert_array_equal(read.test.images[:, :, 4:], expected[:, :, 4:])
    assert f"130 pictures laid on {ground}" in read.notes


def test_grey_of_16_bits_is_read_in_the_range_that_is_said(folder: Path, assert_problem) -> None:
    expected = datasets.load(str(folder)).test.images
    name = rewritten(folder, lambda image: PIL.Image.fromarray(np.asarray(image).astype(np.uint16) * 16))
    for function in (datasets.load, datasets.outlook):
        with pytest.raises(errors.DataError) as caught:
            function(name)
        assert_problem(caught.value, "which value of 16 bits is white", "--range 0,65535", "--range 0,4095")
    read = agree(f"{name}@range=0..4080")
    np.testing.assert_allclose(read.test.images, expected, atol=1e-6)
    PIL.Image.fromarray(np.zeros((8, 8), np.uint8)).save(folder / "test" / "bear" / "odd.png")
    with pytest.raises(errors.DataError, match=r"grey of 16 bits like .*; save all images with 8 bits"):
        datasets.load(f"{name}@range=0..4080")


def deep_colour(place: Path) -> Path:
    """A PNG file of one pixel with 16 bits a colour, which Pillow reads and does not write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" + struct.pack(">3H", 0x1234, 0x5678, 0x9ABC)))
    (place / "deep.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b""))
    return place / "deep.png"


def test_inks_and_lost_bits_are_said(tmp_path: Path) -> None:
    deep = pictures.read(deep_colour(tmp_path))
    assert (deep.pixels.tolist(), deep.done) == ([[[0x12, 0x56, 0x9A]]], ("halved",))
    values = np.random.default_rng(0).integers(0, 256, (8, 8, 4), dtype=np.uint8)
    for compression in ("raw", "tiff_lzw", "packbits"):
        PIL.Image.fromarray(values[:, :1, :3].repeat(16, axis=1)).save(
            tmp_path / "16.tif", compression=compression
        )
        assert pictures.read(tmp_path / "16.tif").done == ()
    PIL.Image.fromarray(values, "CMYK").save(tmp_path / "inks.tif")
    assert pictures.read(tmp_path / "inks.tif").done == ("inks",)
    assert pictures.told({"inks": 2}) == [
        "2 pictures of CMYK brought to RGB by Pillow, without a colour profile"
    ]


def test_mixed_colours_are_asked_about_and_then_brought_to_one(folder: Path, assert_problem) -> None:
    file = folder / "test" / "bear" / "odd.png"
    PIL.Image.new("RGB", (8, 8), (200, 10, 10)).save(file)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "odd.png", "--colours grey or --colours rgb")
    grey = agree(f"{folder}@colours=grey")
    assert grey.image_shape == (8, 8, 1)
    assert "1 picture brought from colour to grey (ITU-R 601 luma)" in grey.notes
    assert agree(f"{folder}@colours=rgb").image_shape == (8, 8, 3)


def test_mixed_sizes_are_asked_about_and_then_resized_as_pillow_does(folder: Path, assert_problem) -> None:
    file = folder / "test" / "apple" / "000.png"
    first = sorted((folder / "test" / "apple").iterdir())[0]
    wide = PIL.Image.fromarray(np.random.default_rng(1).integers(0, 256, (20, 40), dtype=np.uint8))
    wide.save(first)
    with pytest.raises(errors.DataError) as caught:
        datasets.load(str(folder))
    assert_problem(caught.value, "20x40 (height x width) grey", "--resize 64", "--crop if")
    squeezed = agree(f"{folder}@resize=12")
    assert squeezed.image_shape == (12, 12, 1)
    expected = np.asarray(wide.resize((12, 12), PIL.Image.Resampling.BICUBIC))
    np.testing.assert_array_equal(np.round(squeezed.test.images[0, ..., 0] * 255), expected)
    cut = agree(f"{folder}@resize=12@crop=middle")
    expected = np.asarray(wide.resize((12, 12), PIL.Image.Resampling.BICUBIC, box=(10, 0, 30, 20)))
    np.testing.assert_array_equal(np.round(cut.test.images[0, ..., 0] * 255), expected)
    assert any(
        note == "cut to their middle and resized to 12x12 (height x width) by Pillow's bicubic filter"
        for note in cut.notes
    )
    assert agree(f"{folder}@resize=10x14").image_shape == (10, 14, 1)
    assert file.parent == first.parent


@pytest.mark.parametrize("kind", [np.uint8, np.float32, bool])
def test_arrays_are_resized_by_the_same_filter(tmp_path: Path, toys: Arrays, kind) -> None:
    change = (lambda x: x) if kind is np.uint8 else (lambda x: (x / 255).astype(np.float32).astype(kind))
    np.savez(tmp_path / "toys.npz", **toys | {name: change(toys[name]) for name in ("x_train", "x_test")})
    name = f"{tmp_path}/toys.npz@resize=12"
    read = datasets.load(name)
    assert read.image_shape == datasets.outlook(name).image_shape == (12, 12, 1)
    assert datasets.sha256(name) == read.sha256
    assert (read.test.images.min(), read.test.images.max()) == (0, 1)
    if kind is np.uint8:
        one = PIL.Image.fromarray(toys["x_test"][0]).resize((12, 12), PIL.Image.Resampling.BICUBIC)
        np.testing.assert_array_equal(np.round(read.test.images[0, ..., 0] * 255), np.asarray(one))


@pytest.mark.parametrize(
    ("height", "width", "size", "expected"),
    [
        (20, 40, (8, 8), (10, 0, 30, 20)),
        (40, 20, (8, 8), (0, 10, 20, 30)),
        (20, 40, (8, 16), (0, 0, 40, 20)),
        (20, 20, (10, 20), (0, 5, 20, 15)),
    ],
)
def test_the_middle_in_the_proportions_that_are_asked_for_is_kept(height, width, size, expected) -> None:
    assert resizing.box(height, width, Reading(resize=size, crop="middle")) == expected


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("@crop=middle", "give --resize SIDE with --crop"),
        ("@resize=0", "behind the path"),
        ("@resize=64x", "behind the path"),
        ("@colours=blue", "behind the path"),
        ("@shape=8x8", "leave out --shape"),
        ("@labels=a", "leave out --labels"),
    ],
)
def test_what_does_not_fit_a_folder_is_refused(folder: Path, assert_problem, said: str, told: str) -> None:
    with pytest.raises(errors.DataError) as caught:
        datasets.load(f"{folder}{said}")
    assert_problem(caught.value, told)
